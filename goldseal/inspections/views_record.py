"""The recording pages: one for each section; plain posts, made quicker by a page script that survives bad Wi-Fi."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldseal.accounts.models import User
from goldseal.catalog.models import Method
from goldseal.catalog.selectors import severity_table
from goldseal.files.selectors import has_attested
from goldseal.files.services import take_attached
from goldseal.inspections import page_selectors, recording_services, selectors, services
from goldseal.inspections.deciding import decision_of, standing_of
from goldseal.inspections.forms import PhotosForm
from goldseal.inspections.forms_record import Sent
from goldseal.inspections.models import Inspection, InspectionState
from goldseal.inspections.recording_services import Finding
from goldseal.inspections.rules.bodies import ANSWERS, SECTIONS, VERDICTS
from goldseal.inspections.rules.state import State
from goldseal.inspections.rules.verdict import Decision
from goldseal.inspections.snapshots import is_taken_over, state_of
from goldseal.inspections.views_methods import ENTRY
from goldseal.inspections.views_said import conflicts_of
from goldseal.inspections.views_sections import section_context
from goldseal.inspections.views_shown import (
    CARTONS,
    LIVE_FIGURES,
    bars_of,
    check_labels,
    figures_of,
    place,
    reason_words,
    section_of,
    tabs_of,
    title_of,
)
from goldseal.inspections.views_taken_back import taken_back
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Forbidden, GoldsealError, Invalid, NotFound
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of

DEVICE = "web page"
BATCH_BYTES = 2_000_000


@require_GET
def record_start(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Go where something is open: the first section that is not concluded."""
    actor, _now = visit(request)
    authorize(actor, "inspections.record")
    inspection = selectors.inspection_or_missing(pk)
    if is_taken_over(inspection):
        return redirect(place(request, f"{pk}/"))
    if inspection.method != Method.AQL:
        return redirect(place(request, f"{pk}/record/{inspection.method}/"))
    state = state_of(inspection, selectors.events_of(inspection))
    tabs = tabs_of(inspection, decision_of(inspection, state), "", place(request))
    waiting = next((tab for tab in tabs if tab["verdict"] == "pending"), tabs[0])
    return redirect(waiting["url"])


@require_http_methods(["GET", "POST"])
def record_section(request: HttpRequest, slug: str, pk: UUID, section: str) -> HttpResponse:
    """One section's page; a post records what its form holds."""
    actor, _now = visit(request)
    authorize(actor, "inspections.record")
    inspection = selectors.inspection_or_missing(pk)
    if inspection.method != Method.AQL:
        if section != inspection.method:
            raise NotFound
    elif section not in SECTIONS and not (section == CARTONS and inspection.drawn):
        raise NotFound
    if inspection.state == InspectionState.CANCELLED:
        messages.error(request, _("This inspection is cancelled."))
        return redirect(place(request, f"{pk}/"))
    if is_taken_over(inspection):
        return redirect(place(request, f"{pk}/"))
    state, decision = standing_of(inspection)
    sent = Sent(request.POST if request.method == "POST" else None)
    attested = has_attested(actor)
    photos = None
    if request.method == "POST":
        photos = _photos_form(request, sent, attested)
        done = _record(request, inspection, state, sent, photos, section)
        if done is not None:
            return done
    context = _page(request, inspection, state, decision, section, sent)
    if inspection.method == Method.AQL:
        template = "inspections/record.html"
        context |= section_context(request, inspection, state, decision, section, sent)
    else:
        template = f"inspections/record_{inspection.method}.html"
        context |= ENTRY[inspection.method](request, inspection, state, decision, sent)
    context["photo_form"] = _photo_forms(request, attested, photos)
    return render(request, template, context, status=422 if sent.is_wrong else 200)


