"""Migrations: in step with the models, one line per room, and every step can be taken back."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from tests.plugin import DATABASE, SERVER, owner_connection


def ours() -> set[str]:
    return {config.label for config in apps.get_app_configs() if config.name.startswith("goldseal.")}


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    out = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out)
    assert "No changes detected" in out.getvalue()


def test_each_room_has_one_line_of_migrations() -> None:
    loader = MigrationLoader(None)
    for label in {key[0] for key in loader.graph.nodes} & ours():
        assert len(loader.graph.leaf_nodes(label)) == 1, label
    for (label, name), node in loader.graph.node_map.items():
        if label in ours():
            own_parents = [parent for parent in node.parents if parent.key[0] == label]
            assert len(own_parents) <= 1, (label, name)


def test_every_step_can_be_taken_back(django_db_setup: None, django_db_blocker: object) -> None:
    name = f"{DATABASE}_back"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        SERVER.copy(name)
        try:
            with owner_connection(name) as connection:
                before = _tables(connection)
                for label in (
                    "privacy",
                    "capa",
                    "inspections",
                    "reports",
                    "catalog",
                    "files",
                    "workspaces",
                    "accounts",
                    "trail",
                    "config",
                    "kit",
                ):
                    call_command("migrate", label, "zero", database="owner", verbosity=0, interactive=False)
                left = {table for table in _tables(connection) if table.split("_")[0] in ours()}
                assert left == set()
                call_command("migrate", database="owner", verbosity=0, interactive=False)
                assert _tables(connection) == before
        finally:
            SERVER.drop(name)


def _tables(connection: object) -> set[str]:
    return set(connection.introspection.table_names())  # type: ignore[attr-defined]
