"""Python's half of isolation: managers that refuse outside a workspace scope, and the scope itself."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn, Self, TypeVar
from uuid import UUID

from django.db import models, transaction
from django_scopes.state import get_scope, scope

from goldseal.kit.errors import ScopeError
from goldseal.kit.rowlevel import local_settings
from goldseal.trail.services import append_waiting, forget_waiting, waiting_count

M = TypeVar("M", bound=models.Model)
M_co = TypeVar("M_co", bound=models.Model, covariant=True)

SHARED = "*"


@dataclass(frozen=True, slots=True)
class Scope:
    """The workspace, and within it the compartment, that is open now."""

    workspace_id: UUID
    compartment_id: UUID | None


def current_scope() -> Scope | None:
    """The open scope, or None."""
    found: Scope | None = get_scope().get("workspace")
    return found


def _refuse(*args: Any, **kwargs: Any) -> NoReturn:
    raise ScopeError("Tenant data can be touched only inside a workspace scope.")


class RefusingQuerySet(models.QuerySet[M_co]):
    """What a scoped manager gives outside a scope: every way to read or write refuses.

    django-scopes seals reading; `exists`, `exclude`, `create`, `bulk_create`, the asynchronous twins
    and iteration are sealed here too. `none()` stays open, for forms and schema tools.
    """

    def none(self) -> Self:
        """An empty query, harmless anywhere."""
        return models.QuerySet(self.model, using=self.db).none()  # type: ignore[return-value]


_OPEN = {"none", "as_manager", "resolve_expression", "using"}
for _name in dir(models.QuerySet):
    if not _name.startswith("_") and callable(getattr(models.QuerySet, _name)) and _name not in _OPEN:
        setattr(RefusingQuerySet, _name, _refuse)
for _name in ("__iter__", "__aiter__", "__len__", "__bool__", "__getitem__", "__and__", "__or__", "__xor__"):
    setattr(RefusingQuerySet, _name, _refuse)


class ScopedQuerySet(models.QuerySet[M]):
    """Rows of the open scope; refuses to write a row of another workspace."""

    def _check(self, rows: Iterable[models.Model]) -> None:
        open_scope = current_scope()
        for row in rows:
            if open_scope is None or getattr(row, "workspace_id", None) != open_scope.workspace_id:
                raise ScopeError(f"{row._meta.label} of another workspace than the open one cannot be saved.")

    def create(self, **values: Any) -> M:
        """A row of the open workspace; the workspace need not be named."""
        open_scope = current_scope()
        if open_scope and "workspace" not in values and "workspace_id" not in values:
            values["workspace_id"] = open_scope.workspace_id
        return super().create(**values)

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        """Rows of the open workspace only."""
        rows = list(objs)
        self._check(rows)
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> int:
        """Rows of the open workspace only."""
        rows = list(objs)
        self._check(rows)
        return super().bulk_update(rows, *args, **kwargs)

    def update(self, **values: Any) -> int:
        """Never moves a row to another workspace."""
        if "workspace" in values or "workspace_id" in values:
            raise ScopeError("A row cannot move to another workspace.")
        return super().update(**values)


class WorkspaceManager(models.Manager[M]):
    """The only manager of a tenant model."""

    _queryset_class = ScopedQuerySet

    def get_queryset(self) -> models.QuerySet[M]:
        """The scope's rows; outside one, a queryset that refuses."""
        open_scope = current_scope()
        if open_scope is None:
            return RefusingQuerySet(self.model, using=self._db)
        rows: models.QuerySet[M] = ScopedQuerySet(self.model, using=self._db).filter(
            workspace_id=open_scope.workspace_id
        )
        if open_scope.compartment_id is None:
            return rows
        path = getattr(self.model, "compartment", "")
        if path == SHARED:
            return rows
        if not path:
            return rows.none()
        return rows.filter(**{path: open_scope.compartment_id})

    def create(self, **values: Any) -> M:
        """See `ScopedQuerySet.create`."""
        return self.get_queryset().create(**values)


class SealedModel(models.Model):
    """Base of tenant tables: a row can be saved or deleted only inside its own workspace's scope.

    `compartment` is the path to what narrows a buyer guest: an ORM path, `SHARED`, or "" for rows
    that guests never see.
    """

    compartment: ClassVar[str] = ""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuses outside the row's own workspace."""
        self._check_scope()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuses outside the row's own workspace."""
        self._check_scope()
        return super().delete(*args, **kwargs)

    def _check_scope(self) -> None:
        open_scope = current_scope()
        if open_scope is None:
            _refuse()
        mine = getattr(self, "workspace_id", None)
        if mine is None:
            self.workspace_id = open_scope.workspace_id
        elif mine != open_scope.workspace_id:
            raise ScopeError(f"{self._meta.label} of another workspace than the open one cannot be saved.")


@contextmanager
def workspace_scope(
    workspace_id: UUID,
    *,
    compartment_id: UUID | None = None,
    actor_id: UUID | None = None,
    savepoint: bool = True,
) -> Iterator[None]:
    """Open one workspace, and within it perhaps one compartment, for Python and PostgreSQL alike.

    Holds a transaction; the outermost scope of a workspace appends the trail's waiting entries as
    its last statements. Scopes nest: the inner one ends by restoring the outer. `savepoint=False` is for
    who has begun a transaction for this scope alone, which a failure takes back as a whole.
    """
    around = current_scope()
    appends = around is None or around.workspace_id != workspace_id
    settings = {
        "workspace_id": str(workspace_id),
        "compartment_id": str(compartment_id) if compartment_id else "",
    }
    if actor_id is not None:
        settings["actor_id"] = str(actor_id)
    mark = waiting_count()
    try:
        with (
            transaction.atomic(savepoint=savepoint and appends),
            local_settings(**settings),
            scope(workspace=Scope(workspace_id, compartment_id)),
        ):
            yield
            if appends:
                append_waiting(workspace_id)
    except BaseException:
        if appends:
            forget_waiting(mark)
        raise


@contextmanager
def person_scope(actor_id: UUID) -> Iterator[None]:
    """Open what a person may see of themself across workspaces: memberships, the workspaces they name."""
    with transaction.atomic(), local_settings(actor_id=str(actor_id)):
        yield


@contextmanager
def capability_scope(digest: str) -> Iterator[None]:
    """Open the one row that a secret in hand points at (an invitation, a token, a share link)."""
    with transaction.atomic(), local_settings(capability=digest):
        yield


@contextmanager
def operator_scope(actor_id: UUID) -> Iterator[None]:
    """Open the operator's view: the list of workspaces and grants, never their content."""
    with transaction.atomic(), local_settings(operator="on", actor_id=str(actor_id)):
        yield
