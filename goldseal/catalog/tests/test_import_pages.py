"""The pages and the API of imports at the door, and the jobs behind them."""

import io
import json
import threading
import time

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from goldseal.catalog import tasks
from goldseal.catalog.models import ImportRun, ImportState, Order
from goldseal.catalog.services import importing
from goldseal.catalog.tests.makers import NOW, Factory, actor_in, add_buyer, add_style, factory, person
from goldseal.kit.clock import utc_now
from goldseal.kit.permissions import Role
from goldseal.workspaces.models import Membership
from goldseal.workspaces.services import make_token

SHEET = (
    "PO,Style,Colour,Size,Qty\n"
    "PO-1,NF-1042,Navy,S,144\nPO-1,NF-1042,Navy,M,=9\nPO-2,NF-1,Navy,M,5\nPO-3,NF-1042,Navy,S,77\n"
)
GOOD = "PO,Style,Colour,Size,Qty\nPO-1,NF-1042,Navy,S,144\n"
COLUMNS = ["po_number", "style", "colour", "size", "quantity"]


def signed_in(user, language: str = "en") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["language"] = language
    return client


def made_place() -> Factory:
    made = factory("alice")
    with made.scope():
        add_style(made, add_buyer(made))
    return made


def url(place: Factory, path: str = "") -> str:
    return f"/w/{place.workspace.slug}/catalog/imports/{path}"


def send(
    client: Client, place: Factory, text: str | bytes = SHEET, kind: str = "orders", name: str = "o.csv"
):
    data = text.encode() if isinstance(text, str) else text
    return client.post(url(place, "new/"), {"kind": kind, "file": SimpleUploadedFile(name, data)})


def matched(columns: list[str], **more) -> dict[str, str]:
    return {f"column-{n}": key for n, key in enumerate(columns, 1)} | {"existing": "keep"} | more


@pytest.fixture
def place(db) -> Factory:
    return made_place()


def run_of(place: Factory) -> ImportRun:
    with place.scope():
        return ImportRun.objects.order_by("-created_at")[0]


def check(place: Factory) -> ImportRun:
    with place.scope():
        return importing.carry_out_check(run_id=run_of(place).pk, now=NOW)


@pytest.mark.parametrize("language", ["en", "bn"])
def test_the_whole_way_on_the_pages(place: Factory, language: str) -> None:
    client = signed_in(place.owner, language)
    assert client.get(url(place)).status_code == 200
    assert client.get(url(place, "new/?kind=orders")).status_code == 200
    sent = send(client, place)
    assert sent.status_code == 302
    page = sent["Location"]
    assert client.get(page).status_code == 200
    moved = client.post(f"{page}sheet/", {"heading_row": "1"})
    assert moved.status_code == 302
    assert client.post(f"{page}check/", matched(COLUMNS)).status_code == 302
    assert client.get(page).status_code == 200
    assert client.get(f"{page}progress/").status_code == 200
    run = check(place)
    assert (run.state, [row for row, *_rest in run.problems]) == (ImportState.CHECKED, [3, 4])
    finished = client.get(f"{page}progress/")
    assert finished["HX-Refresh"] == "true"
    shown = client.get(page).content.decode()
    assert "E3" in shown
    assert "B4" in shown
    why = "Left out because row 3 of the same order" if language == "en" else "একই অর্ডারের 3 নম্বর সারিতে"
    assert shown.count(why) == 1
    assert shown.count("same order") == (language == "en")
    assert client.get(f"{page}?columns").status_code == 200
    assert client.post(f"{page}apply/").status_code == 302  # all of it: there are problems, so it is refused
    assert run_of(place).state == ImportState.CHECKED
    assert client.post(f"{page}apply/", {"only_good": "1"}).status_code == 302
    assert run_of(place).state == ImportState.APPLYING
    assert client.get(page).status_code == 200
    with place.scope():
        importing.carry_out_import(run_id=run.pk, actor=place.actor, now=NOW, progress=lambda _n: None)
        assert Order.objects.get().quantity == 77
    assert client.get(page).status_code == 200
    rest = openpyxl.load_workbook(io.BytesIO(client.get(f"{page}rest/").content)).active
    assert rest.max_row == 4
    assert rest["F3"].value == "=9"
    assert rest["F3"].data_type == "s"
    as_csv = client.get(f"{page}rest/?format=csv").content.decode("utf-8-sig")
    assert "'=9" in as_csv
    assert client.post(f"{page}discard/").status_code == 302
    assert client.get(page).status_code == 404


def test_what_is_wrong_with_a_file_stands_at_the_field(place: Factory) -> None:
    client = signed_in(place.owner)
    for data in (b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"x" * 10_500_000):
        answer = send(client, place, data)
        assert answer.status_code == 422
        assert 'class="wrong"' in answer.content.decode()
    assert send(client, place, kind="nothing").status_code == 422
    assert client.post(url(place, "new/"), {"kind": "orders"}).status_code == 422
    with place.scope():
        assert not ImportRun.objects.exists()


