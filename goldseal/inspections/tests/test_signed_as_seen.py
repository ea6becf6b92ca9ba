"""One signs what one saw; photos are photos; what is no longer asked is no finding; the named auditor signs."""

import io

import pytest
from django.test import Client

from goldseal.capa.audit_services import open_about_finding, open_from_audit
from goldseal.capa.models import Nonconformity
from goldseal.catalog.services import save_template
from goldseal.files.selectors import STATEMENT_VERSION
from goldseal.files.services import attest_authority, receive_file
from goldseal.files.tests.makers import pdf
from goldseal.inspections import audit_services, services
from goldseal.inspections.models import AuditSignature
from goldseal.inspections.tests.makers import NOW, PASSWORD, Floor, floor, signed_in
from goldseal.inspections.tests.recording import event, planned_at, send
from goldseal.inspections.tests.test_audits import answer, decided, furnished, planned, signed
from goldseal.kit.clock import utc_now
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from goldseal.kit.permissions import Role
from goldseal.workspaces.services import make_token

pytestmark = pytest.mark.django_db
OLD = "0" * 64


def sign(at: Floor, inspection, **more):
    given = {"role": "inspector", "meaning": "Inspected as recorded", "device": "test", **more}
    with at.place.scope():
        return services.sign_inspection(
            inspection_id=inspection.pk,
            signer=at.inspector,
            password=PASSWORD,
            actor=at.actor,
            now=NOW,
            **given,
        )


def hash_by_api(at: Floor, inspection) -> str:
    """The content hash as somebody reads it who signs by the API."""
    with at.place.scope():
        _row, secret = make_token(
            label="t", scopes="write", days=9, user=at.inspector, actor=at.actor, now=utc_now()
        )
    found = Client().get(
        f"/api/v1/inspections/{inspection.pk}/events", headers={"Authorization": f"Bearer {secret}"}
    )
    return found.json()["content_hash"]


def test_a_record_that_changed_meanwhile_is_not_signed() -> None:
    at = floor()
    inspection = planned_at(at, "END")
    send(at, inspection, ("pieces_tallied", {"hour": 8, "passed": 10}))
    shown = hash_by_api(at, inspection)
    send(at, inspection, ("pieces_tallied", {"hour": 8, "rejected": 10}))
    now = hash_by_api(at, inspection)
    with pytest.raises(Conflict, match="changed while you read it"):
        sign(at, inspection, seen=shown)
    assert sign(at, inspection, seen=now).record_hash == now


def test_the_page_of_an_inspection_sends_what_it_showed() -> None:
    at = floor()
    inspection = planned_at(at, "END")
    send(at, inspection, ("pieces_tallied", {"hour": 8, "passed": 10}))
    client, url = signed_in(at.inspector), f"{at.base}{inspection.pk}/sign/"
    form = {"role": "inspector", "meaning": "inspected", "password": PASSWORD, "do": "submit"}
    page = client.get(url).content.decode()
    shown = page.split('name="record_hash" value="')[1][:64]
    send(at, inspection, ("pieces_tallied", {"hour": 9, "rejected": 3}))
    refused = client.post(url, {**form, "record_hash": shown})
    assert refused.status_code == 422
    again = refused.content.decode()
    assert "changed while you read it" in again
    assert shown not in again  # the page shows the record as it is now, ready to be signed
    with at.place.scope():
        inspection.refresh_from_db()
        assert inspection.state == "in_progress"
    now = again.split('name="record_hash" value="')[1][:64]
    assert client.post(url, {**form, "record_hash": now}).status_code == 302


def test_an_audit_that_changed_meanwhile_is_not_signed() -> None:
    at = furnished()
    with at.place.scope():
        audit = planned(at)
        answer(at, audit, "posted", "no", grade="major", note="Exit locked")
        audit.refresh_from_db()
        shown = audit.content_hash
        answer(at, audit, "posted", "yes")
        with pytest.raises(Conflict, match="changed while you read it"):
            signed(at, audit, seen=shown)
        assert not AuditSignature.objects.exists()
        audit.refresh_from_db()
        assert signed(at, audit, seen=audit.content_hash).record_hash == audit.content_hash


def test_only_the_named_auditor_or_a_manager_signs_as_auditor() -> None:
    at = furnished()
    other = at.place.member("alice-carl", Role.INSPECTOR)
    with at.place.scope():
        audit = planned(at, auditor_id=other.pk)
        with pytest.raises(Forbidden):
            signed(at, audit)
        free = planned(at)
        assert signed(at, free).role == "auditor"


def test_a_document_is_no_photo_of_an_audit_or_an_inspection() -> None:
    at = furnished()
    with at.place.scope():
        attest_authority(version=STATEMENT_VERSION, actor=at.actor, now=NOW)
        digest = receive_file(source=io.BytesIO(pdf()), name="a.pdf", actor=at.actor, now=NOW).sha256
        audit = planned(at)
        with pytest.raises(Invalid) as refused:
            answer(at, audit, "posted", "yes", photos=[digest])
        assert "photos" in refused.value.fields
    inspection = planned_at(at, "FIN")
    with pytest.raises(Invalid), at.place.scope():
        services.apply_events(
            inspection_id=inspection.pk,
            events=[event("photo_attached", {"sha256": digest, "section": "packing"}, str(at.inspector.pk))],
            actor=at.actor,
            now=NOW,
        )


def test_a_finding_on_a_question_no_longer_asked_opens_nothing() -> None:
    at = furnished()
    items = [
        {"key": "dyes", "section": "documents", "label_en": "Dyes here?"},
        {
            "key": "effluent", "section": "documents", "label_en": "Effluent treated?", "failing": ["no"],
            "only_if": {"key": "dyes", "is": ["yes"]},
        },
        {"key": "posted", "section": "documents", "label_en": "Posted?", "failing": ["no"]},
    ]  # fmt: skip
    with at.place.scope():
        template = save_template(
            values={"name_en": "Wet", "pass_at_pct": 60}, items=items, actor=at.place.actor, now=NOW
        )
        audit = planned(at, checklist_id=template.pk)
        answer(at, audit, "dyes", "yes")
        answer(at, audit, "effluent", "no", grade="major", note="Into the river")
        answer(at, audit, "dyes", "no")
        answer(at, audit, "posted", "yes")
        assert decided(at, audit).verdict == "pass"
        assert open_from_audit(audit_id=audit.pk, actor=at.place.actor, now=NOW) == []
        with pytest.raises(NotFound):
            open_about_finding(audit_id=audit.pk, item="effluent", actor=at.place.actor, now=NOW)
        assert not Nonconformity.objects.exists()
        assert audit_services.findings_of(audit) == {}
