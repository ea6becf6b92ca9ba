"""Registers accounts with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts as a Django app."""

    name = "goldseal.accounts"
    label = "accounts"
