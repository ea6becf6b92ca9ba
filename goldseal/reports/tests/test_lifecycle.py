"""A report's life: requested, numbered, sealed, checked, shared, superseded, withdrawn; and what refuses."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.utils import Error
from django.utils.translation import gettext_lazy, override
from procrastinate.contrib.django.models import ProcrastinateJob

from goldseal.accounts.models import User
from goldseal.files.errors import Unreadable
from goldseal.kit.actors import system_actor
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from goldseal.kit.permissions import Role
from goldseal.reports import selectors, services, vault
from goldseal.reports.engine.verify import Kind, examine
from goldseal.reports.models import ErasedSeal, Report, ReportShare, ReportVersion
from goldseal.reports.tests import kinds
from goldseal.reports.tests.people import (
    NOW,
    actor,
    answered,
    as_role,
    checked,
    founded,
    pdf_of,
    sealed,
    shared,
)
from goldseal.trail.models import Entry
from goldseal.trail.selectors import verify_chain
from goldseal.workspaces.services import workspace_scope

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


def test_request_queues_a_job_and_the_job_seals(one, alice) -> None:
    subject = kinds.held(one.pk)
    with workspace_scope(one.pk):
        version = services.request_report(
            kind="test-inspection", subject_id=subject, language="en", actor=alice, now=NOW
        )
    assert (version.state, version.report.number, version.version) == ("queued", "GS-2026-000001", 1)
    job = ProcrastinateJob.objects.get(task_name="reports.seal_version")
    assert job.args == {"workspace_id": str(one.pk), "version_id": str(version.pk)}

    with workspace_scope(one.pk):
        done = services.seal_version(version_id=version.pk, actor=system_actor(one.pk), now=NOW)
    assert (done.state, done.verdict, done.sealed_by_id) == ("sealed", "pass", alice.person_id)
    checked(one, alice, done)
    pdf = pdf_of(one, done)
    found = examine(pdf, trusted_certs=selectors.certificates_of)
    assert found.kind is Kind.INTACT
    assert found.record["report"]["number"] == "GS-2026-000001"
    assert found.record["report"]["issued_at"] == "2026-11-20T16:42:00+06:00"  # Dhaka
    assert found.record["report"]["verify_url"].endswith(f"/verify/{done.token}")
    assert hashlib.sha256(pdf).hexdigest() == done.file_hash == found.file_hash
    with workspace_scope(one.pk):
        record = services.download_report(version_id=done.pk, form="json", actor=alice, now=NOW).content
    assert hashlib.sha256(record).hexdigest() == done.content_hash


def test_sealing_twice_changes_nothing(one, alice) -> None:
    version = sealed(one, alice, kinds.held(one.pk))
    with workspace_scope(one.pk):
        again = services.seal_version(version_id=version.pk, actor=alice, now=NOW + timedelta(days=1))
    assert (again.sealed_at, again.file_hash) == (version.sealed_at, version.file_hash)


def test_token_has_128_bits_or_more_and_is_kept_beside_its_digest(one, alice) -> None:
    version = sealed(one, alice, kinds.held(one.pk))
    assert len(version.token) * 6 >= 128
    assert len(version.token_digest) == 64


def test_sealed_bytes_lie_encrypted(one, alice, settings) -> None:
    version = sealed(one, alice, kinds.held(one.pk))
    files = list(Path(settings.FILES_FOLDER).rglob(version.file_address))
    assert len(files) == 1
    assert b"%PDF" not in files[0].read_bytes()


def test_numbers_follow_year_and_workspace(one, alice) -> None:
    two = founded("charlie")
    charlie = actor(two, "charlie")
    assert sealed(one, alice, kinds.held(one.pk)).report.number == "GS-2026-000001"
    assert sealed(one, alice, kinds.held(one.pk)).report.number == "GS-2026-000002"
    assert sealed(two, charlie, kinds.held(two.pk)).report.number == "GS-2026-000001"
    # 31 December 18:30 UTC is the next year in Dhaka already.
    later = datetime(2026, 12, 31, 18, 30, tzinfo=UTC)
    assert sealed(one, alice, kinds.held(one.pk), now=later).report.number == "GS-2027-000001"


def test_reissue_supersedes_and_says_what_changed(one, alice) -> None:
    subject = kinds.held(one.pk)
    first = sealed(one, alice, subject)
    kinds.RECORDS[subject].data["verdict"] = {
        "overall": "fail",
        "reasons": [{"code": "x", "text_en": "Colour is off."}],
        "reinspection_on": None,
    }
    kinds.RECORDS[subject].data["header"]["destination"] = "Hamburg"
    second = sealed(one, alice, subject, now=NOW + timedelta(hours=1))
    assert (second.report_id, second.version, second.supersedes_id) == (first.report_id, 2, first.pk)
    assert second.changes == "Verdict: pass → fail. Destination: Rotterdam → Hamburg."
    with workspace_scope(one.pk):
        first.refresh_from_db()
        record = vault.fetch_record(workspace_id=one.pk, address=second.record_address)
    assert (first.state, first.superseded_at) == ("superseded", NOW + timedelta(hours=1))
    assert record["report"]["supersedes"] == {
        "number": "GS-2026-000001",
        "version": 1,
        "content_hash": first.content_hash,
    }
    assert record["report"]["changes"] == second.changes


def test_while_one_is_being_prepared_no_other_starts(one, alice) -> None:
    subject = kinds.held(one.pk)
    request = {"kind": "test-inspection", "subject_id": subject, "language": "en", "actor": alice, "now": NOW}
    with workspace_scope(one.pk):
        services.request_report(**request)
        with pytest.raises(Conflict):
            services.request_report(**request)


def test_what_cannot_be_printed_fails_with_the_reason_and_can_be_tried_again(one, alice) -> None:
    subject = kinds.held(one.pk)
    kept = kinds.RECORDS[subject].photos
    kinds.RECORDS[subject].photos = {}
    with workspace_scope(one.pk):
        version = services.seal_report(
            kind="test-inspection", subject_id=subject, language="en", actor=alice, now=NOW
        )
        assert (version.state, version.failure_code, version.sealed_at) == ("failed", "layout", None)
        assert "Photo 1" in version.failure
        kinds.RECORDS[subject].photos = kept
        again = services.seal_report(
            kind="test-inspection", subject_id=subject, language="bn", actor=alice, now=NOW
        )
    assert (again.pk, again.version, again.state, again.failure) == (version.pk, 1, "sealed", "")


def test_failure_is_kept_in_both_languages(client, one, alice, monkeypatch) -> None:
    subject = kinds.held(one.pk)
    sentence = "Only a sealed version that still holds can be shared."

    def fails(*_args: object) -> None:
        raise Conflict(gettext_lazy(sentence))

    monkeypatch.setattr("goldseal.reports.sealing_services.check_known", lambda record: fails())
    with workspace_scope(one.pk), override("bn"):
        version = services.seal_report(
            kind="test-inspection", subject_id=subject, language="en", actor=alice, now=NOW
        )
    assert (version.state, version.failure_code, version.failure) == ("failed", "subject", sentence)
    client.force_login(User.objects.get(email="alice@example.test"))
    client.cookies["language"] = "bn"
    page = client.get(f"{one.get_absolute_url()}reports/{version.report_id}/").content.decode()
    assert "শুধু সিল করা ও চালু সংস্করণ শেয়ার করা যায়।" in page
    assert f'lang="en">{sentence}' not in page  # the trail keeps it as it was written


def test_record_that_is_incomplete_is_not_sealed(one, alice) -> None:
    subject = kinds.held(one.pk)
    del kinds.RECORDS[subject].data["verdict"]
    with workspace_scope(one.pk):
        version = services.seal_report(
            kind="test-inspection", subject_id=subject, language="en", actor=alice, now=NOW
        )
    assert (version.state, version.failure_code) == ("failed", "record")


def test_bad_requests_are_refused(one, alice) -> None:
    two = founded("charlie")
    with workspace_scope(one.pk):
        for changes, error in [
            ({"kind": "no-such"}, Invalid),
            ({"language": "fr"}, Invalid),
            ({"subject_id": kinds.held(two.pk)}, NotFound),
            ({"subject_id": kinds.held(one.pk, is_open=True)}, Conflict),
            ({"actor": as_role(alice, Role.VIEWER)}, Forbidden),
        ]:
            values = {
                "kind": "test-inspection",
                "subject_id": kinds.held(one.pk),
                "language": "en",
                "actor": alice,
            }
            with pytest.raises(error):
                services.request_report(**{**values, **changes}, now=NOW)
        assert not Report.objects.exists()


def test_no_sharing_and_no_sealed_file_before_the_check(one, alice) -> None:
    version = sealed(one, alice, kinds.held(one.pk))
    with workspace_scope(one.pk):
        with pytest.raises(Conflict):
            services.share_report(version_id=version.pk, recipient="Northfold", days=30, actor=alice, now=NOW)
        with pytest.raises(Conflict):
            services.download_report(version_id=version.pk, form="pdf", actor=alice, now=NOW)
        with pytest.raises(Invalid) as refused:
            services.complete_pre_share_check(
                version_id=version.pk, ticks={"counts": True, "photos": True}, actor=alice, now=NOW
            )
        assert set(refused.value.fields) == {"measurements", "aql_result", "authorised"}
        with pytest.raises(Forbidden):
            services.complete_pre_share_check(
                version_id=version.pk, ticks={}, actor=as_role(alice, Role.INSPECTOR), now=NOW
            )
        assert not ReportShare.objects.exists()
        draft = services.download_report(version_id=version.pk, form="draft", actor=alice, now=NOW)
    assert draft.name == "GS-2026-000001-v1-DRAFT.pdf"
    assert examine(draft.content, trusted_certs=selectors.certificates_of).kind is Kind.UNSIGNED
    checked(one, alice, version)
    assert pdf_of(one, version).startswith(b"%PDF-")
    assert shared(one, alice, version)
    with workspace_scope(one.pk):
        check = selectors.check_of(version)
        assert (check.reviewer_name, check.at) == ("alice", NOW)
        with pytest.raises(Conflict):
            services.complete_pre_share_check(
                version_id=version.pk, ticks=dict.fromkeys(services.TICKS, True), actor=alice, now=NOW
            )


def test_withdrawn_once_with_a_reason(one, alice) -> None:
    version = sealed(one, alice, kinds.held(one.pk))
    with workspace_scope(one.pk):
        with pytest.raises(Invalid):
            services.withdraw_report(version_id=version.pk, reason=" no ", actor=alice, now=NOW)
        with pytest.raises(Forbidden):
            services.withdraw_report(
                version_id=version.pk, reason="Wrong lot.", actor=as_role(alice, Role.INSPECTOR), now=NOW
            )
        done = services.withdraw_report(version_id=version.pk, reason="Wrong lot.", actor=alice, now=NOW)
        assert (done.state, done.withdrawn_reason) == ("withdrawn", "Wrong lot.")
        with pytest.raises(Conflict):
            services.withdraw_report(version_id=version.pk, reason="Wrong lot.", actor=alice, now=NOW)
        with pytest.raises(Conflict):
            services.complete_pre_share_check(
                version_id=version.pk, ticks=dict.fromkeys(services.TICKS, True), actor=alice, now=NOW
            )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE reports_reportversion SET file_hash = repeat('0', 64)",
        "UPDATE reports_reportversion SET verdict = 'pass', summary = '{}'",
        "UPDATE reports_reportversion SET sealed_at = sealed_at - interval '1 day'",
        "UPDATE reports_reportversion SET sealed_at = NULL, state = 'queued'",
        "UPDATE reports_reportversion SET token_digest = repeat('1', 64)",
        "UPDATE reports_report SET number = 'GS-2026-000099'",
        "UPDATE reports_reportcounter SET last = 40",
        "UPDATE reports_reportcounter SET last = 0",
        "UPDATE reports_presharecheck SET reviewer_name = 'Somebody else'",
        "UPDATE reports_presharecheck SET at = at - interval '1 day'",
        "DELETE FROM reports_presharecheck",
        "DELETE FROM reports_reportversion",
        "DELETE FROM reports_report",
        "DELETE FROM reports_reportcounter",
    ],
)
def test_database_refuses_to_change_what_was_sealed(one, alice, change, transactional_savepoint) -> None:
    version = sealed(one, alice, kinds.held(one.pk, verdict="fail"))
    checked(one, alice, version)
    with workspace_scope(one.pk), transactional_savepoint(), pytest.raises(Error) as refused:
        with connection.cursor() as cursor:
            cursor.execute(change)
    assert refused.value.__cause__.sqlstate == "42501"


@pytest.mark.parametrize("state", ["sealed", "superseded"])
def test_withdrawn_is_for_ever(one, alice, state, transactional_savepoint) -> None:
    version = sealed(one, alice, kinds.held(one.pk))
    with workspace_scope(one.pk):
        services.withdraw_report(version_id=version.pk, reason="Wrong lot.", actor=alice, now=NOW)
        with transactional_savepoint(), pytest.raises(Error), connection.cursor() as cursor:
            cursor.execute("UPDATE reports_reportversion SET state = %s", [state])


def test_erasure_may_delete_only_its_own_workspace(one, alice, transactional_savepoint) -> None:
    two = founded("charlie")
    sealed(one, alice, kinds.held(one.pk))
    tables = ("presharecheck", "reportshare", "reportversion", "report", "reportcounter")
    with workspace_scope(one.pk), transactional_savepoint(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.erasing', %s, true)", [str(two.pk)])
        with transactional_savepoint(), pytest.raises(Error):
            cursor.execute("DELETE FROM reports_reportversion")
        cursor.execute("SELECT set_config('app.erasing', %s, true)", [str(one.pk)])
        for table in tables:
            cursor.execute(f"DELETE FROM reports_{table}")
        assert not Report.objects.exists()


def test_erased_person_is_taken_out_of_seal_and_check(one, alice) -> None:
    version = sealed(one, alice, kinds.held(one.pk))
    checked(one, alice, version)
    with workspace_scope(one.pk):
        assert ReportVersion.objects.update(sealed_by=None) == 1
        assert version.checks.update(reviewer=None, reviewer_name="") == 1


def test_two_workspaces_see_only_their_own(one, alice) -> None:
    two = founded("charlie")
    charlie = actor(two, "charlie")
    mine, theirs = sealed(one, alice, kinds.held(one.pk)), sealed(two, charlie, kinds.held(two.pk))
    checked(one, alice, mine)
    shared(one, alice, mine)
    with workspace_scope(two.pk):
        assert [r.pk for r in selectors.reports()] == [theirs.report_id]
        assert {v.pk for v in ReportVersion._base_manager.all()} == {theirs.pk}
        assert not ReportShare._base_manager.exists()
        for act in (
            lambda: selectors.report_by_id(mine.report_id),
            lambda: services.download_report(version_id=mine.pk, form="json", actor=charlie, now=NOW),
            lambda: services.withdraw_report(version_id=mine.pk, reason="Not mine.", actor=charlie, now=NOW),
            lambda: services.seal_version(version_id=mine.pk, actor=charlie, now=NOW),
            lambda: services.share_report(version_id=mine.pk, recipient="x", days=1, actor=charlie, now=NOW),
        ):
            with pytest.raises(NotFound):
                act()


def test_everything_is_in_the_trail_and_the_chain_verifies(one, alice) -> None:
    version = sealed(one, alice, kinds.held(one.pk))
    checked(one, alice, version)
    secret = shared(one, alice, version)
    services.note_visit(secret=secret, now=NOW)
    services.note_visit(secret=secret, now=NOW)
    answered(secret)
    with workspace_scope(one.pk):
        services.withdraw_report(version_id=version.pk, reason="Wrong lot.", actor=alice, now=NOW)
    with workspace_scope(one.pk):
        events = list(Entry.objects.order_by("sequence").values_list("event", flat=True))
        assert verify_chain(one.pk, anchors=[]).problem is None
    assert [event for event in events if event.startswith(("report.", "share.", "response."))] == [
        "report.requested",
        "report.sealed",
        "report.checked",
        "share.made",
        "share.opened",
        "response.acknowledge",
        "report.withdrawn",
    ]


def test_share_ends_on_time_and_counts_visits(one, alice) -> None:
    version = sealed(one, alice, kinds.held(one.pk))
    checked(one, alice, version)
    secret = shared(one, alice, version, days=2)
    for _visit in range(3):
        share = services.note_visit(secret=secret, now=NOW + timedelta(days=1))
    assert share.viewed_count == 3
    with pytest.raises(NotFound):
        services.note_visit(secret=secret, now=NOW + timedelta(days=2))
    with pytest.raises(NotFound):
        answered(secret, now=NOW + timedelta(days=2))
    with pytest.raises(NotFound):
        services.download_shared(secret=secret, now=NOW + timedelta(days=2))
    assert answered(secret).name == "Buyer One"
    with pytest.raises(Conflict):
        answered(secret)


def test_buried_reports_leave_two_digests_and_a_date(one, alice) -> None:
    version = sealed(one, alice, kinds.held(one.pk))
    assert services.bury_reports(one.pk, NOW) == 1
    assert services.bury_reports(one.pk, NOW) == 1
    [left] = ErasedSeal.objects.all()
    assert (left.token_digest, left.file_hash, left.erased_on) == (
        version.token_digest,
        version.file_hash,
        NOW.date(),
    )
    services.erase_report_files(one.pk)
    checked(one, alice, version)
    with pytest.raises(Unreadable):
        pdf_of(one, version)
