"""The same inspection through the API with a bearer token and through the pages: the same record, the same verdict."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from goldseal.accounts.models import User
from goldseal.catalog.models import Order, Stage
from goldseal.inspections.models import Inspection
from goldseal.inspections.record import inspection_record
from goldseal.kit.actors import Actor
from goldseal.kit.permissions import Role, permissions_of
from goldseal.ops.demo import demo_address, demo_password, run_bundle
from goldseal.ops.sample.bundle import SAMPLE, Bundle, load_bundle
from goldseal.ops.sample.events import bundle_events
from goldseal.workspaces.models import Workspace
from goldseal.workspaces.services import make_token, workspace_scope

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


class Doors:
    """The demo factory with one finished inspection, and its QA manager at both doors."""

    def __init__(self) -> None:
        run_bundle(load_bundle(SAMPLE), now=NOW)
        self.bundle: Bundle = load_bundle(SAMPLE)
        self.user = User.objects.get(email=demo_address(Role.QA_MANAGER))
        self.client = Client()
        self.client.force_login(self.user)
        self.workspace = self._workspace()
        actor = Actor(
            self.user.pk,
            self.user.name,
            "web",
            self.workspace.pk,
            frozenset({Role.QA_MANAGER}),
            permissions_of([Role.QA_MANAGER]),
        )
        with workspace_scope(self.workspace.pk):
            self.order, self.stage = Order.objects.get(), Stage.objects.get(code="FIN")
            _row, self.token = make_token(
                label="t", scopes="write", days=36_000, user=self.user, actor=actor, now=datetime.now(UTC)
            )
            evidence = {
                row.attachment.name: row.sha256
                for row in Inspection.objects.get(method="aql").evidence.select_related("attachment")
            }
        self.digests = {photo.file: next(iter(evidence.values())) for photo in self.bundle.contents.photos}
        for photo in self.bundle.contents.photos:
            stem = photo.file.rpartition("/")[2].rpartition(".")[0]
            self.digests[photo.file] = next(
                (d for name, d in evidence.items() if stem in name), self.digests[photo.file]
            )

    def _workspace(self) -> Workspace:
        from goldseal.ops.demo import demo_workspace

        found = demo_workspace()
        assert found is not None
        return found

    def plan(self) -> dict[str, Any]:
        said = self.bundle.contents
        return {
            "order": str(self.order.pk),
            "stage": str(self.stage.pk),
            "planned_on": "2026-03-16",
            "is_extra": True,
            "cartons": [c.model_dump(exclude_none=True) for c in said.cartons],
            "points": [
                {
                    **p.model_dump(exclude_none=True),
                    "name_en": p.name_en[:60],
                    "name_bn": (p.name_bn or "")[:60],
                }
                for p in said.points
            ],
        }

    def api(self, method: str, path: str, body: Any = None) -> Any:
        response = Client().generic(
            method,
            f"/api/v1{path}",
            json.dumps(body or {}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}"},
        )
        assert response.status_code < 300, response.content
        return json.loads(response.content)

    def events(self) -> list[dict[str, Any]]:
        made = bundle_events(self.bundle, by=str(self.user.pk), device="tablet", photo_sha256=self.digests)
        return [e for e in made if e["kind"] != "cartons_opened"]


def without_identity(record: dict[str, Any]) -> dict[str, Any]:
    """The record but for what belongs to the one inspection: seed, times, signatures' hashes."""
    kept = json.loads(json.dumps(record))
    kept["plan"].pop("seed_commitment")
    kept["plan"].pop("seed", None)
    kept["header"] = {
        k: v for k, v in kept["header"].items() if k not in ("inspected_on", "finished_at", "started_at")
    }
    kept["signatures"] = [
        {k: s[k] for k in ("printed_name", "role", "meaning", "method")} for s in kept["signatures"]
    ]
    for reason in kept["verdict"]["reasons"]:
        if reason["code"] == "cartons_not_opened":
            reason["text_en"] = ""
    return kept


def test_api_and_page_give_the_same_record_and_verdict() -> None:
    doors = Doors()
    meaning = "I inspected this lot as recorded here."

    by_api = doors.api("POST", "/inspections", doors.plan())["id"]
    doors.api("POST", f"/inspections/{by_api}/events", {"events": list(reversed(doors.events()))})
    doors.api(
        "POST",
        f"/inspections/{by_api}/sign",
        {"password": demo_password(), "role": "inspector", "meaning": meaning},
    )
    verdict = doors.api("POST", f"/inspections/{by_api}/submit")["verdict"]

    by_page = doors.api("POST", "/inspections", doors.plan())["id"]
    home = f"/w/demo/inspections/{by_page}/"
    half = len(doors.events()) // 2
    for batch in (doors.events()[:half], doors.events()[half - 5 :]):
        sent = doors.client.post(
            f"{home}events/", json.dumps({"events": batch}), content_type="application/json"
        )
        assert sent.status_code == 200, sent.content
    page = doors.client.get(f"{home}sign/")
    assert page.status_code == 200
    form = {
        "password": demo_password(),
        "role": "inspector",
        "meaning": "own",
        "own_words": meaning,
        "do": "submit",
    }
    answer = doors.client.post(f"{home}sign/", form)
    assert answer.status_code == 302, answer.content.decode()[-3000:]

    with workspace_scope(doors.workspace.pk):
        one, other = (
            Inspection.objects.select_related("stage", "buyer", "style", "order", "order__site").get(pk=pk)
            for pk in (by_api, by_page)
        )
        first, second = (without_identity(inspection_record(row, doors.workspace)) for row in (one, other))
    assert verdict == one.verdict == other.verdict
    assert first == second


def test_a_wrong_chart_over_the_api_names_the_point() -> None:
    doors = Doors()
    plan = doors.plan()
    plan["points"][0]["tol_plus"] = "1/0"
    response = Client().post(
        "/api/v1/inspections",
        json.dumps(plan),
        content_type="application/json",
        headers={"Authorization": f"Bearer {doors.token}"},
    )
    assert response.status_code == 422
    assert plan["points"][0]["code"] in response.content.decode()


def test_a_photo_taken_with_a_defect_is_in_the_report() -> None:
    doors = Doors()
    events = [e for e in doors.events() if e["kind"] != "photo_attached"]
    named = {d for e in events if e["kind"] == "defect_recorded" for d in e["body"]["photos"]}
    assert named
    pk = doors.api("POST", "/inspections", doors.plan())["id"]
    doors.api("POST", f"/inspections/{pk}/events", {"events": events})
    with workspace_scope(doors.workspace.pk):
        row = Inspection.objects.select_related("stage", "buyer", "style", "order", "order__site").get(pk=pk)
        record = inspection_record(row, doors.workspace)
    shown = {photo["sha256"] for photo in record["photos"]}
    assert {d for defect in record["defects"] for d in defect["photos"]} <= shown
    assert len([photo for photo in record["photos"] if photo["section"] == "workmanship"]) == len(named)
    assert all(photo["caption_en"] for photo in record["photos"] if photo["section"] == "workmanship")
