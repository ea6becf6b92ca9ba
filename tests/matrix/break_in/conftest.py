"""Alice owns a workspace, Bob wants in."""

import pytest

from goldseal.accounts.models import User
from goldseal.workspaces.models import (
    Workspace,
)
from tests.matrix.break_in.intruders import founded, person


@pytest.fixture
def alice(db: None) -> User:
    return person("alice")


@pytest.fixture
def bob(db: None) -> User:
    return person("bob")


@pytest.fixture
def mine(alice: User) -> Workspace:
    return founded(alice)
