"""The database's own catalogue: is the wall around every tenant table, on every side?"""

import pytest
from django.apps import apps
from django.db import connection

from goldseal.kit.isolation import composite_constraints, is_tenant_model

pytestmark = pytest.mark.django_db

# SECURITY DEFINER functions and why each may be one.
DEFINERS = {
    "privacy_erase_trail": "the application's role may not delete from the trail; checks for an open erasure",
    "privacy_erase_payloads": "the same, for one person's payloads",
}
# Unique on purpose across workspaces, and why that tells nobody anything.
GLOBAL_UNIQUES = {
    "accounts_apitoken_digest_key": "SHA-256 of a 256-bit secret: cannot be guessed, so cannot be probed",
}


def rows(statement: str, *arguments: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.fetchall()


def tenant_tables() -> list[str]:
    found = rows(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'workspace_id' ORDER BY 1"
    )
    return [name for (name,) in found] + ["workspaces_workspace"]


def test_there_are_tenant_tables_to_look_at() -> None:
    assert len(tenant_tables()) > 20


def test_the_application_owns_nothing_and_bypasses_nothing() -> None:
    assert rows(
        "SELECT current_user, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    ) == [("goldseal_app", False, False, False, False)]
    assert rows(
        "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = current_user"
    ) == [(0,)]
    assert rows(
        "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = current_user"
    ) == [(0,)]


def test_row_level_security_is_on_and_forced() -> None:
    states = {
        name: (on, forced)
        for name, on, forced in rows(
            "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relkind = 'r'"
        )
    }
    assert {table: states[table] for table in tenant_tables() if states[table] != (True, True)} == {}


def test_every_tenant_table_has_a_policy_for_all_commands_with_a_check() -> None:
    whole = {
        table
        for table, command, using, check in rows("SELECT tablename, cmd, qual, with_check FROM pg_policies")
        if command == "ALL" and using and check and "app_workspace" in using and "app_workspace" in check
    }
    assert set(tenant_tables()) - whole == set()


def test_further_policies_open_reading_only() -> None:
    assert (
        rows(
            "SELECT tablename, policyname, cmd FROM pg_policies WHERE policyname <> 'workspace_rows' AND policyname <> 'own_row' AND cmd <> 'SELECT'"
        )
        == []
    )


def test_no_role_but_superusers_bypasses_row_level_security() -> None:
    assert rows("SELECT rolname FROM pg_roles WHERE rolbypassrls AND NOT rolsuper") == []


def test_relations_between_tenant_tables_are_composite() -> None:
    present = {
        name
        for (name,) in rows(
            "SELECT conname FROM pg_constraint WHERE contype = 'f' AND array_length(conkey, 1) = 2"
        )
    }
    wanted = {
        name
        for model in apps.get_models(include_auto_created=True)
        if is_tenant_model(model)
        for name, _column, _table in composite_constraints(model)
    }
    assert len(wanted) > 10
    assert wanted - present == set()


def test_unique_constraints_lead_with_the_workspace() -> None:
    found = rows(
        """
        SELECT t.relname, i.relname, a.attname
        FROM pg_index x
        JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
        LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
        WHERE x.indisunique AND NOT x.indisprimary AND t.relname = ANY(%s)
        """,
        [t for t in tenant_tables() if t != "workspaces_workspace"],
    )
    wrong = {index for _table, index, first in found if first not in ("workspace_id", "entry_id")}
    assert wrong - GLOBAL_UNIQUES.keys() == set()
    assert GLOBAL_UNIQUES.keys() - wrong == set(), "an exemption that is no longer needed"


def test_definer_functions_are_the_listed_ones() -> None:
    found = {
        name
        for (name,) in rows(
            "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE prosecdef AND nspname = 'public'"
        )
    }
    assert found == set(DEFINERS)


def test_definer_functions_refuse_without_an_open_erasure(transactional_savepoint) -> None:
    from django.db import DatabaseError

    from goldseal.kit.ids import new_id
    from goldseal.workspaces.services import workspace_scope

    target = new_id()
    with (
        workspace_scope(target),
        transactional_savepoint(),
        pytest.raises(DatabaseError, match="no open erasure"),
    ):
        rows("SELECT privacy_erase_trail(%s)", target)


def test_no_view_hides_the_asker() -> None:
    assert (
        rows(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE relkind IN ('v', 'm') AND nspname = 'public'"
        )
        == []
    )


@pytest.mark.parametrize("table", ["trail_entry", "trail_payload", "trail_anchor"])
def test_the_trail_refuses_change(table: str, transactional_savepoint) -> None:
    from django.db import DatabaseError

    for statement in (
        f"UPDATE {table} SET workspace_id = workspace_id",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        with transactional_savepoint(), pytest.raises(DatabaseError):
            rows(statement)
