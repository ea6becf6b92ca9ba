"""Registers inspections with Django."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    """The room as a Django app."""

    name = "goldseal.inspections"
    label = "inspections"
