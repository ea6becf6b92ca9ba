"""PostgreSQL's half of isolation: the settings that the row-level policies read, for one transaction.

`set_config(…, is_local => true)` and never `SET`: a session setting would outlive the request on a
pooled connection and show the next visitor somebody else's rows.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, connection, connections

WORKSPACE = "app.workspace_id"
ACTOR = "app.actor_id"
COMPARTMENT = "app.compartment_id"
CAPABILITY = "app.capability"
OPERATOR = "app.operator"
SETTINGS = (WORKSPACE, ACTOR, COMPARTMENT, CAPABILITY, OPERATOR)


class MissingTransaction(RuntimeError):
    """A local setting was asked for outside a transaction, where it would be lost at once."""


@contextmanager
def local_settings(**values: str) -> Iterator[None]:
    """Put settings in force until the block ends, then the former ones again.

    Keys are the names after `app.`; values are strings, empty to clear. Needs an open transaction.
    A block that ends by an exception leaves the transaction to its own rollback, which restores them.
    """
    if not connection.in_atomic_block:
        raise MissingTransaction("Row-level settings hold for one transaction; open one first.")
    wanted = {f"app.{name}": value for name, value in values.items()}
    unknown = wanted.keys() - set(SETTINGS)
    if unknown:
        raise ValueError(f"No policy reads {', '.join(sorted(unknown))}.")
    before = _in_force()
    wanted = {name: value for name, value in wanted.items() if before.get(name, "") != value}
    if wanted:
        _apply(wanted)
    with _noted(wanted):
        yield


@contextmanager
def settings_made(**values: str) -> Iterator[None]:
    """Like `local_settings`, for values that a statement of the caller has put in force already."""
    with _noted({f"app.{name}": value for name, value in values.items()}):
        yield


@contextmanager
def _noted(made: dict[str, str]) -> Iterator[None]:
    held = _in_force()
    former = {name: held.get(name, "") for name in made}
    held.update(made)
    try:
        yield
    finally:
        held.update(former)
        _restore(former)


def kept_on_connection(name: str, make: Callable[[], Any]) -> Any:
    """A value that belongs to this thread's connection.

    `django.db.connection` is one proxy for all threads; only the wrapper behind it is the thread's own.
    """
    wrapper = connections[DEFAULT_DB_ALIAS]
    return wrapper.__dict__.setdefault(name, make())


def in_force(name: str) -> str:
    """The value this transaction has set for one of the settings, or an empty string."""
    return _in_force().get(name, "")


def _in_force() -> dict[str, str]:
    """What this connection's transaction has in force, remembered so that nesting costs no query."""
    held: dict[str, str] = kept_on_connection("_goldseal_settings", dict)
    return held


def _apply(values: dict[str, str]) -> None:
    calls = ", ".join("set_config(%s, %s, true)" for _ in values)
    arguments = [part for pair in values.items() for part in pair]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", arguments)


def _restore(former: dict[str, str]) -> None:
    """The former values again, unless the transaction's own end does that for us.

    A broken transaction is rolled back; one that had nothing set before and nests in no other ends here.
    """
    is_ending = not connection.savepoint_ids and not any(_in_force().values())
    if (
        not former
        or is_ending
        or connection.needs_rollback
        or not connection.connection
        or connection.connection.closed
    ):
        return
    try:
        _apply(former)
    except Error:
        return