def test_a_matching_that_lacks_a_field_is_told_and_kept(place: Factory) -> None:
    client = signed_in(place.owner)
    page = send(client, place)["Location"]
    answer = client.post(f"{page}check/", matched(["po_number", "style", "colour", "", ""]))
    assert answer.status_code == 422
    assert "“Size”" in answer.content.decode()
    assert client.post(f"{page}sheet/", {"heading_row": "44"}).status_code == 422
    assert client.post(f"{page}check/", matched(["bogus", "style", "colour", "", ""])).status_code == 422


def test_a_template_is_an_empty_sheet_that_the_import_understands(place: Factory) -> None:
    client = signed_in(place.owner)
    for kind in ("orders", "styles", "defects"):
        answer = client.get(url(place, f"template/{kind}/"))
        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]
        page = send(client, place, answer.content, kind=kind, name="t.xlsx")["Location"]
        run = run_of(place)
        assert all(run.columns), (kind, run.columns)
        assert client.get(page).status_code == 200
    assert client.get(url(place, "template/nothing/")).status_code == 404


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.VIEWER])
def test_who_may_not_import_gets_no_page(place: Factory, role: Role) -> None:
    send(signed_in(place.owner), place)
    run = run_of(place)
    bob = signed_in(place.member("bob", role))
    for path in ("", "new/", "template/orders/", f"{run.pk}/", f"{run.pk}/rest/", f"{run.pk}/progress/"):
        assert bob.get(url(place, path)).status_code == 403, path
    for path in ("sheet/", "check/", "apply/", "discard/"):
        assert bob.post(url(place, f"{run.pk}/{path}")).status_code == 403, path


def test_a_stranger_and_another_workspace_find_nothing(place: Factory) -> None:
    send(signed_in(place.owner), place)
    run = run_of(place)
    charlie = factory("charlie")
    client = signed_in(charlie.owner)
    for path in (f"{run.pk}/", f"{run.pk}/rest/"):
        assert client.get(url(place, path)).status_code == 404
        assert client.get(url(charlie, path)).status_code == 404
    for path in ("sheet/", "check/", "apply/", "discard/"):
        assert client.post(url(charlie, f"{run.pk}/{path}"), {"heading_row": "1"}).status_code == 404
    assert Client().get(url(place, f"{run.pk}/")).status_code == 302


