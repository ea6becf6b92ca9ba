"""What the tests of the kit share."""

from pathlib import Path

import pytest


@pytest.fixture
def tabular(shared_data) -> Path:
    return shared_data / "tabular"
