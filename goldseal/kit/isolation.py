"""Migration operations that put the database's wall around a tenant table.

`IsolateTable` enables and FORCEs row-level security with an explicit USING and WITH CHECK, gives
referred-to tables a unique `(workspace_id, id)` and every relation between tenant tables the
composite foreign key that plain Django foreign keys lack: referential integrity bypasses row-level
security, so without it a row could point into another workspace.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Model

ALL_COMPARTMENTS = "true"
NO_COMPARTMENT = "app_compartment() IS NULL"


def is_tenant_model(model: type[Model]) -> bool:
    """Whether the table carries a workspace column."""
    return any(f.column == "workspace_id" for f in model._meta.concrete_fields)


def composite_constraints(model: type[Model]) -> list[tuple[str, str, str]]:
    """(constraint name, column, referred table) for every relation from one tenant table to another."""
    found = []
    for f in model._meta.concrete_fields:
        related, column = f.related_model, f.column or ""
        if not f.is_relation or column == "workspace_id" or not isinstance(related, type):
            continue
        if is_tenant_model(related):
            table = model._meta.db_table
            found.append((f"{table[:40]}_{column[:18]}_ws", column, related._meta.db_table))
    return found


class IsolateTable(Operation):
    """Row-level security and composite foreign keys for one model.

    `compartment`: SQL condition under which a row is visible inside a compartment (a buyer guest);
    the default shows nothing there. `also_readable`: SQL condition that opens reading outside a
    workspace scope (a person's own memberships, a capability in hand); such tables use the policy
    function that does not raise.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str, *, compartment: str = "", also_readable: str = "") -> None:
        self.model_name = model_name
        self.compartment = compartment
        self.also_readable = also_readable

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """For the migration writer."""
        options = {"compartment": self.compartment, "also_readable": self.also_readable}
        return self.__class__.__name__, [self.model_name], {k: v for k, v in options.items() if v}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing changes in Django's picture of the tables."""

    def describe(self) -> str:
        """For `migrate --plan`."""
        return f"Isolate {self.model_name} by workspace"

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Build the wall."""
        model = to_state.apps.get_model(app_label, self.model_name)
        table = model._meta.db_table
        accessor = "app_workspace_or_null()" if self.also_readable else "app_workspace()"
        inside = f"workspace_id = (SELECT {accessor})"
        within = self.compartment or NO_COMPARTMENT
        if within != ALL_COMPARTMENTS:
            inside += f" AND (app_compartment() IS NULL OR ({within}))"
        self._tie(schema_editor, model)
        schema_editor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
        schema_editor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
        schema_editor.execute(
            f'CREATE POLICY workspace_rows ON "{table}" FOR ALL USING ({inside}) WITH CHECK ({inside})'
        )
        if self.also_readable:
            schema_editor.execute(
                f'CREATE POLICY also_readable ON "{table}" FOR SELECT USING ({self.also_readable})'
            )

    def _tie(self, schema_editor: BaseDatabaseSchemaEditor, model: type[Model]) -> None:
        """The composite foreign keys. PostgreSQL checks existing rows by a query of the owner, which
        must see the referred rows of every workspace: FORCE is lifted for that statement only.
        """
        self._tie_columns(schema_editor, model, None)

    def _tie_columns(
        self, schema_editor: BaseDatabaseSchemaEditor, model: type[Model], columns: frozenset[str] | None
    ) -> None:
        table = model._meta.db_table
        for name, column, referred in composite_constraints(model):
            if columns is not None and column not in columns:
                continue
            lifted = {referred, table} if columns is not None else {referred} - {table}
            schema_editor.execute(_unique_pair(referred))
            for forced in sorted(lifted):
                schema_editor.execute(f'ALTER TABLE "{forced}" NO FORCE ROW LEVEL SECURITY')
            schema_editor.execute(
                f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (workspace_id, "{column}") '
                f'REFERENCES "{referred}" (workspace_id, id) DEFERRABLE INITIALLY DEFERRED'
            )
            for forced in sorted(lifted):
                schema_editor.execute(f'ALTER TABLE "{forced}" FORCE ROW LEVEL SECURITY')

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take it down again."""
        model = from_state.apps.get_model(app_label, self.model_name)
        table = model._meta.db_table
        for name, _column, _referred in composite_constraints(model):
            schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}"')
        schema_editor.execute(f'DROP POLICY IF EXISTS also_readable ON "{table}"')
        schema_editor.execute(f'DROP POLICY IF EXISTS workspace_rows ON "{table}"')
        schema_editor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        schema_editor.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')


class TieRelations(IsolateTable):
    """The composite foreign keys of relations that were added to a table already isolated."""

    def __init__(self, model_name: str, *, columns: tuple[str, ...]) -> None:
        super().__init__(model_name)
        self.columns = frozenset(columns)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """For the migration writer."""
        return self.__class__.__name__, [self.model_name], {"columns": tuple(sorted(self.columns))}

    def describe(self) -> str:
        """For `migrate --plan`."""
        return f"Tie new relations of {self.model_name} to the workspace"

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Add the constraints."""
        self._tie_columns(schema_editor, to_state.apps.get_model(app_label, self.model_name), self.columns)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take them away again."""
        model = from_state.apps.get_model(app_label, self.model_name)
        for name, column, _referred in composite_constraints(model):
            if column in self.columns:
                schema_editor.execute(
                    f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT IF EXISTS "{name}"'
                )


def _unique_pair(table: str) -> str:
    name = f"{table[:50]}_ws_id"
    return (  # names of our own tables, no values
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{name}') THEN "  # noqa: S608
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" UNIQUE (workspace_id, id); END IF; END $$'
    )
