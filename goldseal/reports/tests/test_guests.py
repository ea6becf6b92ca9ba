"""What a guest of a buyer gets: every checked report of the own buyer to see, download and answer; nothing else."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache

from goldseal.accounts.models import User
from goldseal.kit.clock import utc_now
from goldseal.kit.errors import Conflict, NotFound
from goldseal.kit.ids import new_id
from goldseal.kit.permissions import Role, permissions_of
from goldseal.reports import selectors, services
from goldseal.reports.models import BuyerResponse, Report, ReportShare, ReportVersion
from goldseal.reports.tests import kinds
from goldseal.reports.tests.people import NOW, answered, checked, guest_of, sealed, shared
from goldseal.workspaces.services import make_token, workspace_scope

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


@pytest.fixture(autouse=True)
def _quiet_minute():
    cache.clear()


@pytest.fixture
def northfold():
    return new_id()


@pytest.fixture
def versions(one, alice, northfold) -> dict[str, ReportVersion]:
    """One report of each standing: of the guest's buyer checked, a draft and a withdrawn one; another buyer's."""
    found = {
        "checked": sealed(one, alice, kinds.held(one.pk, buyer_id=northfold)),
        "draft": sealed(one, alice, kinds.held(one.pk, buyer_id=northfold)),
        "withdrawn": sealed(one, alice, kinds.held(one.pk, buyer_id=northfold)),
        "foreign": sealed(one, alice, kinds.held(one.pk, buyer_id=new_id())),
        "nobody's": sealed(one, alice, kinds.held(one.pk)),
    }
    for name, version in found.items():
        if name != "draft":
            checked(one, alice, version)
    with workspace_scope(one.pk):
        services.withdraw_report(version_id=found["withdrawn"].pk, reason="Wrong lot.", actor=alice, now=NOW)
    return found


def test_services_and_both_walls(one, northfold, versions) -> None:
    gina = guest_of(one, northfold)
    seen = {versions["checked"], versions["withdrawn"]}
    with workspace_scope(one.pk, compartment_id=northfold):
        assert {report.pk for report in selectors.reports()} == {version.report_id for version in seen}
        # PostgreSQL agrees where Python's wall is climbed.
        assert {row.pk for row in Report._base_manager.all()} == {version.report_id for version in seen}
        assert {row.pk for row in ReportVersion._base_manager.all()} == {version.pk for version in seen}
        assert not ReportShare._base_manager.exists()
        for form in ("pdf", "xlsx", "json"):
            found = services.download_report(
                version_id=versions["checked"].pk, form=form, actor=gina, now=NOW
            )
            assert found.content
        refused = [
            ("checked", "draft"),
            *(
                (name, form)
                for name in ("draft", "withdrawn", "foreign", "nobody's")
                for form in ("pdf", "json")
            ),
        ]
        for name, form in refused:
            with pytest.raises(NotFound):
                services.download_report(version_id=versions[name].pk, form=form, actor=gina, now=NOW)
        with pytest.raises(NotFound):
            services.answer_report(
                version_id=versions["foreign"].pk, kind="comment", text="Mine", actor=gina, now=NOW
            )


def test_pages_filter_zip_and_answer(client, one, northfold, versions) -> None:
    guest_of(one, northfold)
    client.force_login(User.objects.get(email="gina@example.test"))
    base = f"{one.get_absolute_url()}reports/"

    def listed(query: str = "") -> set[str]:
        page = client.get(f"{base}{query}").content.decode()
        return {name for name, version in versions.items() if version.report.number in page}

    assert listed() == {"checked", "withdrawn"}
    assert listed("?state=sealed") == {"checked"}
    offered = client.get(base).content.decode()
    assert [state for state in ("draft", "failed", "sealed") if f'value="{state}"' in offered] == ["sealed"]
    assert listed("?state=withdrawn") == {"withdrawn"}
    assert listed("?answer=reject") == set()
    every = "&".join(f"pick={version.report_id}" for version in versions.values())
    for query in ("", f"?{every}"):
        response = client.get(f"{base}zip/{query}")
        with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as bundle:
            assert bundle.namelist() == [f"{versions['checked'].report.number}-v1.pdf", "reports.csv"]
            listing = bundle.read("reports.csv").decode()
        assert versions["foreign"].report.number not in listing
        assert versions["draft"].report.number not in listing
    own = versions["checked"]
    page = client.get(f"{base}{own.report_id}/").content.decode()
    assert "Answer the factory" in page
    for word in ("I vouch for it", "Make a link", "Issue a new version", "/draft/", "Withdraw"):
        assert word not in page, word
    answer = {"kind": "reject", "text": "Shade is off."}
    assert client.post(f"{base}{own.report_id}/versions/{own.pk}/answer/", answer).status_code == 302
    assert listed("?answer=reject") == {"checked"}
    withdrawn = versions["withdrawn"]
    page = client.get(f"{base}{withdrawn.report_id}/").content.decode()
    assert "Wrong lot." in page
    assert "/pdf/" not in page
    for name in ("draft", "foreign", "nobody's"):
        version = versions[name]
        assert client.get(f"{base}{version.report_id}/").status_code == 404
        assert client.get(f"{base}{version.report_id}/versions/{version.pk}/json/").status_code == 404
        assert (
            client.post(f"{base}{version.report_id}/versions/{version.pk}/answer/", answer).status_code == 404
        )


def test_api(client, one, northfold, versions) -> None:
    gina = guest_of(one, northfold)
    user = User.objects.get(email="gina@example.test")
    with workspace_scope(one.pk, actor_id=user.pk):
        who = replace(gina, permissions=permissions_of([Role.BUYER_GUEST]) | {"tokens.manage"})
        token = make_token(label="t", scopes="write", days=9, user=user, actor=who, now=utc_now())[1]

    def call(method: str, path: str, body: object = None):
        return getattr(client, method)(
            f"/api/v1/reports{path}",
            json.dumps(body) if body else None,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )

    assert {row["id"] for row in call("get", "").json()["items"]} == {
        str(versions["checked"].report_id),
        str(versions["withdrawn"].report_id),
    }
    for name, status in (("checked", 200), ("withdrawn", 404), ("draft", 404), ("foreign", 404)):
        assert call("get", f"/{versions[name].report_id}/versions/1/pdf").status_code == status, name
    said = {"version": 1, "kind": "acknowledge"}
    assert call("post", f"/{versions['checked'].report_id}/responses", said).status_code == 201
    assert call("post", f"/{versions['foreign'].report_id}/responses", said).status_code == 404


def test_ended_link_does_not_hide_the_report_and_a_draft_stays_hidden(
    one, alice, northfold, versions
) -> None:
    own = versions["checked"]
    shared(one, alice, own)
    with workspace_scope(one.pk):
        services.revoke_share(share_id=ReportShare.objects.get().pk, actor=alice, now=NOW)
    second = sealed(one, alice, own.report.subject_id, now=NOW + timedelta(hours=1))
    for newest, state in ((1, "sealed"), (2, "sealed")):
        with workspace_scope(one.pk, compartment_id=northfold):
            report = selectors.reports().get(pk=own.report_id)
            assert (report.latest_version, report.latest_state) == (newest, state)
        if newest == 1:
            checked(one, alice, second)
    with workspace_scope(one.pk, compartment_id=northfold):
        assert {
            version.version: version.state for version, _check in selectors.versions_of(own.report_id)
        } == {
            1: "superseded",
            2: "sealed",
        }


def _seen(one, buyer_id) -> list[tuple[str, list[int]]]:
    """What a guest of a buyer sees of each report: its title and its versions."""
    with workspace_scope(one.pk, compartment_id=buyer_id):
        return [
            (report.title, [version.version for version, _check in selectors.versions_of(report.pk)])
            for report in selectors.reports()
        ]


def test_a_report_released_to_one_buyer_never_becomes_anothers(one, alice, northfold) -> None:
    southfold, subject = new_id(), kinds.held(one.pk, buyer_id=northfold)
    first = sealed(one, alice, subject)
    checked(one, alice, first)
    told = ("NF-1207 · Northfold", [1])
    assert (_seen(one, northfold), _seen(one, southfold)) == ([told], [])
    kinds.RECORDS[subject].buyer_id, kinds.RECORDS[subject].title = southfold, "Southfold only"
    with workspace_scope(one.pk), pytest.raises(Conflict, match="belongs to another buyer"):
        services.request_report(
            kind="test-inspection", subject_id=subject, language="en", actor=alice, now=NOW
        )
    for buyer_id in (southfold, northfold):  # and even if the report itself had gone to another buyer
        with workspace_scope(one.pk):
            Report.objects.filter(pk=first.report_id).update(compartment_id=buyer_id)
        shared(one, alice, first)
        assert (_seen(one, northfold), _seen(one, southfold)) == ([told], [])
    # Asked for in time, and the record moved before it was sealed.
    kinds.RECORDS[subject].buyer_id = northfold
    with workspace_scope(one.pk):
        second = services.request_report(
            kind="test-inspection", subject_id=subject, language="en", actor=alice, now=NOW
        )
        kinds.RECORDS[subject].buyer_id = southfold
        second = services.seal_version(version_id=second.pk, actor=alice, now=NOW)
    assert (second.state, "belongs to another buyer" in second.failure) == ("failed", True)
    assert (_seen(one, northfold), _seen(one, southfold)) == ([told], [])


def test_a_report_of_drafts_follows_its_record_and_old_drafts_are_void(one, alice, northfold) -> None:
    southfold, subject = new_id(), kinds.held(one.pk, buyer_id=northfold)
    first = sealed(one, alice, subject)
    kinds.RECORDS[subject].buyer_id = southfold
    with workspace_scope(one.pk):
        second = services.request_report(
            kind="test-inspection", subject_id=subject, language="en", actor=alice, now=NOW
        )
        assert Report.objects.get(pk=first.report_id).compartment_id == northfold
        services.seal_version(version_id=second.pk, actor=alice, now=NOW)
    with pytest.raises(Conflict):
        checked(one, alice, first)
    checked(one, alice, second)
    assert (_seen(one, northfold), _seen(one, southfold)) == ([], [("NF-1207 · Northfold", [2])])


def test_new_words_are_told_once_their_version_is_checked(one, alice, northfold) -> None:
    subject = kinds.held(one.pk, buyer_id=northfold)
    checked(one, alice, sealed(one, alice, subject))
    kinds.RECORDS[subject].title = "Corrected words"
    second = sealed(one, alice, subject, now=NOW + timedelta(hours=1))
    assert _seen(one, northfold) == [("NF-1207 · Northfold", [1])]
    checked(one, alice, second)
    assert _seen(one, northfold) == [("Corrected words", [2, 1])]


def test_an_answer_is_chosen_and_a_superseded_version_takes_remarks_only(
    client, one, alice, northfold
) -> None:
    subject = kinds.held(one.pk, buyer_id=northfold)
    first = sealed(one, alice, subject)
    checked(one, alice, first)
    secret = shared(one, alice, first)
    gina = guest_of(one, northfold)
    client.force_login(User.objects.get(email="gina@example.test"))
    page = f"{one.get_absolute_url()}reports/{first.report_id}/"
    for address in (page, f"/shared/{secret}/"):
        offered = client.get(address).content.decode()
        assert ('value="reject"' in offered, " checked" in offered) == (True, False), address
    second = sealed(one, alice, subject, now=NOW + timedelta(hours=1))
    checked(one, alice, second)
    with workspace_scope(one.pk, compartment_id=northfold):
        services.answer_report(version_id=second.pk, kind="reject", text="Shade.", actor=gina, now=NOW)
    later = NOW + timedelta(hours=2)
    for kind in ("acknowledge", "concession"):
        with pytest.raises(Conflict, match="newer version"):
            answered(secret, kind=kind, text="Fine by us", now=later)
    assert answered(secret, kind="comment", text="We read it late.", now=later).pk
    offered = client.get(f"/shared/{secret}/").content.decode()
    assert ('value="comment"' in offered, 'value="reject"' in offered) == (True, False)
    with workspace_scope(one.pk):
        assert selectors.reports().get(pk=first.report_id).answer == "reject"


def test_the_newest_answered_version_stands_before_a_later_answer_to_an_old_one(
    one, alice, northfold
) -> None:
    subject = kinds.held(one.pk, buyer_id=northfold)
    for number, kind in ((2, "acknowledge"), (1, "reject")):
        version = sealed(one, alice, subject, now=NOW + timedelta(hours=number))
        checked(one, alice, version)
        with workspace_scope(one.pk):
            BuyerResponse.objects.create(version=version, kind=kind, at=NOW + timedelta(days=number))
    with workspace_scope(one.pk):
        assert selectors.reports().get(pk=version.report_id).answer == "reject"
