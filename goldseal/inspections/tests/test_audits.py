"""Audits from the plan to the report, by service, page and API; what is wrong is told at its place."""

import json
import re
from datetime import date
from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.utils.translation import override

from goldseal.capa.audit_services import open_about_finding
from goldseal.capa.models import Nonconformity
from goldseal.capa.settings_services import set_capa_settings
from goldseal.catalog.models import ChecklistTemplate, Line, Site, Supplier
from goldseal.catalog.services import create_line, create_site, create_supplier, save_template
from goldseal.files.selectors import STATEMENT_VERSION
from goldseal.files.tests.makers import jpeg
from goldseal.inspections import audit_selectors, audit_services
from goldseal.inspections.audit_record import audit_record
from goldseal.inspections.audit_services import AuditPlan
from goldseal.inspections.models import Audit, AuditAnswer
from goldseal.inspections.tests.makers import NOW, PASSWORD, Floor, floor
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from goldseal.kit.permissions import Role
from goldseal.reports.engine.canonical import canonical_json
from goldseal.reports.engine.render import render_pdf
from goldseal.reports.engine.sheet import record_sheet
from goldseal.reports.rules.schemas import check_known

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 16)
ITEMS = [
    {"key": "posted", "section": "documents", "label_en": "Posted?", "label_bn": "টাঙানো?", "failing": ["no"]},
    {"key": "needles", "section": "product_safety", "label_en": "Needles?", "failing": ["no"]},
    {
        "key": "lux",
        "section": "measuring",
        "label_en": "Light",
        "kind": "number",
        "unit": "lux",
        "min": "1000",
    },
]
GOOD = {"posted": "yes", "needles": "yes", "lux": "1200"}


def furnished(name: str = "alice") -> Floor:
    at = floor(name)
    with at.place.scope():
        actor = at.place.actor
        site = create_site(values={"code": "U1", "name": "Unit 1"}, actor=actor, now=NOW)
        create_line(site_id=site.pk, values={"code": "L1", "name": "Line 1"}, actor=actor, now=NOW)
        create_supplier(values={"code": "MILL", "name": "Mill"}, actor=actor, now=NOW)
        save_template(values={"name_en": "Short", "pass_at_pct": 60}, items=ITEMS, actor=actor, now=NOW)
    return at


def planned(at: Floor, **more) -> Audit:
    plan = {"planned_on": DAY, "site_id": Site.objects.get(code="U1").pk, **more}
    return audit_services.plan_audit(plan=AuditPlan(**plan), actor=at.place.actor, now=NOW)


def answer(at: Floor, audit: Audit, item: str, value: str = "", **more) -> AuditAnswer:
    return audit_services.record_answer(
        audit_id=audit.pk, item=item, answer=value, actor=at.actor, now=NOW, **more
    )


def signed(at: Floor, audit: Audit, **more):
    given = {"signer": at.inspector, "password": PASSWORD, "role": "auditor", "meaning": "I audited", **more}
    return audit_services.sign_audit(audit_id=audit.pk, actor=at.actor, now=NOW, **given)


def decided(at: Floor, audit: Audit) -> Audit:
    signed(at, audit)
    return audit_services.decide_audit(audit_id=audit.pk, actor=at.actor, now=NOW)


def test_from_plan_to_verdict(django_capture_on_commit_callbacks) -> None:
    at = furnished()
    with at.place.scope():
        audit = planned(at, line_id=Line.objects.get().pk, scope=" Sewing ", auditor_id=at.inspector.pk)
        assert (audit.code, audit.about, audit.scope, audit.pass_at_pct) == (
            "AUD-0001", "Unit 1 · Line 1", "Sewing", 60,
        )  # fmt: skip
        save_template(
            template_id=ChecklistTemplate.objects.get(code="AUD-1").pk,
            values={}, items=ITEMS[:1], actor=at.place.actor, now=NOW,
        )  # fmt: skip
        assert [item["key"] for item in Audit.objects.get().checklist] == ["posted", "needles", "lux"]
        answer(at, audit, "posted", "no", grade="minor", note="Nothing hangs there")
        first = audit_selectors.audit_or_missing(audit.pk)
        assert (first.state, first.verdict, first.conforming, first.applicable) == (
            "in_progress",
            "pending",
            0,
            1,
        )
        answer(at, audit, "needles", "yes")
        with pytest.raises(Conflict, match="Light"):
            decided(at, audit)
        answer(at, audit, "lux", "1000")
        signed(at, audit)
        # Two of three is above 60 per cent; corrected afterwards, the signature is stale.
        answer(at, audit, "posted", "yes")
        with pytest.raises(Conflict, match="Sign"):
            audit_services.decide_audit(audit_id=audit.pk, actor=at.actor, now=NOW)
        done = decided(at, audit)
        assert (done.state, done.verdict, done.conforming, done.applicable) == ("decided", "pass", 3, 3)
        kept = audit_selectors.answers_of(audit)
        assert [(row.number, row.item, row.answer) for row in kept] == [
            (1, "posted", "no"), (2, "needles", "yes"), (3, "lux", "1000"), (4, "posted", "yes"),
        ]  # fmt: skip
        for late in (
            lambda: answer(at, audit, "posted", "no", grade="major", note="Late"),
            lambda: signed(at, audit),
            lambda: audit_services.cancel_audit(
                audit_id=audit.pk, reason="Late", actor=at.place.actor, now=NOW
            ),
        ):
            with pytest.raises(Conflict):
                late()