def _record(
    request: HttpRequest, inspection: Inspection, state: State, sent: Sent, photos: PhotosForm, section: str
) -> HttpResponse | None:
    """Record what was sent; None where the form has to be shown again."""
    actor, now = visit(request)
    try:
        digests = _received(photos, actor, now)
    except (Invalid, Conflict) as refused:
        sent.problem = next(iter(refused.fields.values()), refused.message)
        sent.read(state=state)
        return None
    table: Mapping[str, Mapping[str, str]] = {}
    if "d-kind" in request.POST:
        table = severity_table(buyer=inspection.buyer, is_for_children=inspection.style.is_for_children)
    findings = _one_per_photo(sent.read(state=state, photos=digests, severities=table), digests)
    if sent.is_wrong:
        return None
    if not isinstance(request.user, User):
        raise NotFound
    try:
        received = recording_services.record_findings(
            inspection_id=inspection.pk,
            findings=findings,
            recorder=request.user,
            device=DEVICE,
            actor=actor,
            now=now,
        )
    except (Invalid, Conflict) as refused:
        sent.refuse(refused.fields or {"": refused.message})
        return None
    if received and inspection.state == InspectionState.DECIDED:
        messages.info(request, _("Kept as an addendum: the decided record does not change."))
    elif not received:
        messages.info(request, _("Nothing was new, so nothing was recorded."))
    query = request.GET.urlencode()
    anchor = request.POST.get("anchor", "")
    target = place(request, f"{inspection.pk}/record/{section}/")
    return redirect(
        f"{target}{'?' + query if query and 'change' not in request.GET else ''}{'#' + anchor if anchor.isidentifier() else ''}"
    )


def _photos_form(request: HttpRequest, sent: Sent, attested: bool) -> PhotosForm:
    name = sent.names[0] if sent.names else "none"
    return PhotosForm(
        request.POST, request.FILES, prefix=name, base=_workspace_url(request), needs_attestation=not attested
    )


def _photo_forms(request: HttpRequest, attested: bool, sent: PhotosForm | None) -> Any:
    """A function for the template: the photo field of a group."""

    class Fields(dict[str, Any]):
        def __missing__(self, name: str) -> Any:
            if sent is not None and sent.prefix == name:
                return sent["files"]
            form = PhotosForm(prefix=name, base=_workspace_url(request), needs_attestation=not attested)
            return form["files"]

    return Fields()


def _workspace_url(request: HttpRequest) -> str:
    return str(workspace_of(request).get_absolute_url())


def _received(photos: PhotosForm, actor: Actor, now: Any) -> list[str]:
    """The digests of the photos that came with the form, received and kept."""
    if not photos.is_valid():
        raise Invalid(
            fields={"photos": " ".join(str(e) for errors in photos.errors.values() for e in errors)}
        )
    given = photos.cleaned_data["files"]
    if not given:
        return []
    kept = take_attached(
        files=[(file.name or "", file.file) for file in given.files],
        ids=given.ids,
        attests=given.attests,
        actor=actor,
        now=now,
        field="files",
    )
    return [attachment.sha256 for attachment in kept]


def _one_per_photo(findings: list[Finding], digests: list[str]) -> list[Finding]:
    """Several photos added at once share their caption; each is an entry of its own."""
    spread: list[Finding] = []
    for finding in findings:
        spread.append(finding)
        if finding.kind == "photo_attached":
            spread += [
                Finding(finding.kind, {**finding.body, "sha256": digest}, (), "", finding.at)
                for digest in digests[1:]
            ]
    return spread


