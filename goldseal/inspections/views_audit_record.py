"""Recording an audit: its questions answered one by one in place, then signed and submitted."""

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldseal.accounts.models import User
from goldseal.files.models import Attachment
from goldseal.files.selectors import has_attested
from goldseal.files.services import take_attached
from goldseal.inspections import audit_selectors, audit_services
from goldseal.inspections.forms import PhotosForm
from goldseal.inspections.forms_audit import AnswerForm, AuditSignForm
from goldseal.inspections.models import Audit
from goldseal.inspections.views_audit_shown import (
    GRADES,
    Shown,
    Typed,
    grades_of,
    place,
    reasons_of,
    shown,
)
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from goldseal.kit.forming import submitted
from goldseal.kit.visits import visit
from goldseal.kit.words import Words
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of

PLACE = re.compile(r"q[0-9]{1,3}", re.ASCII)


@require_GET
def record_audit(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """The questions by section, each with its own form."""
    actor, _now = visit(request)
    authorize(actor, "inspections.record")
    audit = audit_selectors.audit_or_missing(pk)
    if not audit.is_open:
        return _no_longer(request, audit)
    return render(request, "inspections/audit_record.html", _context(request, shown(audit)))


@require_POST
def answer_audit(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Record one answer; a page script gets only the question back, so that whatever else is typed stays."""
    actor, now = visit(request)
    authorize(actor, "inspections.record")
    audit = audit_selectors.audit_or_missing(pk)
    in_place = request.headers.get("X-In-Place") == "1"
    if not audit.is_open:
        return _no_longer(request, audit)
    before = {row["key"] for row in shown(audit).rows if row["is_asked"]}
    typed = _record(request, audit, actor, now)
    seen = shown(audit_selectors.audit_or_missing(pk), typed)
    item = request.POST.get("item", "")
    row = next((one for one in seen.rows if one["key"] == item), None)
    if in_place and row is not None:
        asked = {one["key"] for one in seen.rows if one["is_asked"]}
        context = _context(request, seen) | {
            "row": row,
            "others": [one for one in seen.rows if one["key"] in asked ^ before and one is not row],
        }
        return render(request, "inspections/audit_answered.html", context, status=422 if typed else 200)
    if typed is not None:
        return render(request, "inspections/audit_record.html", _context(request, seen, typed), status=422)
    anchor = row["anchor"] if row else ""
    return redirect(place(request, f"{pk}/record/#{anchor}"))


def _record(request: HttpRequest, audit: Audit, actor: Any, now: Any) -> Typed | None:
    """Record what was sent; what is to be shown again where that was not possible."""
    form = AnswerForm(request.POST)
    kept: dict[str, UUID] = {}
    wrong: dict[str, Words] = {}
    try:
        kept = _photos(request, audit, actor, now)
        if not form.is_valid():
            raise Invalid(fields={name: str(errors[0]) for name, errors in form.errors.items()})
        key = form.cleaned_data["item"]
        question = next((one for one in audit.checklist if one["key"] == key), {"kind": ""})
        audit_services.record_answer(
            audit_id=audit.pk, photos=list(kept), **form.given(question), actor=actor, now=now
        )
        return None
    except (Invalid, Conflict) as refused:
        wrong = dict(refused.fields) or {"": refused.message}
    item = request.POST.get("item", "")[:40]
    values = {name: request.POST.get(name, "")[:6000] for name in ("id", "answer", "grade", "note")}
    return Typed(item=item, values=values, wrong=wrong, photos=kept)


def _photos(request: HttpRequest, audit: Audit, actor: Any, now: Any) -> dict[str, UUID]:
    """The photos of the answer by digest: those it had, and those that came with the form."""
    listed = request.POST.getlist("kept")[: audit_services.PHOTOS_MAX]
    rows = Attachment.objects.filter(sha256__in=listed).values_list("sha256", "pk")
    kept = dict(audit_selectors.photo_ids(audit)) | dict(rows)
    found = {digest: kept[digest] for digest in listed if digest in kept}
    named = request.POST.get("place", "")
    form = PhotosForm(
        request.POST,
        request.FILES,
        prefix=named if PLACE.fullmatch(named) else "q",
        base=_base(request),
        needs_attestation=not has_attested(actor),
    )
    if not form.is_valid():
        raise Invalid(fields={"photos": " ".join(str(e) for errors in form.errors.values() for e in errors)})
    given = form.cleaned_data["files"]
    if given:
        taken = take_attached(
            files=[(file.name or "", file.file) for file in given.files],
            ids=given.ids,
            attests=given.attests,
            actor=actor,
            now=now,
            field="photos",
        )
        found |= {attachment.sha256: attachment.pk for attachment in taken}
    return found


def _context(request: HttpRequest, seen: Shown, typed: Typed | None = None) -> dict[str, Any]:
    return {
        "audit": seen.audit,
        "seen": seen,
        "url": place(request, f"{seen.audit.pk}/"),
        "grades": [(grade, words) for grade, words in GRADES.items()],
        "counts": grades_of(seen.decision),
        "photo_fields": _photo_fields(request),
        "problem": next((words for words in typed.wrong.values()), "")
        if typed is not None and not any(row["key"] == typed.item for row in seen.rows)
        else "",
    }


def _photo_fields(request: HttpRequest) -> Any:
    """A mapping for the template: the photo field of the question at a place."""
    actor, _now = visit(request)
    base, is_needed = _base(request), not has_attested(actor)

    class Fields(dict[str, Any]):
        def __missing__(self, name: str) -> Any:
            return PhotosForm(prefix=name, base=base, needs_attestation=is_needed)["files"]

    return Fields()


def _base(request: HttpRequest) -> str:
    return str(workspace_of(request).get_absolute_url())


def _no_longer(request: HttpRequest, audit: Audit) -> HttpResponse:
    """Back to the audit's page with a word about why nothing can be recorded."""
    state = audit.get_state_display().lower()
    messages.info(request, _("This audit is %(state)s already.") % {"state": state})
    return redirect(place(request, f"{audit.pk}/"))


@require_http_methods(["GET", "POST"])
def sign_audit(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Sign the audit as it stands, and submit it if asked to."""
    actor, now = visit(request)
    authorize(actor, "inspections.sign")
    audit = audit_selectors.audit_or_missing(pk)
    if not isinstance(request.user, User):
        raise NotFound
    user = request.user
    if not audit.is_open:
        return _no_longer(request, audit)
    form = AuditSignForm(request.POST or None, initial={"role": "auditor", "meaning": "audited"})
    is_submitting = request.POST.get("do") == "submit"

    def act(values: dict[str, Any]) -> object:
        do = audit_services.sign_and_submit if is_submitting else audit_services.sign_audit
        return do(
            audit_id=pk,
            signer=user,
            password=values["password"],
            role=values["role"],
            meaning=form.words(),
            seen=values["record_hash"],
            actor=actor,
            now=now,
        )

    if request.method == "POST":
        done: object = None
        try:
            done = submitted(form, act)
        except TooMany as refused:
            form.add_error("password", str(refused.message))
        except Forbidden as refused:
            form.add_error("role", str(refused.message))
        if done is not None:
            words = _("Signed and submitted. The verdict is fixed.") if is_submitting else _("Signed.")
            messages.success(request, words)
            return redirect(place(request, f"{pk}/"))
    seen = shown(audit)
    context = {
        "audit": audit,
        "seen": seen,
        "heading": _("Sign and submit"),
        "url": place(request, f"{pk}/"),
        "form": form,
        "record_hash": audit.content_hash,
        "printed_name": user.display_name,
        "grades": grades_of(seen.decision),
        "reasons": reasons_of(seen),
        "signatures": [
            {"row": row, "is_current": row.record_hash == audit.content_hash}
            for row in audit_selectors.signatures_of(audit)
        ],
    }
    return render(request, "inspections/audit_sign.html", context, status=422 if form.errors else 200)
