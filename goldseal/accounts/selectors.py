"""Reading people, their factors and their tokens."""

from datetime import UTC, datetime

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import User
from goldseal.kit.errors import Forbidden


def has_second_factor(user: User) -> bool:
    """Whether the person signs in with more than a password."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())


def signed_in_at(request: HttpRequest) -> datetime | None:
    """The last time in this session that the person proved who they are, from allauth's own record."""
    times = [record["at"] for record in get_authentication_records(request, request.user) if "at" in record]
    return datetime.fromtimestamp(max(times), UTC) if times else None


OPENED_BY_PIN = "opened_by_pin"


def refuse_pin_session(request: HttpRequest) -> None:
    """Stop what must outlast the shift, or take data away, in a session that only a PIN has opened.

    Six digits typed on a tablet that others watch are enough to record, never to make a key to the workspace.
    """
    if request.session.get(OPENED_BY_PIN) and signed_in_at(request) is None:
        raise Forbidden(_("You switched here by PIN. Sign in with your password to do this."))
