"""Registers website with Django."""

from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    """The room as a Django app."""

    name = "goldseal.website"
    label = "website"
