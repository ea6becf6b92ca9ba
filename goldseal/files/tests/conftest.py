"""What the tests of the files room share."""

import pytest

from goldseal.files.engine.images import ImageCleaner


@pytest.fixture(scope="module")
def cleaner():
    with ImageCleaner() as cleaner:
        yield cleaner