def _page(
    request: HttpRequest,
    inspection: Inspection,
    state: State,
    decision: Decision,
    section: str,
    sent: Sent,
) -> dict[str, Any]:
    """What every recording page shows: tabs, counts, verdict so far, conflicts, the section's verdict."""
    base = place(request)
    is_sampled = inspection.method == Method.AQL
    tabs = tabs_of(inspection, decision, section, base) if is_sampled else []
    position = next((i for i, tab in enumerate(tabs) if tab["is_current"]), 0)
    about = section if is_sampled else ""
    concluded = state.value("section_concluded", section) or {}
    conflicts = conflicts_of(state, {}, about)
    labels = check_labels(inspection)
    if conflicts:
        people = {event.by for entry in state.conflicts for event in entry.heads}
        conflicts = conflicts_of(state, page_selectors.people_named(sorted(people)), about)
    return {
        "inspection": inspection,
        "section": section,
        "heading": title_of(section) if is_sampled else inspection.stage.name,
        "answers": ANSWERS,
        "verdicts": VERDICTS,
        "url": f"{base}{inspection.pk}/",
        "tabs": tabs,
        "next_tab": tabs[position + 1] if position + 1 < len(tabs) else None,
        "bars": bars_of(decision),
        "live_figures": figures_of(decision, only=LIVE_FIGURES),
        "decision": decision,
        "verdict_so_far": decision.verdict,
        "is_decided": inspection.state == InspectionState.DECIDED,
        "addenda": len(state.addenda),
        "conflicts": conflicts,
        "problem": sent.problem,
        "section_reasons": [
            {"verdict": reason.verdict, "words": reason_words(reason, labels)}
            for reason in decision.reasons
            if not is_sampled or section_of(reason) == section
        ],
        "end": sent.entry(
            "end",
            "section_concluded",
            {"verdict": concluded.get("verdict", ""), "remark": concluded.get("remark", "")},
            state.heads("section_concluded", section),
        ),
        "remarks": [
            {"text": entry.candidates[0]["text"], "heads": " ".join(entry.head_ids)}
            for entry in state.of_kind("remark_written")
            if entry.candidates[0]["section"] == section
        ],
        "remark": sent.entry("r", "remark_written", {"text": ""}),
        "recorder": str(getattr(request.user, "pk", "")),
        **taken_back(request, inspection, state),
    }


@require_POST
def record_choice(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Settle a conflict by choosing one of the records."""
    actor, now = visit(request)
    authorize(actor, "inspections.record")
    selectors.inspection_or_missing(pk)
    if not isinstance(request.user, User):
        raise NotFound
    section = request.POST.get("section", "")
    is_page = section in (*SECTIONS, CARTONS, *Method.values)
    back = place(request, f"{pk}/record/{section}/" if is_page else f"{pk}/")
    try:
        recording_services.choose_record(
            inspection_id=pk,
            keep=request.POST.get("keep", ""),
            heads=request.POST.get("heads", "").split()[:100],
            recorder=request.user,
            device=DEVICE,
            actor=actor,
            now=now,
        )
        messages.success(request, _("Settled. Both records stay in the history."))
    except (Invalid, Conflict) as refused:
        messages.error(request, str(refused.message))
    return redirect(back)


@require_POST
def receive_events(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """A batch of events from the page script: what could not be sent before; any event any number of times."""
    try:
        actor, now = visit(request)
        authorize(actor, "inspections.record")
        received = _taken(request, pk, actor, now)
    except GoldsealError as refused:
        problem = {
            "title": str(refused.title),
            "status": refused.status,
            "detail": str(refused.message),
            "errors": [{"field": path, "message": str(words)} for path, words in refused.fields.items()],
        }
        return JsonResponse(problem, status=refused.status, content_type="application/problem+json")
    return JsonResponse(
        {
            "accepted": list(received.accepted),
            "repeated": list(received.repeated),
            "verdict": received.inspection.verdict,
        }
    )


def _taken(request: HttpRequest, pk: UUID, actor: Actor, now: Any) -> services.Received:
    try:
        events, is_late = _batch(request)
        return services.apply_events(inspection_id=pk, events=events, actor=actor, now=now, is_late=is_late)
    except (Invalid, Forbidden):
        # Of a foreign inspection nothing is told, not even what is wrong with the batch.
        selectors.inspection_or_missing(pk)
        raise


def _batch(request: HttpRequest) -> tuple[list[Any], bool]:
    """The events, and whether they waited on the device for a connection."""
    try:
        sent = json.loads(request.body[:BATCH_BYTES])
    except (ValueError, RecursionError):
        raise Invalid(fields={"events": _("The events could not be read.")}) from None
    events = sent.get("events") if isinstance(sent, dict) else None
    if not isinstance(events, list):
        raise Invalid(fields={"events": _("The events could not be read.")})
    return events, sent.get("is_late") is True
