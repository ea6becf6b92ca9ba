"""Registers privacy with Django."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """The room as a Django app."""

    name = "goldseal.privacy"
    label = "privacy"
