"""Pages and API of reports: who may open what, what a form says, how many queries a page takes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goldseal.accounts.models import User
from goldseal.kit import reporting
from goldseal.kit.clock import utc_now
from goldseal.kit.ids import new_id
from goldseal.kit.permissions import Role
from goldseal.reports import services
from goldseal.reports.models import ReportShare, ReportVersion
from goldseal.reports.tests import kinds
from goldseal.reports.tests.people import NOW, actor, checked, founded, member, sealed, shared
from goldseal.workspaces.services import make_token, workspace_scope

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:No directory at"),
]


@pytest.fixture
def version(one, alice):
    return sealed(one, alice, kinds.held(one.pk))


@pytest.fixture
def home(one):
    return one.get_absolute_url()


def signed_in(client, name: str):
    client.force_login(User.objects.get(email=f"{name}@example.test"))
    return client


def test_whole_way_through_the_pages(client, home, version, one) -> None:
    signed_in(client, "alice")
    page = f"{home}reports/{version.report_id}/"
    own = f"{page}versions/{version.pk}/"
    assert "GS-2026-000001" in client.get(f"{home}reports/").content.decode()
    assert "I vouch for it" in client.get(page).content.decode()
    assert "wait for the check before sharing" in client.get(home).content.decode()

    early = client.get(f"{own}pdf/", follow=True)
    assert "after the check before sharing" in early.content.decode()
    missed = client.post(f"{own}check/", {"counts": "on"})
    assert missed.status_code == 422
    assert missed.content.decode().count("Look at this and tick it.") == 4
    refused = client.post(f"{own}share/", {"recipient": "Northfold", "days": 30})
    assert refused.status_code == 422
    assert "The check before sharing is not complete" in refused.content.decode()

    ticks = dict.fromkeys(services.TICKS, "on")
    assert client.post(f"{own}check/", ticks).status_code == 302
    assert client.get(f"{own}pdf/").content.startswith(b"%PDF-")
    made = client.post(f"{own}share/", {"recipient": "Northfold office", "days": 30})
    [link] = {part for part in made.content.decode().split('"') if "/shared/" in part}
    assert client.get(link.partition("8000")[2]).status_code == 200
    with workspace_scope(one.pk):
        share = ReportShare.objects.get()
    assert client.post(f"{page}shares/{share.pk}/revoke/").status_code == 302
    assert client.get(link.partition("8000")[2]).status_code == 404

    assert client.post(f"{page}reissue/", {"language": "xx"}).status_code == 422
    assert client.post(f"{page}reissue/", {"language": "bn"}).status_code == 302
    assert "is being prepared" in client.get(page).content.decode()
    assert "is being prepared" in client.get(f"{page}progress/").content.decode()
    bad = client.post(f"{own}withdraw/", {"reason": "x"})
    assert (bad.status_code, "in 5 to 500 letters" in bad.content.decode()) == (422, True)
    assert client.post(f"{own}withdraw/", {"reason": "The lot was mixed up."}).status_code == 302
    assert "The lot was mixed up." in client.get(page).content.decode()


PAGES = [
    "reports/",
    "reports/{report}/",
    "reports/{report}/progress/",
    "reports/{report}/versions/{version}/json/",
]
ACTS = [
    "reports/{report}/versions/{version}/check/",
    "reports/{report}/versions/{version}/share/",
    "reports/{report}/versions/{version}/withdraw/",
    "reports/{report}/shares/{version}/revoke/",
]


def test_doors_for_everybody(client, home, version, one) -> None:
    founded("charlie")
    member(one, "bob", Role.INSPECTOR)
    member(one, "vera", Role.VIEWER)
    names = {"report": version.report_id, "version": version.pk}

    def statuses(addresses, method="get"):
        return {getattr(client, method)(home + a.format(**names)).status_code for a in addresses}

    assert statuses(PAGES) == statuses(ACTS, "post") == {302}  # to sign in
    signed_in(client, "charlie")
    assert statuses(PAGES) == statuses(ACTS, "post") == {404}
    signed_in(client, "vera")
    assert statuses(PAGES) == {200}
    assert statuses([*ACTS, "reports/{report}/reissue/"], "post") == {403}
    signed_in(client, "bob")
    assert statuses(PAGES) == {200}
    assert statuses(ACTS, "post") == {403}
    assert client.post(f"{home}reports/{version.report_id}/reissue/", {"language": "en"}).status_code == 302


def test_foreign_and_nonexistent_answer_with_the_same_bytes(client, home, one, alice, version) -> None:
    two = founded("charlie")
    foreign = sealed(two, actor(two, "charlie"), kinds.held(two.pk))
    signed_in(client, "alice")
    for report, own in ((foreign.report_id, foreign.pk), (version.report_id, foreign.pk)):
        for tail in ("", f"versions/{own}/json/", f"versions/{own}/withdraw/"):
            there = client.get(f"{home}reports/{report}/{tail}")
            if not tail and report == version.report_id:
                continue
            nowhere = client.get(f"{home}reports/01a20200-0000-7000-8000-000000000001/{tail}")
            assert (there.status_code, there.content) == (404, nowhere.content)


def test_guest_sees_the_shared_report_of_the_own_buyer(client, home, one, alice) -> None:
    northfold = new_id()
    quiet = sealed(one, alice, kinds.held(one.pk, buyer_id=northfold))
    open_one = sealed(one, alice, kinds.held(one.pk, buyer_id=northfold))
    checked(one, alice, open_one)
    shared(one, alice, open_one)
    member(one, "dave", Role.BUYER_GUEST, northfold)
    signed_in(client, "dave")
    listed = client.get(f"{home}reports/").content.decode()
    assert open_one.report.number in listed
    assert quiet.report.number not in listed
    page = client.get(f"{home}reports/{open_one.report_id}/").content.decode()
    assert "Sealed PDF" in page
    assert "Northfold office" not in page  # who else holds a link is the factory's matter
    assert "History" not in page
    assert client.get(f"{home}reports/{quiet.report_id}/").status_code == 404


@pytest.mark.parametrize("address", ["reports/", "reports/{report}/", ""])
def test_queries_stay_the_same_with_three_times_the_rows(client, home, one, alice, version, address) -> None:
    signed_in(client, "alice")
    page = home + address.format(report=version.report_id)
    client.get(page)

    def more(count: int) -> None:
        with workspace_scope(one.pk):
            for _ in range(count):
                share = ReportShare(
                    version=version,
                    recipient="x",
                    token_digest="0" * 64,
                    created_at=NOW,
                    expires_at=NOW + timedelta(days=999),
                )
                share.save()
        for _ in range(count):
            with workspace_scope(one.pk):
                from goldseal.reports.services import request_report

                request_report(
                    kind="test-inspection", subject_id=kinds.held(one.pk), language="en", actor=alice, now=NOW
                )

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(page).status_code == 200
        return len([q for q in seen.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])

    more(3)
    few = queries()
    more(6)
    assert queries() == few
    assert few <= 16


def test_list_narrows_sorts_and_exports(client, home, one, alice, version) -> None:
    with workspace_scope(one.pk):
        from goldseal.reports.services import request_report

        request_report(
            kind="test-inspection", subject_id=kinds.held(one.pk), language="en", actor=alice, now=NOW
        )
    signed_in(client, "alice")

    def numbers(query: str) -> list[str]:
        page = client.get(f"{home}reports/?{query}").content.decode()
        return [n for n in ("GS-2026-000001", "GS-2026-000002") if n in page]

    assert numbers("state=draft") == ["GS-2026-000001"]
    assert numbers("state=queued") == ["GS-2026-000002"]
    assert numbers("verdict=fail") == []
    assert numbers("q=000002") == ["GS-2026-000002"]
    assert numbers("sort=-title&after=nonsense") == ["GS-2026-000001", "GS-2026-000002"]
    sheet = client.get(f"{home}reports/?format=csv").content.decode()
    assert "GS-2026-000001,NF-1207 · Northfold,Test inspection,Pass,,Not released yet,1" in sheet


@pytest.fixture
def call(client, one, alice):
    """Call the API with a token that may read and write."""
    with workspace_scope(one.pk):
        _row, secret = make_token(
            label="t",
            scopes="write",
            days=30,
            user=User.objects.get(pk=alice.person_id),
            actor=alice,
            now=utc_now(),
        )

    def send(method: str, path: str, body=None, headers=None):
        return getattr(client, method)(
            f"/api/v1{path}",
            data=body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"} if headers is None else headers,
        )

    return send


def test_api_from_request_to_file(call, one, version) -> None:
    subject = kinds.held(one.pk)
    body = {"kind": "test-inspection", "subject_id": str(subject), "language": "both"}
    made = call("post", "/reports", body)
    assert made.status_code == 201, made.content
    assert made.json()["state"] == "queued"
    assert call("post", "/reports", body).status_code == 409
    first = call("get", "/reports?limit=1").json()
    assert len(first["items"]) == 1
    second = call("get", f"/reports?limit=1&after={first['next']}").json()
    assert second["items"][0]["number"] == "GS-2026-000001"
    assert second["next"] is None
    read = call("get", f"/reports/{version.report_id}").json()
    assert read["versions"][0]["file_hash"] == version.file_hash
    assert call("get", f"/reports/{version.report_id}/versions/1/json").json()["schema"]
    assert call("get", f"/reports/{version.report_id}/versions/1/pdf").status_code == 409
    known = call("post", "/reports/verify", {"file_hash": version.file_hash}).json()
    assert (known["answer"], known["number"], known["verdict"]) == ("valid", "GS-2026-000001", "")
    assert call("post", "/reports/verify", {"file_hash": "0" * 64}).json()["answer"] == "unknown"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("post", "/reports", {"kind": "test-inspection"}, 422),
        ("post", "/reports", {"kind": "x\x00", "subject_id": str(new_id())}, 422),
        ("post", "/reports", {"kind": "nothing", "subject_id": str(new_id())}, 422),
        ("post", "/reports", {"kind": "test-inspection", "subject_id": str(new_id())}, 404),
        ("post", "/reports", {"kind": "test-inspection", "subject_id": str(new_id()), "more": 1}, 422),
        ("post", "/reports/verify", {"file_hash": "A" * 64}, 422),
        ("get", "/reports?limit=0", None, 422),
        ("get", "/reports?state=none", None, 422),
        ("get", "/reports/01a20200-0000-7000-8000-000000000001", None, 404),
        ("get", "/reports/01a20200-0000-7000-8000-000000000001/versions/1/pdf", None, 404),
        ("get", "/reports/01a20200-0000-7000-8000-000000000001/versions/99999999999999999999/pdf", None, 404),
        ("get", "/reports/01a20200-0000-7000-8000-000000000001/versions/1/exe", None, 422),
    ],
)
def test_api_says_what_is_wrong(call, method, path, body, status) -> None:
    response = call(method, path, body)
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"


def test_api_needs_a_token(call) -> None:
    assert call("get", "/reports", headers={}).status_code == 401
    assert call("post", "/reports/verify", {"file_hash": "0" * 64}, headers={}).status_code == 401


def test_job_seals_what_was_asked_for(one, alice) -> None:
    from types import SimpleNamespace

    from goldseal.reports.services import request_report
    from goldseal.reports.tasks import seal_version

    with workspace_scope(one.pk):
        version = request_report(
            kind="test-inspection", subject_id=kinds.held(one.pk), language="bn", actor=alice, now=NOW
        )
    context = SimpleNamespace(job=SimpleNamespace(attempts=0))
    seal_version.func(context, workspace_id=str(one.pk), version_id=str(version.pk))
    with workspace_scope(one.pk):
        assert ReportVersion.objects.get(pk=version.pk).state == "sealed"


def test_job_that_breaks_three_times_leaves_the_version_failed(one, alice, monkeypatch) -> None:
    from types import SimpleNamespace

    from goldseal.reports import services
    from goldseal.reports.tasks import MOST_RETRIES, seal_version

    with workspace_scope(one.pk):
        version = services.request_report(
            kind="test-inspection", subject_id=kinds.held(one.pk), language="en", actor=alice, now=NOW
        )

    def broken(**_values):
        raise OSError("disk gone")

    monkeypatch.setattr(services, "seal_version", broken)
    for attempt, state in ((0, "queued"), (MOST_RETRIES, "failed")):
        context = SimpleNamespace(job=SimpleNamespace(attempts=attempt))
        with pytest.raises(OSError, match="disk gone"):
            seal_version.func(context, workspace_id=str(one.pk), version_id=str(version.pk))
        with workspace_scope(one.pk):
            assert ReportVersion.objects.get(pk=version.pk).state == state


def test_all_waiting_reports_are_made_at_once(client, home, one, alice, monkeypatch) -> None:
    subjects = [kinds.held(one.pk) for _number in range(3)]
    kind = replace(kinds.KIND, waiting=lambda most: subjects[:most])
    monkeypatch.setitem(reporting._KINDS, kind.code, kind)
    signed_in(client, "alice")
    address = f"{home}reports/batch/"
    assert "Make all waiting reports" in client.get(f"{home}reports/").content.decode()
    assert "Test inspection" in client.get(address).content.decode()
    assert client.post(address, {"kind": "nonsense", "language": "en"}).status_code == 422
    asked = client.post(address, {"kind": kind.code, "language": "en"})
    progress = asked["Location"]
    shown = client.get(progress).content.decode()
    assert "0 of 3 sealed" in shown
    assert f'hx-get="{progress}"' in shown  # it goes on asking for the same moment
    with workspace_scope(one.pk):
        versions = list(ReportVersion.objects.order_by("pk"))
        for version in versions[:2]:
            services.seal_version(version_id=version.pk, actor=alice, now=utc_now())
    assert "2 of 3 sealed" in client.get(progress).content.decode()
    with workspace_scope(one.pk):
        services.fail_version(
            version=versions[2], code="unexpected", reason="broken", actor=alice, now=utc_now()
        )
    bar = client.get(progress, headers={"HX-Request": "true"}).content.decode()
    assert ("1 could not be made" in bar, "hx-trigger" in bar) == (True, False)
    subjects.clear()
    none = client.post(address, {"kind": kind.code, "language": "en"})
    assert (none.status_code, "has its report already" in none.content.decode()) == (422, True)
    member(one, "vera", Role.VIEWER)
    signed_in(client, "vera")
    assert {client.get(address).status_code, client.get(f"{address}progress/").status_code} == {403}
