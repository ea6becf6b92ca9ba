"""Two factories with an order ready to inspect, and the forms that people send."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.test import Client

from goldseal.accounts.models import User
from goldseal.catalog.models import Buyer, Stage
from goldseal.catalog.rules.grid import Quantity
from goldseal.catalog.tests.makers import Factory, actor_in, add_buyer, add_order, add_style, factory
from goldseal.inspections import services
from goldseal.inspections.models import Inspection
from goldseal.kit.actors import Actor
from goldseal.kit.permissions import Role

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
PASSWORD = "thread-needle-linen-7"
LINES = [Quantity("Navy", "S", 20), Quantity("Navy", "M", 30)]
POINTS = [
    {
        "code": "P01",
        "name_en": "Chest width",
        "name_bn": "বুকের মাপ",
        "unit": "cm",
        "tol_minus": "1",
        "tol_plus": "1",
        "critical": True,
        "spec": {"S": "48", "M": "50.5"},
    }
]


@dataclass(frozen=True)
class Floor:
    """A factory with an order, its people, and one client for each."""

    place: Factory
    order_id: UUID
    buyer_id: UUID
    stage_id: UUID
    inspector: User

    @property
    def base(self) -> str:
        return f"/w/{self.place.workspace.slug}/inspections/"

    @property
    def actor(self) -> Actor:
        return actor_in(self.place.workspace, self.inspector, Role.INSPECTOR)

    def plan(self, **more: Any) -> Inspection:
        with self.place.scope():
            asked = {
                "points": POINTS,
                "inspector_id": self.inspector.pk,
                "seed": "07" * 32,
                "is_extra": True,
                **more,
            }
            return services.plan_inspection(
                request=services.PlanRequest(
                    order_id=self.order_id, stage_id=self.stage_id, planned_on=date(2026, 3, 16), **asked
                ),
                actor=self.place.actor,
                now=NOW,
            )


def floor(name: str = "alice") -> Floor:
    place = factory(name)
    with place.scope():
        buyer = add_buyer(place)
        order = add_order(place, add_style(place, buyer), quantities=LINES)
        stage = Stage.objects.get(code="FIN")
        inspector = place.member(f"{name}-bob", Role.INSPECTOR)
    inspector.set_password(PASSWORD)
    inspector.save()
    return Floor(place, order.pk, buyer.pk, stage.pk, inspector)


def signed_in(user: User, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def guest(at: Floor, buyer: Buyer, name: str) -> User:
    return at.place.member(name, Role.BUYER_GUEST, buyer=buyer)


def fields_of(html: str, group: str) -> dict[str, Any]:
    """What the form that holds `group` would send as it stands, without its buttons."""
    for form in re.findall(r"<form\b.*?</form>", html, re.S):
        listed = re.search(r'name="groups" value="([^"]*)"', form)
        if listed and group in listed[1].split():
            return _values(form)
    raise AssertionError(f"no form holds {group}")


def _values(form: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        name = re.search(r'\bname="([^"]+)"', tag)
        kind = re.search(r'\btype="([^"]+)"', tag)
        value = re.search(r'\bvalue="([^"]*)"', tag)
        if not name or (kind and kind[1] == "file"):
            continue
        if kind and kind[1] in ("radio", "checkbox") and not re.search(r"\bchecked\b", tag):
            continue
        found.setdefault(name[1], []).append(value[1] if value else "")
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def tap(client: Client, url: str, group: str, **typed: Any) -> Any:
    """Open a recording page, fill in the group's form and send it."""
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    sent = fields_of(answer.content.decode(), group)
    return client.post(url, {**sent, **{name.replace("__", "-"): value for name, value in typed.items()}})
