"""What the services accept of an audit passes the check before sealing: every kind of question, the longest texts."""

from io import BytesIO
from typing import get_args

import pytest

from goldseal.catalog.choices import AnswerKind
from goldseal.catalog.models import Line
from goldseal.catalog.services import save_template
from goldseal.files.selectors import STATEMENT_VERSION
from goldseal.files.services import take_attached
from goldseal.files.tests.makers import jpeg
from goldseal.inspections import audit_selectors, audit_services
from goldseal.inspections.audit_record import audit_record
from goldseal.inspections.models import Audit, FindingGrade
from goldseal.inspections.tests.makers import NOW, Floor
from goldseal.inspections.tests.test_audits import answer, furnished, planned, signed
from goldseal.reports.rules.audit_report import Answered, Finding
from goldseal.reports.rules.record_fields import RecordError
from goldseal.reports.rules.schemas import check_known
from goldseal.reports.tests.longest import lengthen

pytestmark = pytest.mark.django_db
LONG = "ক"
ASKED = [
    {
        "key": f"q{number}",
        "section": "measuring",
        "label_en": LONG * 200,
        "label_bn": LONG * 200,
        "kind": kind,
    }
    for number, kind in enumerate(AnswerKind.values)
]
CHOICES = [{"value": "ok", "label_en": LONG * 80, "label_bn": LONG * 80}, {"value": "bad", "label_en": "x"}]
GIVEN = {
    "yes_no_na": "no",
    "number": "12.5",
    "choice": "ok",
    "text": LONG * 2000,
    "photo": "",
    "barcode": LONG * 2000,
}


def longest(at: Floor) -> Audit:
    """An audit with every kind of question, each answered at the greatest length, and signed."""
    items = [
        {**item, "choices": CHOICES if item["kind"] == "choice" else [], "unit": "u" * 12}
        | ({"failing": ["no"]} if item["kind"] == "yes_no_na" else {})
        for item in ASKED
    ]
    actor = at.place.actor
    template = save_template(
        values={"name_en": LONG * 120, "name_bn": LONG * 120, "code": "A" * 20, "pass_at_pct": 1},
        items=items, actor=actor, now=NOW,
    )  # fmt: skip
    line = Line.objects.get()
    lengthen(line, line.site, at.inspector, at.place.workspace)
    audit = planned(
        at, line_id=line.pk, checklist_id=template.pk, auditor_id=at.inspector.pk,
        auditee=LONG * 120, scope=LONG * 1000, criteria=LONG * 1000,
    )  # fmt: skip
    [photo] = take_attached(
        files=[("wall.jpg", BytesIO(jpeg()))], ids=(), attests=STATEMENT_VERSION, actor=at.actor, now=NOW
    )
    for item in audit.checklist:
        kind = item["kind"]
        grade = "major" if kind == "yes_no_na" else "observation"
        answer(at, audit, item["key"], GIVEN[kind], grade=grade, note=LONG * 5000, photos=[photo.sha256])
    for _time in range(25):  # a signature is added as often as somebody signs
        signed(at, audit, meaning=LONG * 300)
    return audit


def test_an_audit_with_the_longest_texts_is_sealed() -> None:
    at = furnished()
    with at.place.scope():
        audit = longest(at)
        audit_services.decide_audit(audit_id=audit.pk, actor=at.actor, now=NOW)
        record = audit_record(audit_selectors.audit_or_missing(audit.pk), at.place.workspace)
    record["report"] |= {"number": "R-1", "version": 1, "language": "both"}
    record["report"] |= {"issued_at": "2026-03-16T10:00:00+06:00", "supersedes": None, "changes": ""}
    held = record["audit"]
    assert len(record["header"]["about"]) > 200
    assert {len(row["note"]) for row in held["findings"]} == {5000}
    assert {row["kind"] for row in held["items"]} == set(AnswerKind.values)
    assert len(record["signatures"]) == 25
    check_known(record=record)
    held["items"][0]["photos"] = ["f" * 64]
    with pytest.raises(RecordError, match=r"audit.items\[0\].photos: ffffffffffff… is not among the photos"):
        check_known(record=record)


def test_every_choice_is_one_of_the_record() -> None:
    assert set(get_args(Finding.model_fields["grade"].annotation)) == set(FindingGrade.values)
    assert set(get_args(Answered.model_fields["kind"].annotation)) == set(AnswerKind.values)
