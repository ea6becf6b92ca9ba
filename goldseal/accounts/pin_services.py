"""Shared tablets: setting a PIN, and taking over a device on which one signed in today."""

import re
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.core import signing
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import StaffPin, User
from goldseal.accounts.services import PROOF_LIFE, prove_identity
from goldseal.kit.errors import Invalid, NotFound, TooMany

TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
ROSTER_LIFE = timedelta(hours=12)
ROSTER_COOKIE = "roster"
ROSTER_MOST = 30
SALT = "goldseal.roster"
TOO_EASY = re.compile(r"(\d)\1{5}")


def set_pin(*, user: User, pin: str, now: datetime) -> None:
    """Set or replace the person's PIN: six digits, not all alike, not a row like 123456."""
    if not re.fullmatch(r"[0-9]{6}", pin):
        raise Invalid(fields={"pin": _("Six digits.")})
    if TOO_EASY.fullmatch(pin) or pin in "01234567890" or pin in "09876543210":
        raise Invalid(fields={"pin": _("Too easy to guess. Choose other digits.")})
    StaffPin.objects.update_or_create(
        user=user,
        defaults={"digest": make_password(pin), "set_at": now, "wrong_tries": 0, "locked_until": None},
    )


def remove_pin(*, user: User) -> None:
    """The person can no longer switch by PIN."""
    StaffPin.objects.filter(user=user).delete()


def check_pin(*, user_id: UUID, pin: str, now: datetime) -> User:
    """The person, if the PIN is right. Five wrong tries lock it for a quarter of an hour."""
    problem: Exception | None = None
    with transaction.atomic():
        row = StaffPin.objects.select_for_update().select_related("user").filter(user_id=user_id).first()
        if row is None or not row.user.is_active:
            raise NotFound
        if row.locked_until and row.locked_until > now:
            problem = TooMany(
                _("Too many wrong PINs. Wait a quarter of an hour, or sign in with the password.")
            )
        elif check_password(pin, row.digest):
            row.wrong_tries, row.locked_until = 0, None
        else:
            row.wrong_tries += 1
            if row.wrong_tries >= TRIES:
                row.wrong_tries, row.locked_until = 0, now + LOCKED_FOR
            problem = Invalid(fields={"pin": _("This is not the PIN.")})
        row.save(update_fields=["wrong_tries", "locked_until"])
    if problem:
        raise problem
    return row.user


def prove_pin(*, user: User, pin: str, password: str, signed_in_at: datetime | None, now: datetime) -> None:
    """Make sure by the PIN that it is the person; who has none yet chooses this one.

    A PIN signs, so that choosing one needs the same proof as its own page does (`prove_identity`). Raises
    Invalid at `pin` or `password`, TooMany. Call outside of a workspace's scope: a refused try must be counted.
    """
    if StaffPin.objects.filter(user=user).exists():
        check_pin(user_id=user.pk, pin=pin, now=now)
        return
    if not password and (signed_in_at is None or now - signed_in_at > PROOF_LIFE):
        raise Invalid(fields={"password": _("You are choosing a PIN. Enter your password too.")})
    prove_identity(user=user, password=password, signed_in_at=signed_in_at, now=now)
    set_pin(user=user, pin=pin, now=now)


def roster_entry(user: User, now: datetime) -> str:
    """What the device remembers of a person: the key, a mark that a new password makes worthless, and when.

    Each entry ages by itself: the cookie is written anew whenever somebody signs in, the entry is not.
    """
    return f"{user.pk}:{_password_mark(user)}:{int(now.timestamp())}"


def _password_mark(user: User) -> str:
    return salted_hmac(SALT, user.password).hexdigest()[:20]


def read_roster(cookie: str, now: datetime) -> list[str]:
    """The entries of a device's signed cookie that are not older than a shift; empty for a forged one."""
    try:
        found = signing.loads(cookie, salt=SALT, max_age=ROSTER_LIFE)
    except signing.BadSignature:
        return []
    entries = [entry for entry in found if isinstance(entry, str)] if isinstance(found, list) else []
    oldest = (now - ROSTER_LIFE).timestamp()
    return [entry for entry in entries if entry.count(":") == 2 and int(entry.rpartition(":")[2]) > oldest]


def write_roster(entries: list[str]) -> str:
    """The signed cookie."""
    return signing.dumps(entries[-ROSTER_MOST:], salt=SALT)


def people_on_device(cookie: str, now: datetime) -> list[User]:
    """Who signed in on this device today, has a PIN, and has kept the password since."""
    entries = {entry.rpartition(":")[0] for entry in read_roster(cookie, now)}
    keys = [entry.partition(":")[0] for entry in entries]
    people = User.objects.filter(pk__in=keys, is_active=True, staff_pin__isnull=False).order_by(
        "name", "email"
    )
    return [user for user in people if f"{user.pk}:{_password_mark(user)}" in entries]