def test_answers_are_added_and_never_changed() -> None:
    at = furnished()
    with at.place.scope():
        audit = planned(at)
        sent = uuid4()
        row = answer(at, audit, "posted", "yes", sent_id=sent)
        assert answer(at, audit, "posted", "yes", sent_id=sent) == row  # sent twice, recorded once
        with pytest.raises(Conflict):
            answer(at, audit, "posted", "na", sent_id=sent)
        for statement in (
            "UPDATE inspections_auditanswer SET note = 'x'",
            "DELETE FROM inspections_auditanswer",
        ):
            with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
                connection.cursor().execute(statement)
        assert (
            audit_selectors.hash_of(audit, [row]) == audit_selectors.audit_or_missing(audit.pk).content_hash
        )


@pytest.mark.parametrize(
    ("item", "given", "place"),
    [
        ("nothing", {"answer": "yes"}, "item"),
        ("posted", {"answer": "perhaps"}, "answer"),
        ("posted", {"answer": "no"}, "grade"),
        ("posted", {"answer": "no", "grade": "minor"}, "note"),
        ("posted", {"answer": "yes", "grade": "major", "note": "Found"}, "grade"),
        ("lux", {"answer": "bright"}, "answer"),
        ("posted", {"answer": "no", "grade": "minor", "note": "x" * 5001}, "note"),
        ("posted", {"answer": "yes", "photos": ["0" * 64]}, "photos"),
        ("posted", {"answer": "yes", "photos": ["photo.jpg"]}, "photos"),
    ],
)
def test_a_wrong_answer_is_told_at_its_place(item, given, place) -> None:
    at = furnished()
    with at.place.scope():
        audit = planned(at)
        with pytest.raises(Invalid) as refused:
            audit_services.record_answer(audit_id=audit.pk, item=item, actor=at.actor, now=NOW, **given)
        assert place in refused.value.fields
        assert not AuditAnswer.objects.exists()


def test_a_wrong_plan_is_told_at_its_place() -> None:
    at, other = furnished(), furnished("charlie")
    with other.place.scope():
        foreign = Site.objects.get().pk
    with at.place.scope():
        site, line, supplier = Site.objects.get(), Line.objects.get(), Supplier.objects.get()
        second = create_site(values={"code": "U2", "name": "Unit 2"}, actor=at.place.actor, now=NOW)
        of_stage = ChecklistTemplate.objects.get(code="CUT-CHECK")
        for place, plan in (
            ("site", {"site_id": None}),
            ("site", {"site_id": foreign}),
            ("supplier", {"site_id": site.pk, "supplier_id": supplier.pk}),
            ("line", {"site_id": second.pk, "line_id": line.pk}),
            ("checklist", {"site_id": site.pk, "checklist_id": of_stage.pk}),
            ("auditor", {"site_id": site.pk, "auditor_id": other.inspector.pk}),
            ("scope", {"site_id": site.pk, "scope": "x" * 1001}),
        ):
            with pytest.raises(Invalid) as refused:
                audit_services.plan_audit(
                    plan=AuditPlan(planned_on=DAY, **plan), actor=at.place.actor, now=NOW
                )
            assert list(refused.value.fields) == [place]
        assert planned(at, site_id=None, supplier_id=supplier.pk).about == "Mill"
        assert planned(at, site_id=None, line_id=line.pk).site == site
        assert [audit.number for audit in Audit.objects.order_by("number")] == [1, 2]


