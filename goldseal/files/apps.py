"""Registers files with Django."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The room as a Django app."""

    name = "goldseal.files"
    label = "files"
