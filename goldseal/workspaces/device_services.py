"""Devices of the Floor app: registering them, who holds them, what they say of themselves, revoking them.

A device knows itself by a secret of its own, its holders by a token each. What encrypts the data on it and what
its holders sign with are kept here sealed with the workspace's key, and are released only to a person whose
sign-in and PIN were both checked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import ApiToken, StaffPin, User
from goldseal.kit.actors import Actor
from goldseal.kit.crypto import DecryptionError, new_token, random_key, token_digest
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from goldseal.kit.ids import new_id
from goldseal.kit.permissions import Role, permissions_of
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.models import Device, DeviceHolder, Workspace
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.scoping import capability_scope, workspace_scope
from goldseal.workspaces.selectors import CLOSED_STATES, members, workspace_by_id

TOKEN_LIFE = timedelta(days=30)
DEVICES_MOST = 500
HOLDERS_MOST = 60
NAME_MOST = 60
JOINERS = {0x200C: None, 0x200D: None}  # Bangla spells with them; Python calls them unprintable
COUNT_MOST = 2_000_000_000
BYTES_MOST = 2**60


class KeyVault(Protocol):
    """Seals keys with the workspace's own key; `about` says whose key it is, so that none can stand for another."""

    def seal(self, *, workspace_id: UUID, key: bytes, about: str) -> bytes:
        """The key, unreadable without the workspace's."""

    def open(self, *, workspace_id: UUID, sealed: bytes, about: str) -> bytes:
        """The key again. Raises DecryptionError where the workspace's key is gone or is another one."""


@dataclass(frozen=True, slots=True)
class Presented:
    """How a device presents itself: by its name when it is new, later by id and secret."""

    name: str
    id: UUID | None = None
    secret: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a device receives when somebody signs in on it. Nothing of it can be asked for again."""

    device: Device
    secret: str
    token: str
    device_key: bytes
    sign_key: bytes


@dataclass(frozen=True, slots=True)
class Heard:
    """What a device says of itself: version, what waits to be sent, storage in bytes, its clock."""

    version: str = ""
    events: int = 0
    photos: int = 0
    inspections: int = 0
    storage_used: int | None = None
    storage_quota: int | None = None
    clock: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What a device is told at its contact: its workspace, and the people who may still hold it."""

    workspace: Workspace
    holders: tuple[UUID, ...]


def enrol_device(
    *, user: User, presented: Presented, vault: KeyVault, actor: Actor, now: datetime
) -> Enrolled:
    """Sign the person in on a device, registering it if it is new.

    Whoever calls has checked the person's sign-in and PIN (`accounts.pin_services.prove_pin`). A person who
    was there before gets a new token and the same keys; the former token ends. With another PIN since then the
    signing key is another one too: whoever knew the old PIN signs nothing any more. Raises Invalid at `device` for
    a device that is unknown, revoked, of another workspace or that does not know its secret: all alike.
    """
    authorize(actor, "devices.use")
    if actor.workspace_id is None or actor.grant_id is not None or actor.person_id != user.pk:
        raise Forbidden
    with recorded_change():
        if presented.id is None:
            device, secret = _registered(presented, vault=vault, actor=actor, now=now)
        else:
            device, secret = _known(presented), presented.secret
        device_key = _opened(vault, device, device.sealed_key, f"device:{device.pk}")
        holder = DeviceHolder.objects.filter(device=device, user=user).first()
        is_new = holder is None
        if holder is None:
            holder = _holder(device, user, vault=vault, now=now)
        elif user.pk not in _with_present_pin(device.pk):
            holder.sealed_key = _new_sign_key(device, user, vault)
            holder.save(update_fields=["sealed_key"])
        sign_key = _opened(vault, device, holder.sealed_key, f"holder:{device.pk}:{user.pk}")
        token = _token(device, user, now)
        record(
            event="device.holder_added" if is_new else "device.holder_returned",
            actor=actor,
            now=now,
            obj=device,
            payload={"device": device.name},
        )
    return Enrolled(device, secret, token, device_key, sign_key)


