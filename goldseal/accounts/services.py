"""Changing what a person says about themself, and proving that it is the person."""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
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
    if not password:
        raise Invalid(fields={"password": _("Enter your password; a signature needs it each time.")})
    key = f"proof:{user.pk}"
    with transaction.atomic():
        # One guess after the other, each counted before it is compared: guesses sent at once would otherwise
        # all find the count as it was before the first.
        User.objects.select_for_update(no_key=True).filter(pk=user.pk).first()
        tries = int(cache.get(key, 0))
        if tries < PROOF_TRIES:
            cache.set(key, tries + 1, timeout=int(PROOF_LIFE.total_seconds()))
    if tries >= PROOF_TRIES:
        raise TooMany(_("Too many wrong passwords. Wait five minutes and try again."))
    if not user.check_password(password):
        raise Invalid(fields={"password": _("This is not your password. Nothing was signed.")})
    cache.delete(key)
    return "password"
