"""Pages that change a buyer's rules: the form, and before saving what the change would alter."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goldseal.catalog import selectors, services
from goldseal.catalog.choices import Method
from goldseal.catalog.forms import RulesForm
from goldseal.catalog.models import Buyer
from goldseal.catalog.usage import rules_in_use
from goldseal.catalog.views import parts
from goldseal.kit.forming import submitted
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize

BUTTONS = frozenset({"csrfmiddlewaretoken", "confirmed", "back"})


@require_http_methods(["GET", "POST"])
def buyer_rules(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Change a buyer's rules: first what the change would alter, then, confirmed, the change."""
    actor, now = visit(request)
    authorize(actor, parts.EDIT)
    buyer = selectors.found(selectors.buyers(), pk)
    own = list(selectors.stage_rules(buyer))
    sampled = Q(method_code=Method.AQL, is_active=True) | Q(pk__in=[rule.stage_id for rule in own])
    stages = list(selectors.stages().filter(sampled))
    form = RulesForm(request.POST or None, row=buyer, stages=stages, stage_rules=own)
    if request.method != "POST" or "back" in request.POST:
        return _form(request, buyer, form)
    if "confirmed" in request.POST:
        saved = submitted(
            form,
            lambda cleaned: services.save_rules(
                buyer_id=pk,
                values=form.values(),
                stage_values=form.stage_values(),
                revision=cleaned.get("revision"),
                actor=actor,
                now=now,
            ),
        )
        if saved is None:
            return _form(request, buyer, form)
        messages.success(request, _("Saved. The rules hold for inspections planned from now on."))
        return redirect(parts.address(request, f"buyers/{pk}/#rules"))
    changes = submitted(
        form,
        lambda _cleaned: services.rule_changes(
            buyer_id=pk, values=form.values(), stage_values=form.stage_values(), actor=actor
        ),
    )
    if changes is None:
        return _form(request, buyer, form)
    if not changes:
        messages.info(request, _("These are the rules already. Nothing was changed."))
        return redirect(parts.address(request, f"buyers/{pk}/#rules"))
    return render(
        request,
        "catalog/rules_confirm.html",
        {
            "heading": _("What this change alters"),
            "lead": buyer.name,
            "back_url": parts.address(request, f"buyers/{pk}/"),
            "back_label": buyer.name,
            "changes": changes,
            "usage": rules_in_use(pk),
            "typed": [(name, value) for name, value in request.POST.items() if name not in BUTTONS],
        },
    )


def _form(request: HttpRequest, buyer: Buyer, form: RulesForm) -> HttpResponse:
    return parts.form_page(
        request,
        form,
        heading=_("Rules of %(buyer)s") % {"buyer": buyer.name},
        submit=_("Show what changes"),
        back=f"buyers/{buyer.pk}/",
        back_label=buyer.name,
        template="catalog/rules_form.html",
    )
