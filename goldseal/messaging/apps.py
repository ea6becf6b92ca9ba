"""Registers messaging with Django."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """The room as a Django app."""

    name = "goldseal.messaging"
    label = "messaging"
