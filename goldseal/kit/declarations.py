"""Discovery of the files by which a higher room declares something to a lower one, at start-up."""

from django.utils.module_loading import autodiscover_modules

DECLARATION_FILES = (
    "permissions",
    "privacy",
    "reports",
    "health",
    "activity",
    "home",
    "receivers",
    "imports",
)


def discover_declarations() -> None:
    """Import every room's declaration files. Called once, when all models are loaded."""
    autodiscover_modules(*DECLARATION_FILES)
