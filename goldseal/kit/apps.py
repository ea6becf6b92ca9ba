"""Registers the kit with Django: templates, template tags, the functions that policies read."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """The kit as a Django app."""

    name = "goldseal.kit"
    label = "kit"
