"""Carrying out an erasure, store by store. Derived from the promise register: no model is named here.

Order: hidden at once, keys destroyed, stores swept, swept again by counting, then the certificate. An
unknown table, a store nobody empties or a row that is left makes the erasure fail, never pass.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import CharField, Field, Model, TextField

from goldseal.files.services import destroy_workspace_key, erase_workspace_files
from goldseal.kit.promises import PERSONAL, Edge, OnSubject, Promise, promised_models
from goldseal.privacy.exporting import owned_models
from goldseal.reports.services import erase_report_files

SWEPT_STORES = frozenset({"db", "files", "cache", "queue", "temp", "keys", "search"})
TRAIL_APP = "trail"


class LeftOver(RuntimeError):
    """Something of the erased subject is still there, or a store is not swept."""


@contextmanager
def erasing(workspace_id: UUID) -> Iterator[None]:
    """Tell the append-only triggers that this transaction erases one workspace."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.erasing', %s, true)", [str(workspace_id)])
        yield
        cursor.execute("SELECT set_config('app.erasing', '', true)")


def unknown_tenant_tables() -> list[str]:
    """Tables in the database with a workspace column that no model in the register stands for."""
    known = {model._meta.db_table for model, _declared in owned_models()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'workspace_id'"
        )
        return sorted({row[0] for row in cursor.fetchall()} - known)


def unswept_stores() -> list[str]:
    """Stores that some model promises and nothing here empties."""
    promised = {store for _model, declared in promised_models() for store in declared.stores}
    return sorted(promised - SWEPT_STORES)


def delete_rows(workspace_id: UUID) -> dict[str, int]:
    """Remove every row the workspace owns. Call inside its scope and `erasing`; keys are checked at the end."""
    counts: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for model, declared in _deletable():
            if model._meta.app_label == TRAIL_APP:
                continue
            table = model._meta.db_table
            if declared.edge is Edge.KEEP:
                counts[table] = _minimise(cursor, model, declared, workspace_id)
                continue
            column = "id" if model._meta.label == "workspaces.Workspace" else "workspace_id"
            cursor.execute(f'DELETE FROM "{table}" WHERE {column} = %s', [workspace_id])
            counts[table] = cursor.rowcount
        cursor.execute("SELECT privacy_erase_trail(%s)", [workspace_id])
        counts["trail"] = int((cursor.fetchone() or [0])[0])
    return counts


def _deletable() -> list[tuple[type[Model], Promise]]:
    """Owned models, the workspace itself last: the rows of the others are checked against it."""
    return sorted(owned_models(), key=lambda pair: pair[0]._meta.label == "workspaces.Workspace")


def _minimise(cursor: Any, model: type[Model], declared: Promise, workspace_id: UUID) -> int:
    """A kept row keeps only the fields its promise names."""
    emptied = {
        f.column: _empty(f)
        for f in model._meta.concrete_fields
        if f.name in declared.fields and f.name not in declared.keep
    }
    if not emptied:
        return 0
    assignments = ", ".join(f'"{column}" = %s' for column in emptied)
    cursor.execute(
        f'UPDATE "{model._meta.db_table}" SET {assignments} WHERE workspace_id = %s',
        [*emptied.values(), workspace_id],
    )
    return int(cursor.rowcount)


def empty_stores(workspace_id: UUID) -> dict[str, int]:
    """Keys first, then files, temporary files, queue and cache."""
    destroy_workspace_key(workspace_id)
    erase_workspace_files(workspace_id)
    erase_report_files(workspace_id)
    return {
        "temporary files": _empty_temporary(workspace_id),
        "queue": _empty_queue(workspace_id),
        "cache": _empty_cache(workspace_id),
    }


def _empty_temporary(workspace_id: UUID) -> int:
    removed = 0
    root = Path(settings.TEMPORARY_FOLDER)
    for path in sorted(root.rglob(f"*{workspace_id}*")) if root.exists() else []:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        removed += 1
    return removed


def _empty_queue(workspace_id: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE args ->> 'workspace_id' = %s", [str(workspace_id)]
        )
        return int(cursor.rowcount)


def _empty_cache(workspace_id: UUID) -> int:
    """Every key that holds tenant data begins with `ws:<id>:`."""
    if "DatabaseCache" in str(settings.CACHES["default"]["BACKEND"]):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM config_cache WHERE cache_key LIKE %s", [f"%:ws:{workspace_id}:%"])
            return int(cursor.rowcount)
    cache.clear()
    return 0


def rows_left(workspace_id: UUID) -> dict[str, int]:
    """What is still there, counted afresh in the database. Call inside the scope."""
    left: dict[str, int] = {}
    with connection.cursor() as cursor:
        for model, declared in owned_models():
            if declared.edge is Edge.KEEP:
                continue
            column = "id" if model._meta.label == "workspaces.Workspace" else "workspace_id"
            cursor.execute(
                f'SELECT count(*) FROM "{model._meta.db_table}" WHERE {column} = %s', [workspace_id]
            )
            found = int((cursor.fetchone() or [0])[0])
            if found:
                left[model._meta.db_table] = found
    return left


def forget_person_here(person_id: UUID, *, email: str) -> dict[str, int]:
    """In the open workspace: remove or blank what is about the person, as each model promised."""
    counts: dict[str, int] = {}
    for model, declared in owned_models():
        path = declared.subject
        if not path or path.startswith("#") or model._meta.app_label == TRAIL_APP:
            continue
        rows = model._base_manager.filter(**{f"{path}__pk" if path != "self" else "pk": person_id})
        if declared.on_subject is OnSubject.DELETE:
            counts[model._meta.db_table] = rows.delete()[0]
            continue
        personal = declared.of_category(*PERSONAL)
        if personal:
            values = {name: _empty(_field(model, name)) for name in personal}
            counts[model._meta.db_table] = rows.update(**values)
    with connection.cursor() as cursor:
        cursor.execute("SELECT privacy_erase_payloads(app_workspace(), %s, %s)", [person_id, email])
        counts["trail_payload"] = int((cursor.fetchone() or [0])[0])
    return counts


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    found = model._meta.get_field(name)
    if not isinstance(found, Field):
        raise LeftOver(f"{model._meta.label}.{name} is no column.")
    return found


def _empty(f: "Field[Any, Any]") -> Any:
    if f.null:
        return None
    return "" if isinstance(f, CharField | TextField) else f.get_default()
