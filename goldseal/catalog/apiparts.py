"""What the catalog's operations over the API share: pages of lists, what was sent, retire, restore and delete."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query, Router, Status

from goldseal.catalog import shapes
from goldseal.kit.visits import visit

VIEW = "catalog.view"
READING: dict[int, Any] = dict.fromkeys((401, 403, 404, 422), shapes.CatalogProblem)
WRITING: dict[int, Any] = {**READING, 409: shapes.CatalogProblem}
Limit = Annotated[int, Query(ge=1, le=100, description="How many at most")]
After = Annotated[UUID | None, Query(description="`next` of the page before")]
Active = Annotated[bool | None, Query(description="Only those in use (true) or retired (false)")]


def page(rows: QuerySet[Any], after: UUID | None, limit: int, active: bool | None) -> dict[str, Any]:
    """One page in the order of creation."""
    if active is not None:
        rows = rows.filter(is_active=active)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    found = list(rows.order_by("pk")[: limit + 1])
    return {"items": found[:limit], "next": str(found[limit - 1].pk) if len(found) > limit else ""}


def given(body: shapes.Strict) -> tuple[dict[str, Any], int | None]:
    """The fields that were sent, named as the services name them, and the revision."""
    values = body.dict(exclude_unset=True)
    revision = values.pop("revision", None)
    for link in ("buyer", "style", "site"):
        if f"{link}_id" in values:
            values[link] = values.pop(f"{link}_id")
    return values, revision


def put_away(
    router: Router,
    noun: str,
    *,
    key: str,
    retire: Callable[..., Any],
    restore: Callable[..., Any],
    delete: Callable[..., Any],
) -> None:
    """Add the three operations that every noun has."""

    def retiring(request: HttpRequest, pk: UUID) -> Any:
        actor, now = visit(request)
        return retire(**{key: pk}, actor=actor, now=now)

    def restoring(request: HttpRequest, pk: UUID) -> Any:
        actor, now = visit(request)
        return restore(**{key: pk}, actor=actor, now=now)

    def deleting(request: HttpRequest, pk: UUID) -> Any:
        actor, now = visit(request)
        delete(**{key: pk}, actor=actor, now=now)
        return Status(204, None)

    place = f"/{noun}s/{{pk}}"
    answer = {200: shapes.RecordOut, **WRITING}
    router.post(
        f"{place}/retire",
        response=answer,
        operation_id=f"retire_{noun}",
        summary=f"Retire: {noun}, its records stay",
    )(retiring)
    router.post(
        f"{place}/restore", response=answer, operation_id=f"restore_{noun}", summary=f"Restore: {noun}"
    )(restoring)
    router.delete(
        place,
        response={204: None, **WRITING},
        operation_id=f"delete_{noun}",
        summary=f"Delete: {noun}, if unused",
    )(deleting)