def _registered(presented: Presented, *, vault: KeyVault, actor: Actor, now: datetime) -> tuple[Device, str]:
    name = " ".join(presented.name.split())
    shown = name.translate(JOINERS)
    if not shown or len(name) > NAME_MOST or not shown.isprintable():
        raise Invalid(
            fields={"device": _("Give the device a name of up to 60 letters, such as “Tablet line 3”.")}
        )
    if Device.objects.filter(revoked_at__isnull=True).count() >= DEVICES_MOST:
        raise Conflict(_("A workspace has at most 500 devices. Revoke some that are not used any more."))
    secret, pk = new_token(), new_id()
    device = Device.objects.create(
        id=pk,
        name=name,
        secret_digest=token_digest(secret),
        sealed_key=vault.seal(workspace_id=_workspace_of(actor), key=random_key(), about=f"device:{pk}"),
        enrolled_by_id=actor.person_id,
        created_at=now,
        last_contact_at=now,
        version=presented.version[:40],
    )
    record(event="device.enrolled", actor=actor, now=now, obj=device, payload={"device": name})
    return device, secret


def _workspace_of(actor: Actor) -> UUID:
    if actor.workspace_id is None:
        raise Forbidden
    return actor.workspace_id


def _known(presented: Presented) -> Device:
    found = (
        Device.objects.select_for_update()
        .filter(pk=presented.id or "", secret_digest=token_digest(presented.secret), revoked_at__isnull=True)
        .first()
    )
    if found is None:
        raise Invalid(fields={"device": _("This device is not registered here any more. Register it anew.")})
    return found


def _holder(device: Device, user: User, *, vault: KeyVault, now: datetime) -> DeviceHolder:
    if DeviceHolder.objects.filter(device=device).count() >= HOLDERS_MOST:
        raise Conflict(_("At most 60 people can share one device."))
    sealed = _new_sign_key(device, user, vault)
    return DeviceHolder.objects.create(device=device, user=user, sealed_key=sealed, added_at=now)


def _new_sign_key(device: Device, user: User, vault: KeyVault) -> bytes:
    about = f"holder:{device.pk}:{user.pk}"
    return vault.seal(workspace_id=device.workspace_id, key=random_key(), about=about)


def _with_present_pin(device_id: UUID) -> set[UUID]:
    """Who signed in on the device with the PIN that is still theirs: what the old one opens there is void."""
    tokens = ApiToken.objects.filter(device_id=device_id).order_by("created_at")
    entered = dict(tokens.values_list("user_id", "created_at"))
    pins = StaffPin.objects.filter(user_id__in=entered).values_list("user_id", "set_at")
    return {user_id for user_id, set_at in pins if set_at <= entered[user_id]}


def _opened(vault: KeyVault, device: Device, sealed: bytes | memoryview, about: str) -> bytes:
    try:
        return vault.open(workspace_id=device.workspace_id, sealed=bytes(sealed), about=about)
    except DecryptionError:
        raise Conflict(_("The keys of this device cannot be read any more. Register it anew.")) from None


def _token(device: Device, user: User, now: datetime) -> str:
    secret = f"gs_{new_token()}"
    mine = ApiToken.objects.filter(workspace_id=device.workspace_id, device_id=device.pk, user=user)
    mine.filter(revoked_at__isnull=True).update(revoked_at=now)
    ApiToken.objects.create(
        workspace_id=device.workspace_id,
        user=user,
        label=device.name,
        prefix=secret[:8],
        digest=token_digest(secret),
        scopes="floor",
        device_id=device.pk,
        created_at=now,
        expires_at=now + TOKEN_LIFE,
    )
    return secret


