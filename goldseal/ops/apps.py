"""Registers ops with Django."""

from django.apps import AppConfig


class OpsConfig(AppConfig):
    """The room as a Django app."""

    name = "goldseal.ops"
    label = "ops"