def test_who_may_do_what() -> None:
    at, other = furnished(), furnished("charlie")
    with at.place.scope():
        audit = planned(at)
        with pytest.raises(Forbidden):
            audit_services.plan_audit(
                plan=AuditPlan(planned_on=DAY, site_id=audit.site_id), actor=at.actor, now=NOW
            )
        with pytest.raises(Forbidden):  # only a manager signs for QA
            signed(at, audit, role="qa")
        with pytest.raises(Forbidden):
            signed(at, audit, signer=at.place.owner)
        with pytest.raises(Invalid):
            signed(at, audit, password="wrong")
    with other.place.scope():
        with pytest.raises(NotFound):
            audit_selectors.audit_or_missing(audit.pk)
        with pytest.raises(NotFound):
            answer(other, audit, "posted", "yes")
        with pytest.raises(NotFound):
            signed(other, audit)


def test_a_major_finding_opens_a_nonconformity_and_any_other_by_hand(
    django_capture_on_commit_callbacks,
) -> None:
    at = furnished()
    with at.place.scope(), django_capture_on_commit_callbacks(execute=True):
        audit = planned(at, line_id=Line.objects.get().pk)
        answer(at, audit, "posted", "no", grade="minor", note="Nothing hangs there")
        answer(at, audit, "needles", "no", grade="major", note="No log of broken needles")
        answer(at, audit, "lux", "1200")
        assert decided(at, audit).verdict == "fail"
    with at.place.scope():
        (case,) = Nonconformity.objects.all()
        assert (case.source, case.severity, case.problem) == ("audit", "major", "No log of broken needles")
        assert (case.title, case.site_id, case.line_id) == (
            "AUD-0001 · Needles?",
            audit.site_id,
            audit.line_id,
        )
        manager = at.place.actor
        again = {"audit_id": audit.pk, "actor": manager, "now": NOW}
        assert open_about_finding(item="needles", **again) == case
        minor = open_about_finding(item="posted", **again)
        assert (minor.severity, Nonconformity.objects.count()) == ("minor", 2)
        with pytest.raises(NotFound):
            open_about_finding(item="lux", **again)


def test_the_setting_keeps_majors_from_opening_one(django_capture_on_commit_callbacks) -> None:
    at = furnished()
    with at.place.scope():
        set_capa_settings(values={"opens_on_fail": False}, actor=at.place.actor, now=NOW)
        with django_capture_on_commit_callbacks(execute=True):
            audit = planned(at)
            answer(at, audit, "needles", "no", grade="major", note="No log")
            answer(at, audit, "posted", "na")
            answer(at, audit, "lux", "1200")
            decided(at, audit)
    with at.place.scope():
        assert not Nonconformity.objects.exists()


def token(html: str) -> dict[str, str]:
    return {"csrfmiddlewaretoken": re.search(r'csrfmiddlewaretoken" value="([^"]+)"', html)[1]}  # type: ignore[index]


@pytest.mark.parametrize("language", ["en", "bn"])
def test_by_page(language: str) -> None:
    at = furnished()
    manager, inspector = Client(), Client()
    manager.force_login(at.place.owner)
    inspector.force_login(at.inspector)
    for client in (manager, inspector):
        client.cookies["language"] = language
    base = at.base.replace("inspections/", "audits/")
    assert inspector.get(f"{base}new/").status_code == 403
    with at.place.scope():
        site, lists = Site.objects.get(), ChecklistTemplate.objects.get(code="AUD-1")
    form = {"planned_on": "2026-03-16", "checklist": str(lists.pk)}
    refused = manager.post(f"{base}new/", form)
    assert (refused.status_code, "site" in refused.context["form"].errors) == (422, True)
    made = manager.post(f"{base}new/", {**form, "site": str(site.pk)})
    url = made["Location"]
    record = inspector.get(f"{url}record/")
    assert record.status_code == 200
    # By script: only the question and the bar come back; what is missing stands beside what was typed.
    typed = {"item": "posted", "place": "q0", "answer": "no", "note": "Nothing hangs there"}
    wrong = inspector.post(f"{url}answer/", typed, headers={"X-In-Place": "1"})
    html = wrong.content.decode()
    assert (wrong.status_code, "Nothing hangs there" in html, "<html" in html) == (422, True, False)
    photo = BytesIO(jpeg())
    photo.name = "wall.jpg"
    full = {**typed, "grade": "minor", "q0-files": photo, "q0-files_attests": STATEMENT_VERSION}
    done = inspector.post(f"{url}answer/", full, headers={"X-In-Place": "1"})
    assert done.status_code == 200, done.content.decode()
    assert 'id="audit-progress"' in done.content.decode()
    # Without scripts: the whole page again with the words, or on to the question.
    plain = inspector.post(f"{url}answer/", {"item": "lux", "place": "q2", "answer": "bright"})
    assert (plain.status_code, "bright" in plain.content.decode()) == (422, True)
    number = "১২০০" if language == "bn" else "1200,0"
    plain = inspector.post(f"{url}answer/", {"item": "lux", "place": "q2", "answer": number})
    assert (plain.status_code, plain["Location"]) == (302, f"{url}record/#q2")
    inspector.post(f"{url}answer/", {"item": "needles", "place": "q1", "answer": "yes"})
    with at.place.scope():
        audit = Audit.objects.get()
        assert [len(row.photos) for row in audit_selectors.answers_of(audit)] == [1, 0, 0]
    signing = {"role": "auditor", "meaning": "audited", "password": "wrong", "do": "submit"}
    assert inspector.post(f"{url}sign/", signing).status_code == 422
    assert inspector.post(f"{url}sign/", {**signing, "password": PASSWORD}).status_code == 302
    page = manager.get(url)
    assert "Nothing hangs there" in page.content.decode()
    assert "66.7" in page.content.decode() or "৬৬.৭" in page.content.decode()
    assert manager.get(base).content.decode().count("AUD-0001") >= 1
    assert inspector.post(f"{url}answer/", typed)["Location"] == url
    assert inspector.get(f"{url}record/")["Location"] == url
    opened = manager.post(
        f"{at.base.replace('inspections/', 'capa/')}about/audit/{audit.pk}/", {"item": "posted"}
    )
    assert opened.status_code == 302
    assert inspector.get(f"{base}?q=unit&site={site.pk}").status_code == 200


