"""A factory whose inspection failed, its people, and short ways through the steps of a case."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from goldseal.accounts.models import User
from goldseal.capa import (
    action_services,
    cause_services,
    effect_services,
    opening_services,
    scar_services,
    services,
)
from goldseal.capa.models import Action, CapaSettings, Nonconformity, Scar
from goldseal.catalog.services import create_supplier
from goldseal.catalog.tests.makers import actor_in
from goldseal.inspections.models import Inspection
from goldseal.inspections.tests.makers import NOW, PASSWORD, Floor, floor
from goldseal.inspections.tests.recording import decided, planned_at, send
from goldseal.kit.actors import Actor, system_actor
from goldseal.kit.permissions import Role

TODAY = date(2026, 3, 16)
DUE = TODAY + timedelta(days=5)


@dataclass(frozen=True)
class Place:
    """A floor with a QA manager (reviews), a second one (verifies), and the inspector (owns)."""

    at: Floor
    manager: User

    @property
    def base(self) -> str:
        return f"/w/{self.at.place.workspace.slug}/capa/"

    @property
    def owner(self) -> User:
        return self.at.inspector

    @property
    def works(self) -> Actor:
        return self.at.actor

    @property
    def reviews(self) -> Actor:
        return actor_in(self.at.place.workspace, self.manager, Role.QA_MANAGER)

    @property
    def program(self) -> Actor:
        return system_actor(self.at.place.workspace.pk)

    def inspect(self, *defects: tuple[str, str, int], stage: str = "PRE") -> Inspection:
        """A decided inspection of eight pieces with these (code, severity, pieces)."""
        planned = planned_at(self.at, stage, is_extra=True)
        found = [
            ("defect_recorded", {"code": code, "severity": severity, "pieces": pieces})
            for code, severity, pieces in defects
        ]
        send(self.at, planned, ("inspection_started", {}), *found)
        return decided(self.at, planned)

    def later(self, days: int, *defects: tuple[str, str, int]) -> None:
        """An inspection decided some days later, and taken in."""
        inspection = self.inspect(*defects)
        when = NOW + timedelta(days=days)
        with self.at.place.scope():
            Inspection.objects.filter(pk=inspection.pk).update(decided_at=when)
            services.take_in_inspection(inspection_id=inspection.pk, actor=self.program, now=when)

    def failed(self) -> Nonconformity:
        """The case that a failed inspection opened by itself."""
        inspection = self.inspect(("SW03", "major", 5), ("SW11", "minor", 1))
        with self.at.place.scope():
            # Where the test commits, the event of the decision has opened it already.
            services.take_in_inspection(inspection_id=inspection.pk, actor=self.program, now=NOW)
            return Nonconformity.objects.get(inspection=inspection)


def place(name: str = "alice") -> Place:
    at = floor(name)
    with at.place.scope():
        manager = at.place.member(f"{name}-quinn", Role.QA_MANAGER)
    manager.set_password(PASSWORD)
    manager.save()
    with at.place.scope():  # two samples of eight pieces are enough in these stories
        CapaSettings.objects.create(min_pieces=16)
    return Place(at, manager)


def give(here: Place, case: Nonconformity) -> None:
    opening_services.assign_owner(
        nonconformity_id=case.pk, owner_id=here.owner.pk, due_on=DUE, actor=here.works, now=NOW
    )


def state_roots(here: Place, case: Nonconformity) -> None:
    cause_services.choose_root_causes(
        nonconformity_id=case.pk,
        made="No needle plan for this gauge",
        detected="The endline has no light box",
        actor=here.works,
        now=NOW,
    )


def plan_action(here: Place, case: Nonconformity, **more: Any) -> Action:
    values = {
        "kind": "corrective",
        "type": "method",
        "words": "Needle plan for gauge 7 at every machine",
        "owner": here.owner.pk,
        "due_on": DUE,
        **more,
    }
    return action_services.add_action(nonconformity_id=case.pk, values=values, actor=here.works, now=NOW)


def set_check(here: Place, case: Nonconformity, **more: Any) -> None:
    values = {
        "metric": "rate",
        "code": "SW03",
        "target": "5",
        "stage": case.stage_id,
        "from_on": TODAY,
        "window": "inspections",
        "window_size": 2,
        "min_pieces": 16,
        **more,
    }
    effect_services.set_effect_check(nonconformity_id=case.pk, values=values, actor=here.works, now=NOW)


def move(
    actor: Actor, case: Nonconformity, *steps: str, reason: str = "", now: datetime = NOW
) -> Nonconformity:
    for step in steps:
        case = services.move_nonconformity(
            nonconformity_id=case.pk, move=step, reason=reason, actor=actor, now=now
        )
    return case


def step(actor: Actor, pk: UUID, *steps: str, reason: str = "") -> Action:
    row = None
    for code in steps:
        row = action_services.move_action(
            action_id=pk,
            move=code,
            reason=reason,
            result="Plan hangs at all twelve machines" if code == "submit" else "",
            actor=actor,
            now=NOW,
        )
    assert row is not None
    return row


def verified(here: Place, case: Nonconformity, **check: Any) -> Nonconformity:
    """All the way to verified: owner, causes, action, check, review, verification."""
    give(here, case)
    state_roots(here, case)
    action = plan_action(here, case)
    set_check(here, case, **check)
    move(here.works, case, "begin", "submit")
    move(here.reviews, case, "take_up", "approve")
    step(here.works, action.pk, "begin", "submit")
    step(here.reviews, action.pk, "take_up", "approve", "verify")
    return move(here.reviews, case, "verify")


def asked(here: Place, case: Nonconformity, **more: Any) -> tuple[Scar, str]:
    """A request to the mill about a case, and the secret of its link."""
    with here.at.place.scope():
        supplier = create_supplier(
            values={"code": more.pop("code", "MILL"), "name": "Mill", "kind": "yarn"},
            actor=here.at.place.actor,
            now=NOW,
        )
        values = {"supplier": supplier.pk, "email": "mill@example.test", "asked": "Slubs in lot 7, please act", "due_on": DUE, "days": 30}  # fmt: skip
        return scar_services.send_scar(
            nonconformity_id=case.pk, values={**values, **more}, actor=here.reviews, now=NOW
        )


ANSWER = {
    "name": "Mina",
    "containment": "Lot 7 is held in our store",
    "cause_made": "Blow room filter was torn",
    "cause_detected": "Uster alarm was off",
    "words-0": "Change the filter weekly",
    "owner-0": "Spinning",
    "due_on-0": "2026-12-30",
}
