"""What the tests of the catalog share."""

import pytest


@pytest.fixture(autouse=True)
def static_files_are_collected_nowhere(settings, tmp_path) -> None:
    """A checkout has no collected static files, and whitenoise would warn of that."""
    settings.STATIC_ROOT = tmp_path
