"""What the pages of audits show of answers and their score, in the words of the page's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from goldseal.catalog.choices import in_language
from goldseal.inspections import audit_selectors
from goldseal.inspections.models import Audit, AuditAnswer, FindingGrade
from goldseal.inspections.rules import audit as rules
from goldseal.inspections.views_checklist import ANSWERS, choices_of, range_of, said_of
from goldseal.kit.ids import new_id
from goldseal.kit.wording import in_digits_of_page
from goldseal.kit.words import Words
from goldseal.workspaces.selectors import workspace_of

GRADES = dict(FindingGrade.choices)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form sent about one question that could not be recorded: shown again, with what is wrong."""

    item: str
    values: Mapping[str, str]
    wrong: Mapping[str, Words]
    photos: Mapping[str, UUID] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shown:
    """An audit as its pages need it: read once."""

    audit: Audit
    answers: Sequence[AuditAnswer]
    decision: rules.AuditDecision
    rows: list[dict[str, Any]]

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The questions under their sections, with the score of each."""
        facts = {section.key: section for section in self.decision.sections}
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.rows:
            found.setdefault(row["section"], []).append(row)
        return [
            {
                "key": key,
                "title": section_title(key),
                "rows": rows,
                "facts": facts.get(key),
                "percent": _percent(facts[key].score) if key in facts else "",
            }
            for key, rows in found.items()
        ]

    @property
    def findings(self) -> list[dict[str, Any]]:
        """Answers with a grade, the gravest first."""
        graded = [row for row in self.rows if row["is_asked"] and row["grade"]]
        return sorted(graded, key=lambda row: rules.GRADES.index(row["grade"]))

    @property
    def following(self) -> dict[str, Any] | None:
        """The first question that is still open."""
        return next((row for row in self.rows if row["is_open"]), None)

    @property
    def percent(self) -> str:
        """The score of the whole, in the digits of the page."""
        return _percent(self.decision.score)


def place(request: HttpRequest, path: str = "") -> str:
    """An address of audits in this workspace."""
    return f"{workspace_of(request).get_absolute_url()}audits/{path}"


def shown(audit: Audit, typed: Typed | None = None) -> Shown:
    """Read an audit's answers and judge them; `typed`: what is to be shown again at one question."""
    answers = audit_selectors.answers_of(audit)
    decision = audit_selectors.decision_of(audit, answers)
    counting = audit_selectors.newest(answers)
    photos = audit_selectors.photo_ids(audit)
    facts = {fact.key: fact for fact in decision.items}
    rows = []
    for position, item in enumerate(audit.checklist):
        row = _question(item, position, counting.get(item["key"]), facts.get(item["key"]), photos)
        row["earlier"] = [
            _earlier(item, one, photos)
            for one in answers
            if one.item == item["key"] and one is not counting.get(item["key"])
        ]
        if typed is not None and typed.item == item["key"]:
            row |= {"values": typed.values, "wrong": typed.wrong, "is_more_open": True}
            row["digests"] = list(typed.photos)
            row["photos"] = list(typed.photos.values())
        rows.append(row)
    return Shown(audit, answers, decision, rows)


def section_title(key: str) -> str:
    """A section's title in the page's language."""
    return in_language(*rules.SECTION_TITLES.get(key, (key, "")))


def reasons_of(seen: Shown) -> list[dict[str, Any]]:
    """Why it stands as it stands, and what is still open."""
    items = seen.audit.checklist
    return [
        {
            "verdict": reason.verdict,
            "words": in_language(*rules.reason_words(reason=reason, items=items)),
        }
        for reason in seen.decision.reasons
    ]


def grades_of(decision: rules.AuditDecision) -> list[dict[str, Any]]:
    """How many findings of each grade."""
    return [
        {"grade": grade, "label": GRADES[grade], "count": decision.count(grade)} for grade in rules.GRADES
    ]


def _question(
    item: Mapping[str, Any],
    position: int,
    row: AuditAnswer | None,
    fact: rules.ItemFacts | None,
    photos: Mapping[str, UUID],
) -> dict[str, Any]:
    """One question: its words, what is recorded, and whether something is still missing."""
    is_failing = bool(fact and fact.result == "fail")
    digests = list(row.photos) if row else []
    wanted = item.get("needs_photo", "")
    lacks_photo = (
        item["kind"] != "photo"
        and bool(row)
        and (wanted == "always" or (wanted == "on_fail" and is_failing))
        and not digests
    )
    is_answered = bool(fact and fact.is_answered)
    return {
        "key": item["key"],
        "anchor": f"q{position}",
        "section": item["section"],
        "label": in_language(item["label_en"], item.get("label_bn") or ""),
        "kind": item["kind"],
        "unit": item.get("unit") or "",
        "range": range_of(item),
        "choices": _offered(item),
        "is_required": item.get("is_required", True),
        "needs_photo": wanted,
        "is_asked": fact is not None,
        "result": fact.result if fact else "none",
        "is_failing": is_failing,
        "is_answered": is_answered,
        "lacks_photo": lacks_photo,
        "is_open": fact is not None and ((item.get("is_required", True) and not is_answered) or lacks_photo),
        "is_more_open": lacks_photo or bool(row and row.grade),
        "said": _said(item, row),
        "grade": row.grade if row else "",
        "grade_label": GRADES.get(row.grade, "") if row else "",
        "note": row.note if row else "",
        "by": row.answered_by.display_name if row and row.answered_by else "",
        "at": row.answered_at if row else None,
        "digests": digests,
        "photos": [photos[digest] for digest in digests if digest in photos],
        "values": {
            "id": str(new_id()),
            "answer": row.answer if row else "",
            "grade": row.grade if row else "",
            "note": row.note if row else "",
        },
        "wrong": {},
    }


def _offered(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The answers one chooses from: value, words, icon, and whether it is a finding."""
    failing = item.get("failing") or ()
    if item["kind"] == "yes_no_na":
        known = [(value, words, mark) for value, (words, mark) in ANSWERS.items()]
    elif item["kind"] == "choice":
        known = [(value, words, "") for value, words in choices_of(item)]
    else:
        return []
    return [
        {"value": value, "words": words, "icon": mark, "fails": value in failing}
        for value, words, mark in known
    ]


def _earlier(item: Mapping[str, Any], row: AuditAnswer, photos: Mapping[str, UUID]) -> dict[str, Any]:
    return {
        "said": _said(item, row),
        "grade_label": GRADES.get(row.grade, ""),
        "note": row.note,
        "photos": [photos[digest] for digest in row.photos if digest in photos],
        "by": row.answered_by.display_name if row.answered_by else "",
        "at": row.answered_at,
    }


def _said(item: Mapping[str, Any], row: AuditAnswer | None) -> Words:
    if row is None:
        return ""
    given = rules.Answer(row.answer, row.grade, row.note, tuple(row.photos))
    return said_of(item, rules.body_of(item, given))


def _percent(score: rules.Score) -> str:
    return in_digits_of_page(f"{score.percent} %") if score.percent else "–"
