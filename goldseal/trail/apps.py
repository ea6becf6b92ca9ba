"""Registers the trail with Django."""

from django.apps import AppConfig


class TrailConfig(AppConfig):
    """The trail as a Django app."""

    name = "goldseal.trail"
    label = "trail"
