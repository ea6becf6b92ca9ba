"""Pages of a workspace's seal: the certificates, a new one, the customer's own, revoking."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldseal.kit.errors import NotFound
from goldseal.kit.forming import submitted
from goldseal.kit.visits import visit
from goldseal.reports import selectors, services
from goldseal.reports.engine.seal import MOST_PKCS12_BYTES
from goldseal.reports.forms import ImportSealForm, RevokeSealForm
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of


@require_GET
def seal_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The certificates by which the workspace seals and sealed."""
    actor, _now = visit(request)
    authorize(actor, "reports.manage_seal")
    return _page(request, ImportSealForm())


@require_POST
def rotate(request: HttpRequest, slug: str) -> HttpResponse:
    """A new key and certificate, made here."""
    actor, now = visit(request)
    services.rotate_seal(actor=actor, now=now)
    messages.success(
        request, _("The next report is sealed with a new key. What was sealed before stays valid.")
    )
    return _back(request)


@require_POST
def import_own(request: HttpRequest, slug: str) -> HttpResponse:
    """The customer's own certificate."""
    actor, now = visit(request)
    authorize(actor, "reports.manage_seal")
    form = ImportSealForm(request.POST, request.FILES)
    done = submitted(
        form,
        lambda values: services.import_seal(
            content=values["file"].read(MOST_PKCS12_BYTES + 1),
            password=values["password"],
            actor=actor,
            now=now,
        ),
    )
    if done is None:
        return _page(request, form)
    messages.success(request, _("The next report is sealed with this certificate."))
    return _back(request)


@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, slug: str, seal_pk: Any) -> HttpResponse:
    """Declare a certificate no longer to be trusted, with the reason."""
    actor, now = visit(request)
    authorize(actor, "reports.manage_seal")
    seal = selectors.seals().filter(pk=seal_pk).first()
    if seal is None:
        raise NotFound
    form = RevokeSealForm(request.POST or None)
    if request.method == "POST":
        done = submitted(
            form,
            lambda values: services.revoke_seal(
                seal_id=seal.pk, reason=values["reason"], actor=actor, now=now
            ),
        )
        if done is not None:
            messages.success(request, _("The certificate is revoked; whoever verifies reads it."))
            return _back(request)
    return render(
        request,
        "kit/form_page.html",
        {
            "form": form,
            "heading": _("Revoke the certificate of %(holder)s") % {"holder": seal.holder},
            "lead": _("This cannot be taken back. Reports on record that it sealed before stay valid."),
            "submit_label": _("Revoke the certificate"),
            "back_url": f"{workspace_of(request).get_absolute_url()}reports/seal/",
            "back_label": _("Seal"),
        },
        status=422 if form.errors else 200,
    )


def _page(request: HttpRequest, form: ImportSealForm) -> HttpResponse:
    context = {"seals": list(selectors.seals()), "form": form}
    return render(request, "reports/seal.html", context, status=422 if form.errors else 200)


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(f"{workspace_of(request).get_absolute_url()}reports/seal/")
