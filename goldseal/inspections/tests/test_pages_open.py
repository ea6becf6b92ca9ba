"""The pages of inspections at the door: who opens them, in both languages, at what cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goldseal.catalog.tests.makers import add_buyer, person
from goldseal.inspections.models import Inspection, InspectionEvent
from goldseal.inspections.tests.makers import Floor, floor, guest, signed_in, tap
from goldseal.kit.ids import new_id
from goldseal.kit.permissions import Role

pytestmark = pytest.mark.django_db
SECTIONS = [
    "quantity",
    "cartons",
    "conformity",
    "workmanship",
    "measurement",
    "onsite_tests",
    "special",
    "remarks",
]
CARTONS = [{"first": 1, "last": 5, "pieces": 10}]


@pytest.fixture
def at() -> Floor:
    return floor()


def pages(at: Floor, inspection: Inspection) -> list[str]:
    own = f"{at.base}{inspection.pk}/"
    recording = [f"{own}record/{section}/" for section in SECTIONS]
    return [
        at.base,
        f"{at.base}?format=csv",
        f"{at.base}new/",
        f"{at.base}new/?order={at.order_id}&stage={at.stage_id}",
        own,
        f"{own}sign/",
        *recording,
    ]


@pytest.mark.parametrize("language", ["en", "bn"])
def test_every_page_opens(at: Floor, language: str) -> None:
    inspection = at.plan(cartons=CARTONS)
    client = signed_in(at.place.owner)
    client.cookies["django_language"] = language
    for url in pages(at, inspection):
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert "style=" not in answer.content.decode().replace("/style=", ""), url
    home = client.get(f"/w/{at.place.workspace.slug}/")
    assert home.status_code == 200
    assert inspection.code not in client.get(f"{at.base}?verdict=fail").content.decode()
    assert client.get(f"{at.base}{inspection.pk}/record/").status_code == 302


def test_the_list_finds_by_code_order_style_and_buyer(at: Floor) -> None:
    inspection = at.plan()
    client = signed_in(at.inspector)
    for words in ("FIN-00001", "50217", "1042", "Buyer NORTH", "fin 1042"):
        assert inspection.code in client.get(at.base, {"q": words}).content.decode(), words
    assert inspection.code not in client.get(at.base, {"q": "FIN-00002"}).content.decode()
    assert inspection.code in client.get(at.base, {"whose": "mine"}).content.decode()
    assert inspection.code not in client.get(at.base, {"whose": "nobody"}).content.decode()


def test_two_workspaces_do_not_see_each_other(at: Floor) -> None:
    inspection, other = at.plan(), floor("charlie")
    stranger = signed_in(other.place.owner)
    for section in ("", "sign/", "record/", "record/quantity/"):
        theirs = stranger.get(f"{other.base}{inspection.pk}/{section}")
        missing = stranger.get(f"{other.base}{new_id()}/{section}")
        assert theirs.status_code == missing.status_code == 404
        assert stranger.get(f"{at.base}{inspection.pk}/{section}").status_code == 404
    for path in ("events/", "assign/", "cancel/", "report/", "sign/", "record/quantity/", "record/choose/"):
        assert (
            stranger.post(f"{other.base}{inspection.pk}/{path}", {"reason": "because"}).status_code == 404
        ), path
    assert inspection.code not in stranger.get(other.base).content.decode()
    assert stranger.get(f"{other.base}new/?order={at.order_id}&stage={at.stage_id}").status_code == 404


def test_a_guest_sees_the_own_buyer_only(at: Floor) -> None:
    inspection = at.plan()
    with at.place.scope():
        from goldseal.catalog.models import Buyer

        own, other = Buyer.objects.get(pk=at.buyer_id), add_buyer(at.place, "SOUTH")
    url = f"{at.base}{inspection.pk}/"
    insider, outsider = (signed_in(guest(at, buyer, f"guest-{buyer.code}")) for buyer in (own, other))
    assert insider.get(url).status_code == 200
    assert outsider.get(url).status_code == 404
    assert inspection.code in insider.get(at.base).content.decode()
    assert inspection.code not in outsider.get(at.base).content.decode()
    assert insider.get(f"{url}record/quantity/").status_code == 403
    assert insider.get(f"{at.base}new/").status_code == 403


def test_a_viewer_cannot_record(at: Floor) -> None:
    inspection = at.plan()
    viewer = signed_in(at.place.member("viewer", Role.VIEWER))
    url = f"{at.base}{inspection.pk}/"
    assert viewer.get(url).status_code == 200
    assert "record/" not in viewer.get(url).content.decode()
    for path in ("record/quantity/", "sign/", "events/", "assign/", "cancel/", "report/", "record/choose/"):
        assert viewer.post(f"{url}{path}", {"groups": "q0"}).status_code == 403, path
    with at.place.scope():
        assert not InspectionEvent.objects.exists()


def test_logged_out_people_are_sent_to_sign_in(at: Floor, client) -> None:
    inspection = at.plan()
    assert client.get(f"{at.base}{inspection.pk}/").status_code in (302, 401)
    assert person("dora") is not None


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    # Savepoints, and settings taken back at the end of a scope, exist only inside a test's transaction.
    ours = [q["sql"] for q in seen.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    return sum(
        1
        for sql in ours
        if not sql.startswith(
            ("SELECT set_config('app.actor_id', ''", "SELECT set_config('app.workspace_id', ''")
        )
    )


def test_pages_cost_few_queries_whatever_their_length(at: Floor) -> None:
    inspection = at.plan(cartons=CARTONS)
    client = signed_in(at.place.owner)
    defects = f"{at.base}{inspection.pk}/record/workmanship/"
    home = f"/w/{at.place.workspace.slug}/"

    def found(count: int) -> None:
        for _n in range(count):
            assert tap(client, defects, "d", d__code="SW03", d__zone="B").status_code == 302
        for _n in range(count):
            at.plan()

    found(1)
    urls = [*pages(at, inspection)]
    few = {url: queries(client, url) for url in urls}
    found(3)
    many = {url: queries(client, url) for url in urls}
    assert many == few
    assert max(few.values()) <= 15, few
    assert queries(client, home) <= 18
