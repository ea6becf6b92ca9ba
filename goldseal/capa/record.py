"""The records `goldseal.cap/1` and `goldseal.scar/1`: everything that the reports of this room say."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation

from goldseal.capa.choices import CheckState, Purpose, ScarState
from goldseal.capa.figures_selectors import counting_from, outcome_of
from goldseal.capa.models import EffectCheck, Nonconformity, Proof, Scar
from goldseal.capa.rules import lifecycle
from goldseal.capa.rules.causes import BONES, CHAINS, QUESTIONS
from goldseal.capa.selectors import actions_of, causes_of, check_of, inspections_after, proofs_of, whys_of
from goldseal.capa.wording import problem_of
from goldseal.files.models import Attachment
from goldseal.files.rules.links import Variant
from goldseal.files.selectors import open_content
from goldseal.workspaces.models import Workspace

VERDICTS = {lifecycle.CLOSED: "pass", lifecycle.DECLINED: "fail", lifecycle.REOPENED: "fail"}
MOST_PHOTOS = 60


def case_record(case: Nonconformity, workspace: Workspace) -> tuple[dict[str, Any], list[Attachment]]:
    """The 8D record of a nonconformity, and the photos it names.

    Its buyer reads it: the cost stays inside, and so does what is carried over to another buyer's style.
    """
    zone = ZoneInfo(workspace.time_zone)
    proofs = [row for row in proofs_of(case) if row.attachment.is_photo and row.answer_id is None]
    photos = _photos(proofs)
    whys, bones, check = whys_of(case), causes_of(case), check_of(case)
    data: dict[str, Any] = {
        "schema": "goldseal.cap/1",
        "report": {"type": "cap"},
        **_frame(workspace, case),
        "verdict": {"overall": VERDICTS.get(case.state, "pending"), "reasons": []},
        "case": _without_blanks(
            {
                "number": case.number,
                "state": case.state,
                "source": case.source,
                "severity": case.severity,
                "title": case.title,
                **_in_both(case),
                "place": case.place,
                "operation": case.operation,
                "found_on": case.found_on.isoformat(),
                "due_on": case.due_on.isoformat(),
                "quantity": case.quantity,
                "lot_size": case.lot_size,
                "sample_size": case.sample_size,
                "line": case.line.name if case.line else "",
                "stage": case.stage.code if case.stage else "",
                "supplier": case.supplier.name if case.supplier else "",
                "inspection": case.inspection.code if case.inspection else "",
                "owner": case.owner.display_name if case.owner else "",
                "team": case.team,
                "verifier": case.verifier.display_name if case.verifier else "",
                "opened_at": _moment(case.opened_at, zone),
                "verified_at": _moment(case.verified_at, zone),
                "closed_at": _moment(case.closed_at, zone),
                "reopened": case.reopened_count,
                "buyer_approval": case.buyer_approval,
                "buyer_approved_on": case.buyer_approved_on.isoformat() if case.buyer_approved_on else None,
            }
        ),
        "found": [
            {
                "code": row.code,
                "name_en": row.name_en or row.code,
                "name_bn": row.name_bn,
                "severity": row.severity,
                "quantity": row.quantity,
            }
            for row in case.defects.order_by("-quantity", "code")
        ],
        "containment": [
            {
                "kind": row.kind,
                "place": row.place,
                "note": row.note,
                "done_on": row.done_on.isoformat(),
                "done_by": row.done_by.display_name if row.done_by else "",
                **{
                    name: getattr(row, name)
                    for name in ("in_lot", "sorted", "found_bad", "rechecked", "released", "held")
                },
            }
            for row in case.containments.select_related("done_by").order_by("pk")
        ],
        "causes": {
            "chains": [
                {
                    "chain": chain,
                    "steps": [{"answer": step.answer, "proof": step.proof} for step in whys.get(chain, [])],
                    "root": case.root_made if chain == "made" else case.root_detected,
                }
                for chain in CHAINS
            ],
            "fishbone": [
                {
                    "bone": bone,
                    "causes": [{"words": row.words, "standing": row.standing} for row in bones[bone]],
                }
                for bone in BONES
                if bones.get(bone)
            ],
            "compared": [
                {"question": question, **{"is": "", "is_not": ""} | held}
                for question in QUESTIONS
                if any((held := (case.is_is_not or {}).get(question, {})).values())
            ],
        },
        "actions": [
            {
                "code": row.code,
                "kind": row.kind,
                "type": row.type,
                "words": row.words,
                "result": row.result,
                "owner": row.owner.display_name if row.owner else "",
                "due_on": row.due_on.isoformat(),
                "state": row.state,
                "verifier": row.verifier.display_name if row.verifier else "",
                "verified_at": _moment(row.verified_at, zone),
            }
            for row in actions_of(case)
        ],
        "read_across": [
            {
                "place": " · ".join(
                    filter(
                        None,
                        (
                            row.line.name if row.line else "",
                            row.style.code if row.style else "",
                            row.stage.code if row.stage else "",
                        ),
                    )
                ),
                "note": row.note,
                "done_on": row.done_on.isoformat() if row.done_on else None,
            }
            for row in case.read_across.select_related("line", "style", "stage").order_by("pk")
            if row.style is None or row.style.buyer_id == case.buyer_id
        ],
        "reinspections": [
            {"code": row.code, "verdict": row.verdict, "on": row.planned_on.isoformat()}
            for row in inspections_after(case)
        ],
        "photos": photos,
        "signatures": [],
    }
    if check is not None:
        data["effect"] = _effect(check, case)
    return data, _attachments(proofs)


def scar_record(scar: Scar, workspace: Workspace) -> tuple[dict[str, Any], list[Attachment]]:
    """The record of a request to a supplier with every answer, and the photos it names."""
    zone = ZoneInfo(workspace.time_zone)
    answers = list(scar.answers.select_related("decided_by").order_by("version"))
    rows = Proof.objects.filter(answer__in=answers).select_related("attachment").order_by("pk")
    proofs = [row for row in rows if row.attachment.is_photo]
    overall = {ScarState.ACCEPTED: "pass", ScarState.DECLINED: "fail"}.get(ScarState(scar.state), "pending")
    data = {
        "schema": "goldseal.scar/1",
        "report": {"type": "scar"},
        **_frame(workspace, scar.nonconformity),
        "verdict": {"overall": overall, "reasons": []},
        "scar": _without_blanks(
            {
                "number": scar.number,
                "nonconformity": scar.nonconformity.number,
                "title": scar.nonconformity.title,
                "supplier": scar.supplier.name,
                "state": scar.state,
                "asked": scar.asked,
                "sent_at": _moment(scar.created_at, zone),
                "due_on": scar.due_on.isoformat(),
            }
        ),
        "answers": [
            {
                "version": row.version,
                "name": row.name,
                "at": _moment(row.at, zone),
                "containment": row.containment,
                "cause_made": row.cause_made,
                "cause_detected": row.cause_detected,
                "actions": row.actions,
                "state": row.state,
                "decision": row.decision,
                "decided_by": row.decided_by.display_name if row.decided_by else "",
                "decided_at": _moment(row.decided_at, zone),
            }
            for row in answers
        ],
        "photos": _photos(proofs),
        "signatures": [],
    }
    return data, _attachments(proofs)


def photos_of(attachments: list[Attachment]) -> dict[str, bytes]:
    """The pictures in print size by their digest."""
    photos = {}
    for attachment in attachments:
        with open_content(attachment, Variant.PRINT) as content:
            photos[attachment.sha256] = content.read()
    return photos


def _frame(workspace: Workspace, case: Nonconformity) -> dict[str, Any]:
    header = {
        "buyer": case.buyer.name if case.buyer else "",
        "style": f"{case.style.code} {case.style.name}".strip() if case.style else "",
        "purchase_orders": [case.order.po_number] if case.order else [],
        "factory": case.site.name if case.site else "",
    }
    return {
        "workspace": {"name": workspace.name, "address": " ".join(workspace.address.split())[:200]},
        "header": {name: value for name, value in header.items() if value},
    }


def _in_both(case: Nonconformity) -> dict[str, str]:
    """The problem in words; a sentence made from facts is made in both languages."""
    with translation.override("en"):
        english = problem_of(case)
    with translation.override("bn"):
        bangla = problem_of(case)
    return {"problem": english, "problem_bn": bangla if bangla != english else ""}


def _effect(check: EffectCheck, case: Nonconformity) -> dict[str, Any]:
    found: Mapping[str, Any] = {
        "inspections": check.inspections,
        "pieces": check.pieces,
        "found": check.found,
    }
    if check.state == CheckState.WAITING:
        outcome = outcome_of(check, check.from_on)
        if outcome is not None:
            found = {"inspections": outcome.inspections, "pieces": outcome.pieces, "found": outcome.found}
    return _without_blanks(
        {
            "round": check.round,
            "metric": check.metric,
            "code": check.code,
            "stage": check.stage.code if check.stage else "",
            "line": check.line.name if check.line else "",
            "operation": check.operation,
            "target": str(check.target),
            "from_on": (counting_from(check) or check.from_on).isoformat(),
            "window": check.window,
            "window_size": check.window_size,
            "min_pieces": check.min_pieces,
            "state": check.state,
            **found,
            "rate": str(check.rate) if check.rate is not None else "",
            "observation": check.observation,
            "observed_by": check.observed_by.display_name if check.observed_by else "",
            "watch_until": check.watch_until.isoformat() if check.watch_until else "",
        }
    )


def _without_blanks(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}


def _unique(proofs: list[Proof]) -> list[Proof]:
    return list({row.attachment.sha256: row for row in reversed(proofs)}.values())[::-1][:MOST_PHOTOS]


def _attachments(proofs: list[Proof]) -> list[Attachment]:
    return [row.attachment for row in _unique(proofs)]


def _photos(proofs: list[Proof]) -> list[dict[str, Any]]:
    return [
        {
            "sha256": row.attachment.sha256,
            "purpose": row.purpose,
            **_captions(row),
            "width": row.attachment.width or 0,
            "height": row.attachment.height or 0,
        }
        for row in _unique(proofs)
    ]


def _captions(row: Proof) -> dict[str, str]:
    """What a photo shows: as somebody wrote it, else its place in the case, in both languages."""
    if row.caption or row.answer_id is not None:
        return {"caption_en": row.caption or row.attachment.name, "caption_bn": ""}
    said = {}
    for language in ("en", "bn"):
        with translation.override(language):
            words = str(Purpose(row.purpose).label)
        if row.action is not None:
            words = f"{row.action.code} · {words}"
        if row.step is not None:
            words = f"{words}: {row.step.answer}"
        said[f"caption_{language}"] = words
    return said


def _moment(value: datetime | None, zone: ZoneInfo) -> str | None:
    return value.astimezone(zone).replace(microsecond=0).isoformat() if value else None
