"""Statements that are written out because every tap runs them, and their rows as the objects of their models."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, models

M = TypeVar("M", bound=models.Model)


def run_prepared(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> Sequence[Any] | None:
    """Run a statement that PostgreSQL reads and plans once for each connection; its first row, if it gives any.

    In the transaction at hand, like any other statement; errors are Django's.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor = psycopg.Cursor(connection.connection)
        cursor.execute(statement, values, prepare=True)
        return cursor.fetchone() if cursor.description else None


def columns_of(model: type[models.Model], *, only: Sequence[str] = ()) -> tuple[str, ...]:
    """The model's columns in the order of its fields; `only` these."""
    return tuple(str(f.column) for f in model._meta.concrete_fields if not only or f.column in only)


def as_stored(model: type[M], columns: tuple[str, ...], values: Sequence[Any]) -> M:
    """The object as a query would have brought it; fields whose column is not given load when asked for."""
    names, readers = _reading(model, columns)
    read = list(values[: len(columns)])
    for place, field in readers:
        read[place] = field.from_db_value(read[place], None, connection)
    return model.from_db(DEFAULT_DB_ALIAS, names, read)


@cache
def _reading(
    model: type[models.Model], columns: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[tuple[int, Any], ...]]:
    fields = {f.column: f for f in model._meta.concrete_fields}
    given = [fields[column] for column in columns]
    converted = tuple((place, f) for place, f in enumerate(given) if hasattr(f, "from_db_value"))
    return tuple(f.attname for f in given), converted
