"""Registers the house's frame with Django; when all models are loaded, every room's declarations are read."""

from django.apps import AppConfig
from django.core.checks import Error, register


class ConfigConfig(AppConfig):
    """The frame as a Django app; last of the rooms, so that all models are there."""

    name = "goldseal.config"
    label = "config"

    def ready(self) -> None:
        """Read the declaration files and make an incomplete promise register fail the checks."""
        from goldseal.config import library_promises  # noqa: F401 - declares the promises of libraries' tables
        from goldseal.kit.declarations import discover_declarations

        discover_declarations()
        register(promises_are_complete)


def promises_are_complete(**kwargs: object) -> list[Error]:
    """A model or field that declares nothing stops the program from starting."""
    from goldseal.kit.promises import broken_promises

    return [Error(sentence, id="goldseal.promise") for sentence in broken_promises()]
