"""Fixtures of every room's tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck
from hypothesis import settings as property_settings

from tests.plugin import DATABASE, PROJECT, SERVER, close_connection, use_database


@pytest.fixture
def transactional_savepoint():
    """A savepoint that is always rolled back, for statements that break their transaction."""

    @contextmanager
    def savepoint():
        mark = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(mark)

    return savepoint


# A busy machine is no defect: a property test is judged by what it finds, not by how long it took.
property_settings.register_profile("goldseal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
property_settings.load_profile("goldseal")


@pytest.fixture(scope="session", autouse=True)
def _one_seal_key() -> Iterator[None]:
    """Every workspace of a test seals with a certificate of its own over one key: making keys takes half a second."""
    from goldseal.reports import seal_services
    from goldseal.reports.engine.seal import make_certificate, make_key

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seal_services, "make_certificate", partial(make_certificate, key=make_key()))
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """A copy of the migrated template for this process; the application's role, as in production."""
    with django_db_blocker.unblock():
        SERVER.start()
        SERVER.copy(DATABASE)
        use_database(connection, DATABASE)
    yield
    with django_db_blocker.unblock():
        close_connection(connection)
        SERVER.drop(DATABASE)


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database whose transactions really commit, for servers and races; made anew for the test."""
    name = f"{DATABASE}_committed"
    with django_db_blocker.unblock():
        SERVER.copy(name)
        use_database(connection, name)
        try:
            yield
        finally:
            use_database(connection, DATABASE)
            SERVER.drop(name)


@pytest.fixture
def shared_data() -> Path:
    """Real inputs beside the project; skips where they are absent."""
    found = PROJECT.parent / "shared" / "data"
    if not found.exists():
        pytest.skip("the folder of real inputs is not here")
    return found
