"""The pages: a case from opening to the report, wrong entries at their fields, the API."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from goldseal.capa import opening_services, scar_answer_services
from goldseal.capa.models import Nonconformity, Proof, Scar
from goldseal.capa.tests.makers import (
    ANSWER,
    DUE,
    TODAY,
    Place,
    asked,
    give,
    move,
    place,
    plan_action,
    set_check,
    state_roots,
    verified,
)
from goldseal.catalog.models import Buyer
from goldseal.catalog.services import create_supplier
from goldseal.files.tests.makers import jpeg
from goldseal.inspections.tests.makers import NOW, guest, signed_in
from goldseal.kit.clock import utc_now

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_was_counted() -> None:
    cache.clear()


@pytest.fixture
def here() -> Place:
    return place()


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("seen.jpg", jpeg(), "image/jpeg")


def post(client: Client, url: str, **values: Any) -> Any:
    return client.post(url, {name.replace("__", "-"): value for name, value in values.items()})


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_every_page_of_a_case_opens(here: Place) -> None:
    case = here.failed()
    with here.at.place.scope():
        action = plan_action(here, case)
        state_roots(here, case)
        set_check(here, case, from_on=TODAY + timedelta(days=1))
    base, client = here.base, signed_in(here.manager)
    url = f"{base}{case.pk}/"
    for page, said in (
        (base, case.number),
        (f"{base}?when=overdue&q=NC-2026", case.number),
        (f"{base}new/", "Open a nonconformity"),
        (f"{base}board/", "Open by age"),
        (f"{base}pareto/?first=2026-03-01&last=2026-03-31&by=code&by=shift", "SW03"),
        (f"{base}settings/", "Days overdue after which"),
        (url, "Find the cause"),
        (f"{url}?view=cap", "Corrective action plan"),
        (f"{url}edit/", "Cost of poor quality"),
        (f"{url}defects/", "Defects found"),
        (f"{url}cause/", "Is / is not"),
        (f"{url}effect/", "What the numbers say"),
        (f"{url}actions/new/", "Plan an action"),
        (f"{url}scar/", "Ask a supplier"),
        (f"{base}actions/{action.pk}/", "Needle plan"),
        (f"{base}actions/{action.pk}/edit/", "Needle plan"),
        (f"/w/{here.at.place.workspace.slug}/", "Inspections"),
    ):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert said in text(answer) or said in answer.content.decode(), page
    assert case.number in client.get(f"{base}?format=csv").content.decode()
    about = f"{base}about/{case.inspection_id}/"
    assert about in client.get(f"{here.at.base}{case.inspection_id}/").content.decode()
    assert client.post(about)["Location"] == url
    assert "A1" in text(signed_in(here.owner).get(f"/w/{here.at.place.workspace.slug}/"))
    with here.at.place.scope():
        outsider = guest(here.at, Buyer.objects.get(pk=here.at.buyer_id), "gina")
    assert signed_in(outsider).get(base).status_code == 403
    assert signed_in(outsider).get(url).status_code in (403, 404)


def test_a_case_is_worked_through_by_page(here: Place) -> None:
    case = here.failed()
    url, owner, manager = f"{here.base}{case.pk}/", signed_in(here.owner), signed_in(here.manager)
    assert post(owner, f"{url}assign/", owner=here.owner.pk, due_on="2026-12-30").status_code == 302
    wrong = post(
        owner, f"{url}contain/", kind="sort", place="Rack", in_lot="50", sorted="60", done_on="2026-03-16"
    )
    assert wrong.status_code == 422
    assert "No more pieces can be sorted than the lot has." in text(wrong)
    good = {"kind": "sort", "place": "Rack 4", "in_lot": 50, "sorted": 50, "found_bad": 6, "released": 44}
    assert post(owner, f"{url}contain/", **good, done_on="2026-03-16").status_code == 302
    whys = {"answer__1": "Loop slipped", "proof__1": "Photo", "answer__2": "Needle worn"}
    assert post(owner, f"{url}cause/whys/made/", **whys).status_code == 302
    assert "One or two steps seldom reach the cause" in text(owner.get(f"{url}cause/"))
    assert post(owner, f"{url}cause/whys/made/", proof__1="Photo").status_code == 422
    assert post(owner, f"{url}cause/add/", bone="machine", words="Worn needle <b>").status_code == 302
    shown = owner.get(f"{url}cause/").content.decode()
    assert 'class="twig twig-suspected"' in shown
    assert "Worn needle &lt;b&gt;" in shown
    with here.at.place.scope():
        cause = case.causes.get()
        step = case.whys.get(position=2)
    proof = {"files": photo(), "step": step.pk, "files_attests": "2026-1"}
    assert owner.post(f"{url}cause/proofs/", {**proof, "step": cause.pk}).status_code == 422
    assert owner.post(f"{url}cause/proofs/", {**proof, "files": photo()}).status_code == 302
    assert "2. Needle worn" in text(owner.get(url))
    moved = {"bone": "material", "words": "Weak yarn", "standing": "confirmed"}
    assert post(owner, f"{here.base}causes/{cause.pk}/", **moved).status_code == 302
    assert (
        post(owner, f"{url}cause/compare/", **{"is-what": "Mis-link", "is_not-what": "Hole"}).status_code
        == 302
    )
    assert (
        post(owner, f"{url}cause/roots/", made="No needle plan", detected="No light box").status_code == 302
    )
    assert post(owner, f"{url}actions/new/", kind="corrective", type="method", words="x").status_code == 422
    action = {"kind": "corrective", "type": "method", "words": "Needle plan", "owner": here.owner.pk}
    assert post(owner, f"{url}actions/new/", **action, due_on="2027-01-10").status_code == 302
    assert post(owner, f"{url}effect/", metric="rate", from_on="2026-03-16", window="days").status_code == 422
    check = {
        "metric": "rate",
        "code": "SW03",
        "target": "1.5",
        "from_on": "2027-03-17",
        "window": "inspections",
    }
    assert post(owner, f"{url}effect/", **check, window_size=2, min_pieces=16).status_code == 302
    assert post(owner, f"{url}read-across/").status_code == 422
    with here.at.place.scope():
        stage = case.stage_id
        action_id = case.actions.get().pk
    assert post(owner, f"{url}read-across/", stage=stage, note="Same gauge").status_code == 302
    rows = {"code__0": "SW03", "quantity__0": "4", "code__1": "SW11", "quantity__1": ""}
    assert "Enter how many pieces." in text(post(owner, f"{url}defects/", **rows))
    assert post(owner, f"{url}defects/", **{**rows, "code__1": ""}).status_code == 302
    for step in ("begin", "submit"):
        assert post(owner, f"{url}move/", move=step).status_code == 302
    assert 'data-step="take_up"' in manager.get(url).content.decode()
    assert 'data-step="take_up"' not in owner.get(url).content.decode()
    for step in ("take_up", "approve"):
        post(manager, f"{url}move/", move=step)
    assert "These actions are not verified: A1." in text(manager.get(url))
    page = f"{here.base}actions/{action_id}/"
    post(owner, f"{page}move/", move="begin")
    assert "Say what was done" in text(post(owner, f"{page}move/", move="submit"))
    attached = {"files": photo(), "purpose": "after", "files_attests": "2026-1"}
    assert owner.post(f"{page}proofs/", attached).status_code == 302
    post(owner, f"{page}move/", move="submit", result="Plan hangs at all machines")
    for step in ("take_up", "approve", "verify"):
        post(manager, f"{page}move/", move=step)
    post(manager, f"{url}move/", move="verify")
    answer = text(manager.get(url))
    assert "The effect check decides" in answer
    assert "2 inspections 16 pieces" in answer
    with here.at.place.scope():
        assert Nonconformity.objects.get(pk=case.pk).state == "verified"
        assert Proof.objects.filter(action_id=action_id, purpose="after").count() == 1


def test_the_api_does_the_same(here: Place) -> None:
    from goldseal.kit.actors import Actor
    from goldseal.kit.permissions import Role, permissions_of
    from goldseal.workspaces.services import make_token, workspace_scope

    workspace = here.at.place.workspace
    with workspace_scope(workspace.pk, actor_id=here.manager.pk):
        held = permissions_of([Role.QA_MANAGER])
        actor = Actor(here.manager.pk, "Q", "web", workspace.pk, frozenset({Role.QA_MANAGER}), held)
        _row, secret = make_token(
            label="t", scopes="write", days=30, user=here.manager, actor=actor, now=utc_now()
        )

    def call(method: str, path: str, body: Any = None) -> tuple[int, Any]:
        answer = Client().generic(
            method,
            f"/api/v1{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )
        return answer.status_code, answer.json()

    status, made = call("POST", "/nonconformities", {"title": "Oil stains", "defects": [{"code": "SW03", "quantity": 3}]})  # fmt: skip
    assert (status, made["state"], made["defects"][0]["quantity"]) == (201, "open", 3)
    path = f"/nonconformities/{made['id']}"
    assert call("PUT", f"{path}/whys/made", {"steps": [{"answer": "Oil pan leaks"}]})[1]["whys"]["made"][0]["answer"] == "Oil pan leaks"  # fmt: skip
    assert call("PUT", f"{path}/root-causes", {"made": "No plan", "detected": "No light"})[0] == 200
    bad = {"place": "Rack", "in_lot": 5, "sorted": 9}
    status, problem = call("POST", f"{path}/containments", bad)
    assert (status, problem["errors"][0]["at"]) == (422, "sorted")
    day = (utc_now() + timedelta(days=9)).date().isoformat()
    action = {"type": "method", "words": "Change the pan", "owner": str(here.owner.pk), "due_on": day}
    status, row = call("POST", f"{path}/actions", action)
    assert (status, row["code"], row["state"]) == (201, "A1", "open")
    check = {"code": "SW03", "target": "1", "window": "pieces", "window_size": 500}
    assert call("PUT", f"{path}/effect-check", check)[1]["effect"]["state"] == "waiting"
    assert call("POST", f"{path}/moves", {"move": "submit"})[0] == 409
    assert call("POST", f"/actions/{row['id']}/moves", {"move": "begin"})[1]["state"] == "in_progress"
    assert call("GET", "/nonconformities?state=open&limit=1")[1]["items"][0]["number"] == made["number"]
    with here.at.place.scope():
        mill = create_supplier(values={"code": "MILL", "name": "Mill"}, actor=here.at.place.actor, now=NOW)
    ask = {
        "supplier": str(mill.pk),
        "email": "mill@example.test",
        "asked": "Oil on lot 7, please act",
        "due_on": day,
    }
    status, scar = call("POST", f"{path}/scars", ask)
    assert (status, scar["state"], scar["answers"]) == (201, "sent", [])
    assert call("POST", f"{path}/scars", {**ask, "email": "nobody"})[1]["errors"][0]["at"] == "email"
    assert call("POST", f"/scars/{scar['id']}/decision", {"is_accepted": True})[0] == 409
    assert call("GET", f"/scars/{scar['id']}")[1]["number"] == scar["number"]
    assert call("GET", "/pareto?first=2026-01-01&last=2026-12-31&by=code&by=line") == (200, [])


@pytest.mark.parametrize("page", ["", "board/", "pareto/?first=2026-03-01&last=2026-03-31&by=code"])
def test_pages_cost_the_same_with_many_cases(
    here: Place, page: str, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(here.manager)
    here.failed()
    client.get(f"{here.base}{page}")
    with CaptureQueriesContext(connection) as few:
        client.get(f"{here.base}{page}")
    with here.at.place.scope():
        for number in range(6):
            opening_services.open_nonconformity(
                values={
                    "title": f"Case {number}",
                    "owner": (here.owner.pk, here.manager.pk)[number % 2],
                    "found_on": TODAY - timedelta(days=9 * number),
                },
                actor=here.works,
                now=NOW,
            )
    with CaptureQueriesContext(connection) as many:
        client.get(f"{here.base}{page}")
    assert len(many) <= len(few) + 1  # the first owner's name


@pytest.mark.parametrize("language", ["en", "bn", "both"])
def test_the_report_is_sealed_in_every_language(here: Place, language: str) -> None:
    from goldseal.reports.sealing_services import seal_report

    case = here.failed()
    with here.at.place.scope():
        verified(here, case)
        version = seal_report(kind="cap", subject_id=case.pk, language=language, actor=here.reviews, now=NOW)
        assert (version.failure, version.state) == ("", "sealed")
    if language == "both":
        scar, _secret = asked(here, case)
        with here.at.place.scope():
            Scar.objects.filter(pk=scar.pk).update(expires_at=NOW + timedelta(days=3))
        scar_answer_services.answer_scar(
            secret=_secret,
            values=ANSWER,
            actions=[{"words": "Change the filter", "owner": "Spinning", "due_on": DUE}],
            files=[],
            attests=False,
            now=NOW,
        )
        with here.at.place.scope():
            version = seal_report(
                kind="scar", subject_id=scar.pk, language=language, actor=here.reviews, now=NOW
            )
            assert (version.failure, version.state) == ("", "sealed")


def test_a_bangla_page_has_bangla_digits_days_and_whole_sentences(here: Place) -> None:
    case = here.failed()
    with here.at.place.scope():
        move(here.works, case, "begin")
        give(here, case)
    client = signed_in(here.manager)
    client.cookies["language"] = "bn"
    shown = text(client.get(f"{here.base}{case.pk}/"))
    assert "“পর্যালোচনার জন্য জমা দিন”-এর আগে যা লাগবে:" in shown
    history = shown.partition("ইতিহাস")[2]
    assert "২১ মার্চ ২০২৬" in history  # due five days after the sixteenth
    assert "2026-03-21" not in history
    pareto = text(client.get(f"{here.base}pareto/?first=2026-03-01&last=2026-03-31&by=code"))
    assert all(share in pareto for share in ("৮৩.৩", "১৬.৭", "১০০.০", "৮০ %"))


def test_what_is_needed_is_not_called_optional(here: Place) -> None:
    case = here.failed()
    client = signed_in(here.manager)

    def optional(page: str, *names: str) -> list[str]:
        html = client.get(f"{here.base}{case.pk}/{page}").content.decode()
        labels = {name: re.search(rf'<label for="id_{name}">(.*?)</label>', html, re.S) for name in names}
        return [name for name, label in labels.items() if label is None or "optional" in label[1]]

    assert optional("scar/", "supplier", "email", "asked", "due_on") == []
    assert optional("actions/new/", "words", "owner", "due_on") == []
    assert optional("effect/", "code", "target", "window_size", "min_pieces") == []
    assert optional("effect/", "line", "style") == ["line", "style"]
    seen = {"metric": "observed", "from_on": "2026-03-16", "window": "days"}
    refused = post(client, f"{here.base}{case.pk}/effect/", **seen)
    assert (refused.status_code, "only their rate closes it" in text(refused)) == (422, True)
    with here.at.place.scope():
        case.defects.all().delete()
    assert post(client, f"{here.base}{case.pk}/effect/", **seen).status_code == 302


def test_the_effect_page_names_what_decided_and_what_is_watched(here: Place) -> None:
    case = here.failed()
    with here.at.place.scope():
        Nonconformity.objects.filter(pk=case.pk).update(operation="Side seam")
    page, client = f"{here.base}{case.pk}/effect/", signed_in(here.manager)
    # Samples are not counted by operation: proposing one would leave the check nothing to count.
    assert 'name="operation" value="Side seam"' not in client.get(page).content.decode()
    with here.at.place.scope():
        verified(here, case, from_on=TODAY + timedelta(days=1))
    for days in (1, 2, 3):
        here.later(days, *([("SW03", "major", 1)] if days == 3 else []))
    shown = text(client.get(page))
    assert "0 in 16 pieces: 0.00 per 100" in shown
    rows = re.findall(r"<tr><td>.*?</tr>", client.get(page).content.decode())
    assert [("watched after closing" in row, re.findall(r"PRE-\d+", row) != []) for row in rows] == [
        (False, True),
        (False, True),
        (True, True),
    ]


def test_the_buyers_answer_to_the_report_stands_on_the_case(here: Place) -> None:
    from goldseal.reports import services as reporting
    from goldseal.reports.sealing_services import seal_report

    case = here.failed()
    now = utc_now()
    with here.at.place.scope():
        version = seal_report(kind="cap", subject_id=case.pk, language="en", actor=here.reviews, now=now)
        ticks = dict.fromkeys(reporting.TICKS, True)
        reporting.complete_pre_share_check(version_id=version.pk, ticks=ticks, actor=here.reviews, now=now)
        _share, secret = reporting.share_report(
            version_id=version.pk, recipient="Northfold", days=3, actor=here.reviews, now=now
        )
    said = {"kind": "reject", "name": "Nora of Northfold", "text": "Training is no corrective action"}
    reporting.answer_shared(secret=secret, key="", now=now, **said)
    for view in ("", "?view=cap"):
        shown = text(signed_in(here.manager).get(f"{here.base}{case.pk}/{view}"))
        assert "Rejected" in shown
        assert "Nora of Northfold" in shown
        assert "Training is no corrective action" in shown
