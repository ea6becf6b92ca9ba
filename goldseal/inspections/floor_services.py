"""What a registered device asks for: the day's pack, and a signature given on it without a network."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import User
from goldseal.catalog.selectors import defect_picture
from goldseal.files.rules.links import Variant
from goldseal.files.selectors import open_content
from goldseal.inspections import selectors
from goldseal.inspections.event_services import locked
from goldseal.inspections.floor_keys import WorkspaceVault
from goldseal.inspections.floor_selectors import day_of
from goldseal.inspections.models import Signature
from goldseal.inspections.services import Given, give_signature, refuse_unless_open
from goldseal.inspections.snapshots import state_of
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Forbidden, Invalid
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.device_services import signing_key
from goldseal.workspaces.models import Workspace
from goldseal.workspaces.permissions import authorize

METHOD = "device_pin"
DOMAIN = "goldseal.floor-sign/1"
PATH = re.compile(r"[MLQCZHVmlqczhv0-9 ,.\-]*")


@dataclass(frozen=True, slots=True)
class Day:
    """A day's pack as JSON; `body` is None where the device has it already, as its `tag` says."""

    tag: str
    body: bytes | None


@dataclass(frozen=True, slots=True)
class SignedOnDevice:
    """A signature as the device made it: `at` is its clock, `drawn` the name drawn by finger (SVG path data)."""

    id: str
    role: str
    meaning: str
    at: str
    record_hash: str
    drawn: str
    proof: str


def take_down_day(*, workspace: Workspace, known: str, actor: Actor, now: datetime) -> Day:
    """The person's day for the device they hold; `known` is the tag of the pack on the device ("" = none)."""
    authorize(actor, "inspections.record")
    _registered(actor)
    pack = day_of(workspace=workspace, actor=actor, now=now)
    body = orjson.dumps(pack)
    tag = hashlib.sha256(body).hexdigest()[:32]
    if known == tag:
        return Day(tag, None)
    record(
        event="day.taken_down",
        actor=actor,
        now=now,
        workspace_id=workspace.pk,
        payload={"count": len(pack["inspections"])},
    )
    return Day(tag, b'{"made_at":' + orjson.dumps(now) + b"," + body[1:])


def picture_of_defect(*, attachment_id: UUID, actor: Actor) -> bytes:
    """What a defect of the library looks like, small, as JPEG. NotFound for every other file."""
    authorize(actor, "inspections.record")
    _registered(actor)
    with open_content(defect_picture(attachment_id), Variant.THUMBNAIL) as content:
        return content.read()


def sign_on_device(
    *, inspection_id: UUID, signed: SignedOnDevice, actor: Actor, now: datetime
) -> tuple[Signature, bool]:
    """Take in a signature given by PIN on a registered device; the signature, and whether it was here already.

    The proof is made with a key that only the person's PIN opens, over everything that the signature says. It
    holds for the record as the device saw it: Conflict where something was recorded since.
    """
    authorize(actor, "inspections.sign")
    if signed.role != "inspector":
        authorize(actor, "inspections.countersign")
    _refuse_unproved(inspection_id, signed, actor)
    if not PATH.fullmatch(signed.drawn):
        raise Invalid(fields={"drawn": _("A drawn name holds only the letters and numbers of an SVG path.")})
    with recorded_change():
        inspection = locked(inspection_id)
        earlier = Signature.objects.filter(inspection=inspection, event_id=signed.id).first()
        if earlier is not None:
            return _same(earlier, signed, actor), True
        refuse_unless_open(inspection)
        state = state_of(inspection, selectors.events_of(inspection))
        if state.content_hash != signed.record_hash:
            raise Conflict(
                _("Something was recorded since you signed. Look at the record and sign it again.")
            )
        given = Given(
            role=signed.role,
            meaning=signed.meaning,
            method=METHOD,
            device=f"floor:{str(actor.device_id)[:8]}",
            id=signed.id,
            at=signed.at,
            drawn=signed.drawn,
        )
        signer = User.objects.get(pk=actor.person_id or "")
        return (
            give_signature(
                inspection=inspection, state=state, signer=signer, given=given, actor=actor, now=now
            ),
            False,
        )


def _registered(actor: Actor) -> tuple[UUID, UUID]:
    """The device and the person of the call; only a token of the Floor app has both."""
    if actor.device_id is None or actor.person_id is None:
        raise Forbidden(_("Only the Floor app on a registered device may do this."))
    return actor.device_id, actor.person_id


def _refuse_unproved(inspection_id: UUID, signed: SignedOnDevice, actor: Actor) -> None:
    device_id, person_id = _registered(actor)
    key = signing_key(device_id=device_id, user_id=person_id, vault=WorkspaceVault())
    parts = (
        DOMAIN,
        str(inspection_id),
        signed.id,
        signed.role,
        signed.meaning,
        signed.at,
        signed.record_hash,
    )
    made = hmac.new(key, "\n".join(parts).encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(made, signed.proof):
        raise Invalid(
            fields={"proof": _("This signature was not made with your PIN on this device. Sign it again.")}
        )


def _same(earlier: Signature, signed: SignedOnDevice, actor: Actor) -> Signature:
    said: dict[str, Any] = {
        "signer_id": actor.person_id,
        "role": signed.role,
        "meaning": signed.meaning.strip(),
        "record_hash": signed.record_hash,
    }
    if any(getattr(earlier, name) != value for name, value in said.items()):
        raise Conflict(_("A signature with this id was already received with different content."))
    return earlier
