"""Registers workspaces with Django and discovers every room's declarations once models are loaded."""

from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    """Workspaces as a Django app."""

    name = "goldseal.workspaces"
    label = "workspaces"
