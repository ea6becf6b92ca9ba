"""Registers corrective action with Django."""

from django.apps import AppConfig


class CapaConfig(AppConfig):
    """The room as a Django app."""

    name = "goldseal.capa"
    label = "capa"
