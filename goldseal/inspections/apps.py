"""Registers inspections with Django."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    """The room as a Django app."""

    name = "goldseal.inspections"
    label = "inspections"

    def ready(self) -> None:
        """Tell the catalog how many inspections keep a buyer's present rules."""
        from goldseal.catalog.usage import declare_rules_in_use
        from goldseal.inspections.page_selectors import rules_in_use

        declare_rules_in_use(rules_in_use)
