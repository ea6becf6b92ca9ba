"""What happens when somebody signs in."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from goldseal.accounts.models import User


@receiver(user_logged_in, dispatch_uid="accounts.roster")
def remember_on_device(sender: Any, request: HttpRequest | None, user: Any, **_others: Any) -> None:
    """Note for the middleware that this device's roster gains a person; not for a sign-in by PIN,

    which would let a PIN renew itself for ever.
    """
    if request is not None and isinstance(user, User) and not getattr(request, "is_pin_switch", False):
        request.joins_roster = user  # type: ignore[attr-defined]
