"""How allauth fits into the house: who may sign up, where a person goes next, which address asked."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from goldseal.kit.requests import client_address


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Goldseal's account adapter."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The peer's address: rate limits must not be dodged by a forged forwarded header."""
        return client_address(request)

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """People have no user name here."""