def signing_key(*, device_id: UUID, user_id: UUID, vault: KeyVault) -> bytes:
    """What this person signs with on this device. NotFound where the person does not hold the device.

    Call in the workspace's scope. Raises Conflict where the key cannot be read any more, and where the person
    has another PIN, or none, since they signed in on the device.
    """
    rows = DeviceHolder.objects.select_related("device")
    holder = rows.filter(device_id=device_id, user_id=user_id, device__revoked_at__isnull=True).first()
    if holder is None:
        raise NotFound
    if user_id not in _with_present_pin(device_id):
        raise Conflict(
            _("Your PIN was changed. Sign in on this device again, look at the record and sign it.")
        )
    return _opened(vault, holder.device, holder.sealed_key, f"holder:{device_id}:{user_id}")


def revoke_device(*, device_id: UUID, actor: Actor, now: datetime) -> Device:
    """End a device at once: its tokens, its keys, and at its next contact the data on it."""
    authorize(actor, "devices.manage")
    with recorded_change():
        device = Device.objects.select_for_update().filter(pk=device_id).first()
        if device is None:
            raise NotFound
        if device.revoked_at is not None:
            return device
        device.revoked_at, device.revoked_by_id, device.sealed_key = now, actor.person_id, b""
        device.save(update_fields=["revoked_at", "revoked_by", "sealed_key"])
        DeviceHolder.objects.filter(device=device).update(sealed_key=b"")
        ApiToken.objects.filter(
            workspace_id=device.workspace_id, device_id=device.pk, revoked_at__isnull=True
        ).update(revoked_at=now)
        record(event="device.revoked", actor=actor, now=now, obj=device, payload={"device": device.name})
    return device


def hear_from_device(*, device_id: UUID, secret: str, heard: Heard, now: datetime) -> Answered | None:
    """Note what a device says of itself and renew its tokens; its workspace and who may still hold it.

    None for a revoked device, one that does not exist and one that does not know its secret, all alike. Call
    outside of any scope: the device opens its own row by its secret.
    """
    digest = token_digest(secret)
    with capability_scope(digest):
        own = Device._base_manager.filter(pk=device_id, secret_digest=digest, revoked_at__isnull=True)
        workspace_id = own.values_list("workspace_id", flat=True).first()
    if workspace_id is None:
        return None
    with workspace_scope(workspace_id):
        workspace = workspace_by_id(workspace_id)
        if workspace is None or workspace.state in CLOSED_STATES:
            return None
        noted = Device.objects.filter(pk=device_id, revoked_at__isnull=True).update(**_as_noted(heard, now))
        if not noted:  # revoked a moment ago
            return None
        ApiToken.objects.filter(
            workspace_id=workspace_id, device_id=device_id, revoked_at__isnull=True, expires_at__gt=now
        ).update(expires_at=now + TOKEN_LIFE, last_used_at=now)
        return Answered(workspace, tuple(_holders_allowed(device_id)))


def _as_noted(heard: Heard, now: datetime) -> dict[str, object]:
    ahead = round((heard.clock - now).total_seconds()) if heard.clock else None
    return {
        "last_contact_at": now,
        "version": heard.version[:40],
        "events_waiting": _within(heard.events, COUNT_MOST),
        "photos_waiting": _within(heard.photos, COUNT_MOST),
        "inspections_waiting": _within(heard.inspections, COUNT_MOST),
        "storage_used": None if heard.storage_used is None else _within(heard.storage_used, BYTES_MOST),
        "storage_quota": None if heard.storage_quota is None else _within(heard.storage_quota, BYTES_MOST),
        "clock_ahead_seconds": None if ahead is None else max(-COUNT_MOST, min(COUNT_MOST, ahead)),
    }


def _within(value: int, most: int) -> int:
    return max(0, min(most, value))


def _holders_allowed(device_id: UUID) -> list[UUID]:
    held = set(DeviceHolder.objects.filter(device_id=device_id).values_list("user_id", flat=True))
    held &= _with_present_pin(device_id)
    rows = members().filter(is_active=True, user__is_active=True, user_id__in=held)
    return sorted(row.user_id for row in rows if "devices.use" in permissions_of([Role(row.role)]))