def test_the_pages_cost_the_same_with_three_times_as_many(place: Factory) -> None:
    client = signed_in(place.owner)

    def queries(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(url(place, path)).status_code == 200
        return len(
            [q for q in captured.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        )

    page = send(client, place)["Location"].split("imports/")[1]
    before = queries(""), queries(page)
    send(client, place)
    send(client, place)
    after = queries(""), queries(page)
    assert before == after
    assert max(after) <= 15


def test_a_list_as_xlsx_has_typed_cells(place: Factory) -> None:
    from goldseal.catalog.models import Style
    from goldseal.catalog.tests.makers import add_order

    with place.scope():
        add_order(place, Style.objects.get(), "=PO()")
    answer = signed_in(place.owner).get(f"/w/{place.workspace.slug}/catalog/orders/?format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=PO()", "s")
    assert (sheet["D2"].value, sheet["D2"].data_type) == (144 + 288 + 96 + 192, "n")
    assert sheet["E2"].is_date


class Caller:
    """A program with a token."""

    def __init__(self, place: Factory, user, role: Role, scopes: str = "write") -> None:
        with place.scope():
            _token, self.secret = make_token(
                label="t",
                scopes=scopes,
                days=30,
                user=user,
                actor=actor_in(place.workspace, user, role),
                now=utc_now(),
            )

    def __call__(self, method: str, path: str, body=None, file: bytes | None = None):
        options = {}
        if file is not None:
            options = {"data": {**(body or {}), "file": SimpleUploadedFile("o.csv", file)}}
        elif body is not None:
            options = {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(Client(), method)(
            f"/api/v1/imports{path}", headers={"Authorization": f"Bearer {self.secret}"}, **options
        )


def test_the_whole_way_over_the_api(place: Factory) -> None:
    alice = Caller(place, place.owner, Role.OWNER)
    sent = alice("post", "", {"kind": "orders"}, SHEET.encode())
    assert sent.status_code == 201
    assert (sent.json()["state"], sent.json()["columns"]) == ("uploaded", COLUMNS)
    pk = sent.json()["id"]
    assert alice("post", f"/{pk}/apply", {}).status_code == 409
    wrong = alice("post", f"/{pk}/check", {"columns": ["po_number"]})
    assert wrong.status_code == 422
    assert alice("post", f"/{pk}/check", {"bogus": 1}).status_code == 422
    assert alice("post", f"/{pk}/check", {}).status_code == 202
    check(place)
    found = alice("get", f"/{pk}").json()
    assert found["state"] == "checked"
    assert [(p["row"], p["cell"]) for p in found["problems"]] == [(3, "E3"), (4, "B4")]
    assert (found["rows_total"], found["rows_bad"], found["problems_total"]) == (4, 2, 2)
    assert (found["rows_held"], [(p["row"], p["cell"]) for p in found["held"]]) == (1, [(2, "")])
    assert alice("post", f"/{pk}/apply", {}).status_code == 409
    assert alice("post", f"/{pk}/apply", {"only_good": True}).status_code == 202
    with place.scope():
        importing.carry_out_import(run_id=pk, actor=place.actor, now=NOW, progress=lambda _n: None)
    assert alice("get", f"/{pk}").json()["counts"] == {"created": 1, "changed": 0, "lines": 1, "left_out": 3}


def test_the_api_refuses_files_kinds_and_people(place: Factory) -> None:
    alice = Caller(place, place.owner, Role.OWNER)
    assert alice("post", "", {"kind": "orders"}, b"%PDF-1.7").status_code == 422
    assert alice("post", "", {"kind": "nothing"}, GOOD.encode()).status_code == 404
    assert alice("post", "", {"kind": "a\x00b"}, GOOD.encode()).status_code == 422
    assert alice("post", "", {"kind": "orders"}, b"x" * 10_500_000).status_code == 413
    pk = alice("post", "", {"kind": "orders"}, GOOD.encode()).json()["id"]
    reader = Caller(place, place.member("bob", Role.VIEWER), Role.VIEWER, scopes="read")
    assert reader("get", f"/{pk}").status_code == 403
    charlie = factory("charlie")
    stranger = Caller(charlie, charlie.owner, Role.OWNER)
    for method, path in (("get", ""), ("post", "/apply"), ("post", "/check")):
        assert stranger(method, f"/{pk}{path}", {} if method == "post" else None).status_code == 404
    assert Client().get(f"/api/v1/imports/{pk}").status_code == 401


def test_the_jobs_write_with_the_rights_the_person_has_then(committed_db) -> None:
    place = made_place()
    bob = place.member("bob", Role.QA_MANAGER)
    client = signed_in(bob)
    with place.scope():
        actor = actor_in(place.workspace, bob, Role.QA_MANAGER)
    runs = []
    for _copy in range(2):
        with place.scope():
            run = importing.start_import(
                kind="orders", file_name="o.csv", data=GOOD.encode(), actor=actor, now=NOW
            )
            importing.check_import(run_id=run.pk, columns=COLUMNS, existing="merge", actor=actor, now=NOW)
        tasks.check_import_job(str(place.workspace.pk), str(run.pk))
        with place.scope():
            importing.apply_import(run_id=run.pk, is_only_good=False, actor=actor, now=NOW)
        runs.append(run)
    arguments = (str(place.workspace.pk), str(runs[0].pk), str(bob.pk))
    tasks.apply_import_job(*arguments)
    with place.scope():
        done = ImportRun.objects.get(pk=runs[0].pk)
        assert (done.state, done.counts["created"], done.rows_done) == (ImportState.DONE, 1, 1)
        Membership.objects.filter(user=bob).update(role=Role.VIEWER.value)
    tasks.apply_import_job(str(place.workspace.pk), str(runs[1].pk), str(bob.pk))
    with place.scope():
        assert ImportRun.objects.get(pk=runs[1].pk).state == ImportState.FAILED
        assert Order.objects.count() == 1
    tasks.apply_import_job(*arguments)
    with place.scope():
        assert ImportRun.objects.get(pk=runs[0].pk).state == ImportState.DONE
        Membership.objects.filter(user=bob).delete()
    assert client.get(url(place)).status_code == 404
    assert person("dora")


def test_two_imports_of_the_same_order_at_the_same_moment_write_it_once(committed_db) -> None:
    place = made_place()
    runs = []
    for _copy in range(2):
        with place.scope():
            run = importing.start_import(
                kind="orders", file_name="o.csv", data=GOOD.encode(), actor=place.actor, now=NOW
            )
            importing.check_import(run_id=run.pk, columns=COLUMNS, actor=place.actor, now=NOW)
        with place.scope():
            importing.carry_out_check(run_id=run.pk, now=NOW)
            importing.apply_import(run_id=run.pk, is_only_good=False, actor=place.actor, now=NOW)
        runs.append(run)
    other = threading.Thread(
        target=tasks.apply_import_job,
        args=(str(place.workspace.pk), str(runs[1].pk), str(place.owner.pk)),
    )

    def until_the_other_waits(_rows: int) -> None:
        other.start()
        deadline = time.monotonic() + 20
        with connection.cursor() as cursor:
            while time.monotonic() < deadline:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone()[0]:
                    return
                time.sleep(0.02)
        raise AssertionError("the other import never came to the same order")

    with place.scope():
        importing.carry_out_import(
            run_id=runs[0].pk, actor=place.actor, now=NOW, progress=until_the_other_waits
        )
    other.join(30)
    with place.scope():
        assert Order.objects.count() == 1
        assert ImportRun.objects.get(pk=runs[0].pk).state == ImportState.DONE
        late = ImportRun.objects.get(pk=runs[1].pk)
        assert late.state == ImportState.FAILED
        assert "same moment" in late.failure
        importing.check_import(run_id=late.pk, columns=COLUMNS, actor=place.actor, now=NOW)
        assert importing.carry_out_check(run_id=late.pk, now=NOW).rows_bad == 1
