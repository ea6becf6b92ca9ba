"""Changing what a person says about themself, and proving that it is the person."""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import User
from goldseal.kit.errors import Invalid, TooMany


def edit_profile(*, user: User, name: str, language: str, theme: str) -> User:
    """Name (printed under what the person signs from now on), language and appearance."""
    user.name, user.language, user.theme = name, language, theme
    user.save(update_fields=["name", "language", "theme"])
    return user


PROOF_LIFE = timedelta(minutes=5)
PROOF_TRIES = 5


def prove_identity(*, user: User, password: str, signed_in_at: datetime | None, now: datetime) -> str:
    """Make sure that it is the person who signs, now: by password, or by a sign-in within five minutes.

    Returns the method, for the signature's record. Raises Invalid at `password`, TooMany after five
    wrong passwords in five minutes.
    """
    if not password and signed_in_at is not None and now - signed_in_at <= PROOF_LIFE:
        return "recent_sign_in"
    key = f"proof:{user.pk}"
    if int(cache.get(key, 0)) >= PROOF_TRIES:
        raise TooMany(_("Too many wrong passwords. Wait five minutes and try again."))
    if not password:
        raise Invalid(fields={"password": _("Enter your password; a signature needs it each time.")})
    if not user.check_password(password):
        cache.add(key, 0, timeout=int(PROOF_LIFE.total_seconds()))
        cache.incr(key)
        raise Invalid(fields={"password": _("This is not your password. Nothing was signed.")})
    cache.delete(key)
    return "password"
