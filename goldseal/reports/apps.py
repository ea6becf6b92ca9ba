"""Registers reports with Django."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """The room as a Django app."""

    name = "goldseal.reports"
    label = "reports"
