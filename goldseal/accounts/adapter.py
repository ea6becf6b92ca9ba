"""How allauth fits into the house: who may sign up, where a person goes next, which address asked."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.http import HttpRequest

from goldseal.kit.requests import client_address


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Goldseal's account adapter."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The peer's address: rate limits must not be dodged by a forged forwarded header."""
        return client_address(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Letters name this installation's own address: a forged Host header must not choose where they lead."""
        request = allauth_context.request
        here, home = (request.build_absolute_uri("/") if request else ""), f"{settings.BASE_URL}/"
        own = {
            key: home + value.removeprefix(here)
            if here and isinstance(value, str) and value.startswith(here)
            else value
            for key, value in context.items()
        }
        name = urlsplit(settings.BASE_URL).netloc
        site = SimpleNamespace(name=name, domain=name)
        super().send_mail(template_prefix, email, {**own, "current_site": site})

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """The account alone: with the Host header in it, five tries would become five for every spelling of it."""
        return f"login:{str(credentials.get('email') or credentials.get('username') or '').lower()}"

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """People have no user name here."""
