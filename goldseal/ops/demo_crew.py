"""Who acts in the demo's stories, and how an inspection of theirs is recorded, signed and decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from goldseal.accounts.models import User
from goldseal.inspections import services as inspecting
from goldseal.inspections.models import Inspection
from goldseal.kit.actors import Actor
from goldseal.ops.demo_day import demo_event


@dataclass(frozen=True, slots=True)
class Crew:
    """Who acts in the story: the inspector owns and works, the manager reviews."""

    inspector: User
    password: str
    inspects: Actor
    manages: Actor

    @property
    def program(self) -> Actor:
        """What happens by itself."""
        return replace(self.manages, person_id=None, name="Goldseal", via="job")


def inspect(
    *, crew: Crew, inspection: Inspection, found: Iterable[tuple[str, Mapping[str, Any]]], at: datetime
) -> Inspection:
    """Record these events (kind, body), sign as the inspector and decide, all at one instant."""
    device = crew.inspects.device
    inspecting.apply_events(
        inspection_id=inspection.pk,
        events=[demo_event(kind, body, crew.inspector.pk, at) for kind, body in found],
        actor=crew.inspects,
        now=at,
    )
    inspecting.sign_inspection(
        inspection_id=inspection.pk,
        signer=crew.inspector,
        password=crew.password,
        role="inspector",
        meaning="Inspected as recorded",
        device=device,
        actor=crew.inspects,
        now=at,
    )
    inspecting.decide_inspection(inspection_id=inspection.pk, device=device, actor=crew.inspects, now=at)
    inspection.refresh_from_db()
    return inspection
