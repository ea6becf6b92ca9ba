"""What the check before sharing and a failed report say, in the language of the page; and what the API verifies."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from goldseal.accounts.models import User
from goldseal.kit import reporting
from goldseal.kit.clock import utc_now
from goldseal.kit.errors import Conflict
from goldseal.kit.wording import number_when_read
from goldseal.reports import seal_services, services
from goldseal.reports.drafting import draft_pdf
from goldseal.reports.engine.photos import PhotoUnreadableError, TooManyPhotosError
from goldseal.reports.models import ReportVersion, SealCertificate
from goldseal.reports.tests import kinds
from goldseal.reports.tests.people import NOW, actor, checked, founded, sealed
from goldseal.reports.wording import failure_in_words
from goldseal.workspaces.models import Workspace, WorkspaceState
from goldseal.workspaces.services import make_token, workspace_scope

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


@pytest.fixture(autouse=True)
def _quiet_minute():
    cache.clear()


def page_of(client: Any, one: Any, version: ReportVersion, language: str) -> str:
    client.force_login(User.objects.get(email="alice@example.test"))
    client.cookies["language"] = language
    page: str = client.get(f"{one.get_absolute_url()}reports/{version.report_id}/").content.decode()
    return page


def building(monkeypatch: pytest.MonkeyPatch, build: Any) -> None:
    monkeypatch.setitem(reporting._KINDS, kinds.KIND.code, replace(kinds.KIND, build=build))


def test_words_beside_the_ticks_are_kept_in_both_languages(client, one, alice, monkeypatch) -> None:
    def build(pk: Any, context: Any) -> Any:
        said = format_lazy("{} {}", _("Version"), number_when_read(1234))
        return replace(
            kinds.KIND.build(pk, context), facts={"measurements": said, "photos": "in one language"}
        )

    subject = kinds.held(one.pk)
    del kinds.RECORDS[subject].data["measurement"]  # else its own figures are shown
    building(monkeypatch, build)
    version = sealed(one, alice, subject)
    assert version.summary["facts"] == {
        "measurements": "Version 1,234",
        "measurements.bn": "সংস্করণ ১,২৩৪",
        "photos": "in one language",
    }
    assert "Version 1,234" in page_of(client, one, version, "en")
    assert "সংস্করণ ১,২৩৪" in page_of(client, one, version, "bn")
    assert "in one language" in page_of(client, one, version, "bn")  # as all were kept before


@pytest.mark.parametrize(
    ("problem", "english", "bangla"),
    [
        (
            PhotoUnreadableError("7 (Label)"),
            "Photo 7 (Label) cannot be read as a JPEG, PNG or WebP picture.",
            "ছবি 7 (Label) JPEG, PNG বা WebP ছবি হিসেবে পড়া যায় না।",
        ),
        (
            PhotoUnreadableError("7 (Label)", (9000, 6000)),
            "Photo 7 (Label) has 9,000 × 6,000 pixels; at most 50 million are printed.",
            "ছবি 7 (Label)-এ ৯,০০০ × ৬,০০০ পিক্সেল আছে; সর্বোচ্চ ৫ কোটি ছাপা হয়।",
        ),
        (
            TooManyPhotosError(500),
            "The 500 photos are too large together for one report, even printed small.",
            "ছোট করে ছাপলেও ৫০০টি ছবি একসঙ্গে একটি রিপোর্টের জন্য বেশি বড়।",
        ),
    ],
)
def test_photos_that_cannot_be_printed_are_told_in_both(
    client, one, alice, monkeypatch, problem, english, bangla
):
    for language, said in (("en", english), ("bn", bangla)):
        with override(language):
            assert str(failure_in_words(problem)) == said

    def build(pk: Any, context: Any) -> Any:
        raise problem

    subject = kinds.held(one.pk)
    building(monkeypatch, build)
    with workspace_scope(one.pk):
        version = services.seal_report(
            kind="test-inspection", subject_id=subject, language="en", actor=alice, now=NOW
        )
    assert (version.state, version.failure) == ("failed", english)
    assert english in page_of(client, one, version, "en")
    assert bangla in page_of(client, one, version, "bn")


def test_draft_whose_photos_were_lost_since_is_refused_with_a_sentence(one, alice, monkeypatch) -> None:
    version = sealed(one, alice, kinds.held(one.pk))

    def build(pk: Any, context: Any) -> Any:
        raise PhotoUnreadableError("61")

    building(monkeypatch, build)
    with workspace_scope(one.pk), pytest.raises(Conflict, match="photos are no longer as they were"):
        draft_pdf(version=version, now=NOW)


def test_api_says_that_a_seal_was_revoked_and_that_an_issuer_was_erased(client, one, alice) -> None:
    version = sealed(one, alice, kinds.held(one.pk))
    checked(one, alice, version)
    other = founded("charlie")
    user = User.objects.get(email="charlie@example.test")
    with workspace_scope(other.pk, actor_id=user.pk):
        charlie = actor(other, "charlie")
        token = make_token(label="t", scopes="write", days=9, user=user, actor=charlie, now=utc_now())[1]

    def asked() -> dict[str, Any]:
        response = client.post(
            "/api/v1/reports/verify",
            json.dumps({"file_hash": version.file_hash}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )
        assert response.status_code == 200
        found: dict[str, Any] = response.json()
        return found

    assert (asked()["answer"], asked()["seal_revoked_at"], asked()["erased_on"]) == ("valid", None, None)
    with workspace_scope(one.pk):
        seal_services.revoke_seal(
            seal_id=SealCertificate.objects.get().pk, reason="The laptop was stolen.", actor=alice, now=NOW
        )
    assert asked()["seal_revoked_at"] == "2026-11-20T10:42:00Z"
    assert (asked()["answer"], asked()["released"]) == ("valid", True)

    with workspace_scope(one.pk):
        Workspace.objects.filter(pk=one.pk).update(state=WorkspaceState.ERASING)
    hidden = asked()
    assert (hidden["answer"], hidden["erasing"], hidden["erased_on"]) == ("withdrawn", True, None)
    assert (hidden["number"], hidden["issued_by"], hidden["seal_revoked_at"]) == ("", "", None)
    page = client.get(f"/verify/{version.token}").content.decode()
    assert "is being erased" in page
    assert one.name not in page
    assert client.get(f"/verify/{version.token}/offline.html").status_code == 404

    services.bury_reports(one.pk, NOW)
    with workspace_scope(one.pk), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.erasing', %s, true)", [str(one.pk)])
        for table in ("presharecheck", "reportversion", "report"):
            cursor.execute(f"DELETE FROM reports_{table}")
    gone = asked()
    assert (gone["answer"], gone["erased_on"]) == ("withdrawn", "2026-11-20")
    assert "/offline" not in client.get(f"/verify/{version.token}").content.decode()
    assert (gone["number"], gone["issued_by"], gone["seal_revoked_at"]) == ("", "", None)
