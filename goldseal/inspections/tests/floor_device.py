"""A registered device with the Floor app, as the server meets it: enrolment, contact, and signing with its keys."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.test import Client

from goldseal.accounts.models import User
from goldseal.accounts.pin_services import set_pin
from goldseal.inspections.tests.makers import NOW, PASSWORD, signed_in
from goldseal.kit.ids import new_id
from goldseal.workspaces.models import Workspace

PIN = "482913"


def enrolled(
    user: User, workspace: Workspace, *, device: dict[str, Any] | None = None, pin: str = PIN, **more: Any
) -> Any:
    """The answer to POST /floor/enrol by this person, signed in on the web."""
    body = {"workspace": workspace.slug, "device": device or {"name": "Tablet line 3"}, "pin": pin, **more}
    return signed_in(user).post("/floor/enrol", json.dumps(body), content_type="application/json")


@dataclass
class Tablet:
    """What the app keeps after enrolment."""

    user: User
    facts: dict[str, Any]
    client: Client = field(default_factory=Client)

    @property
    def id(self) -> str:
        return str(self.facts["device"]["id"])

    @property
    def sign_key(self) -> bytes:
        key = self.facts["sign_key"]
        return base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.generic(
            method,
            f"/api/v1{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.facts['token']}", **headers},
        )

    def day(self) -> Any:
        answer = self.ask("GET", "/floor/day")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def contact(self, **said: Any) -> Any:
        body = {"device": self.id, "secret": self.facts["device"]["secret"], **said}
        return Client().post("/floor/contact", json.dumps(body), content_type="application/json")

    def signature(self, pk: UUID, content_hash: str, /, **changed: Any) -> dict[str, Any]:
        """A signature with its proof; what is `changed` is changed after proving."""
        said = {
            "id": str(new_id()),
            "role": "inspector",
            "meaning": "I inspected this lot as recorded",
            "at": "2026-03-16T10:31:00.000Z",
            "record_hash": content_hash,
        }
        lines = [
            "goldseal.floor-sign/1",
            str(pk),
            *(said[n] for n in ("id", "role", "meaning", "at", "record_hash")),
        ]
        proof = hmac.new(self.sign_key, "\n".join(lines).encode(), hashlib.sha256).hexdigest()
        return {**said, "drawn": "M 10 20 L 30.5,40", "proof": proof, **changed}

    def sign(self, pk: UUID, body: dict[str, Any]) -> Any:
        return self.ask("POST", f"/floor/inspections/{pk}/sign", body)


def tablet(user: User, workspace: Workspace, **more: Any) -> Tablet:
    """This person signed in on a device of this workspace."""
    if not user.has_usable_password():
        user.set_password(PASSWORD)
        user.save()
    set_pin(user=user, pin=PIN, now=NOW)
    answer = enrolled(user, workspace, **more)
    assert answer.status_code == 201, answer.content
    return Tablet(user, answer.json())
