"""Registers catalog with Django."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """The room as a Django app."""

    name = "goldseal.catalog"
    label = "catalog"
