"""Signing and submitting: what is still open, who signs as what, and the proof that it is the person."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goldseal.accounts.models import User
from goldseal.inspections import recording_services, selectors, services
from goldseal.inspections.deciding import decision_of
from goldseal.inspections.forms import SignForm
from goldseal.inspections.models import InspectionState
from goldseal.inspections.snapshots import state_of
from goldseal.inspections.views_shown import bars_of, place, reasons_of
from goldseal.kit.errors import NotFound, TooMany
from goldseal.kit.forming import submitted
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize

DEVICE = "web page"


@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Sign the record as it stands, and submit it if asked to."""
    actor, now = visit(request)
    authorize(actor, "inspections.sign")
    inspection = selectors.inspection_or_missing(pk)
    if not isinstance(request.user, User):
        raise NotFound
    user = request.user
    page = place(request, f"{pk}/")
    if inspection.state in (InspectionState.DECIDED, InspectionState.CANCELLED):
        messages.info(
            request,
            _("This inspection is %(state)s already.") % {"state": inspection.get_state_display().lower()},
        )
        return redirect(page)
    form = SignForm(request.POST or None, initial={"role": "inspector", "meaning": "inspected"})
    is_submitting = request.POST.get("do") == "submit"

    def act(values: dict[str, Any]) -> object:
        asked: dict[str, Any] = {
            "inspection_id": pk,
            "signer": user,
            "password": values["password"],
            "role": values["role"],
            "meaning": form.words(),
            "device": DEVICE,
            "seen": values["record_hash"],
            "actor": actor,
            "now": now,
        }
        if is_submitting:
            return recording_services.sign_and_submit(**asked)
        return services.sign_inspection(**asked)

    if request.method == "POST":
        done: object = None
        try:
            done = submitted(form, act)
        except TooMany as refused:
            form.add_error("password", str(refused.message))
        if done is not None:
            messages.success(
                request,
                _("Signed and submitted. The verdict is fixed.") if is_submitting else _("Signed."),
            )
            return redirect(page)
    state = state_of(inspection, selectors.events_of(inspection))
    decision = decision_of(inspection, state)
    context = {
        "inspection": inspection,
        "heading": _("Sign and submit"),
        "url": page,
        "form": form,
        "record_hash": state.content_hash,
        "printed_name": user.display_name,
        "verdict": decision.verdict,
        "reasons": reasons_of(decision, inspection, place(request)),
        "bars": bars_of(decision),
        "signatures": [
            {"row": row, "is_current": row.record_hash == state.content_hash}
            for row in selectors.signatures_of(inspection)
        ],
    }
    return render(request, "inspections/sign.html", context, status=422 if form.errors else 200)