def test_the_home_page_says_what_waits_for_its_auditor() -> None:
    at = furnished()
    client = Client()
    client.force_login(at.inspector)
    home = f"/w/{at.place.workspace.slug}/"
    with at.place.scope():
        planned(at, auditor_id=at.inspector.pk)
        planned(at, auditor_id=at.place.owner.pk)
        planned(at, planned_on=date(2199, 1, 1))
    page = client.get(home).content.decode()
    assert [code in page for code in ("AUD-0001", "AUD-0002", "AUD-0003")] == [True, False, False]


def test_guests_of_a_buyer_see_no_audit() -> None:
    at = furnished()
    with at.place.scope():
        audit = planned(at)
        from goldseal.catalog.models import Buyer

        guest = at.place.member("guest", Role.BUYER_GUEST, buyer=Buyer.objects.get(pk=at.buyer_id))
    client = Client()
    client.force_login(guest)
    base = at.base.replace("inspections/", "audits/")
    assert client.get(base).status_code == 403
    assert client.get(f"{base}{audit.pk}/").status_code == 403
    with at.place.scope(Buyer.objects.none().first()):
        assert Audit.objects.count() == 1


def test_the_record_adds_up_and_renders_in_every_language(tmp_path) -> None:
    at = furnished()
    with at.place.scope():
        audit = planned(at, auditee="Mina", scope="Sewing", criteria="ISO 9001, 8.5")
        answer(at, audit, "posted", "no", grade="minor", note="Nothing hangs there " * 60)
        answer(at, audit, "needles", "no", grade="major", note="No log")
        answer(at, audit, "lux", "1200", grade="observation", note="Very bright")
        decided(at, audit)
        audit = audit_selectors.audit_or_missing(audit.pk)
        record = audit_record(audit, at.place.workspace)
    held = record["audit"]
    assert (held["conforming"], held["applicable"], held["percent"]) == (1, 3, "33.3")
    assert [row["grade"] for row in held["findings"]] == ["major", "minor", "observation"]
    assert sum(s["conforming"] for s in held["sections"]) == 1
    assert record["verdict"]["overall"] == "fail"
    assert record["signatures"][0]["record_hash"] == audit.content_hash
    assert json.loads(canonical_json(record=record)) == record
    from goldseal.inspections.audit_reports import TEMPLATE

    for language in ("en", "bn", "both"):
        head = {"number": "R-1", "version": 1, "language": language, "issued_at": "2026-03-16T15:00:00+06:00"}
        whole = {
            **record,
            "report": {**record["report"], **head, "verify_url": "https://goldseal.invalid/v/x"},
        }
        check_known(record=whole)
        pdf = render_pdf(template=TEMPLATE, data=whole, photos={}, timestamp=NOW, attach_json=b"{}")
        assert pdf.startswith(b"%PDF")
        book = openpyxl.load_workbook(BytesIO(record_sheet(record=whole, canonical_hash="0" * 64, pack=None)))
        answers = next(sheet for sheet in book if sheet.max_row == 1 + len(ITEMS) and sheet.max_column == 9)
        assert [row[7] for row in answers.iter_rows(min_row=2, values_only=True)][1] == "No log"
    with override("en"):
        assert audit.get_state_display() == "Decided"
