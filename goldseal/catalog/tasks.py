"""Jobs of the catalog: checking and writing imports."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

from django.db import connection
from procrastinate.contrib.django import app

from goldseal.catalog.services import importing
from goldseal.kit.actors import Actor, system_actor
from goldseal.kit.clock import utc_now
from goldseal.kit.errors import Forbidden, GoldsealError
from goldseal.kit.importing import Progress
from goldseal.kit.permissions import Role, permissions_of
from goldseal.workspaces.models import Membership
from goldseal.workspaces.services import workspace_scope

log = logging.getLogger(__name__)


@app.task(name="catalog.check_import", queue="imports")
def check_import_job(workspace_id: str, run_id: str) -> None:
    """Check a sheet."""
    with _failing_in_words(UUID(workspace_id), UUID(run_id)), workspace_scope(UUID(workspace_id)):
        importing.carry_out_check(run_id=UUID(run_id), now=utc_now())


@app.task(name="catalog.apply_import", queue="imports")
def apply_import_job(workspace_id: str, run_id: str, person_id: str) -> None:
    """Write a sheet, as the person who asked for it and with the rights that person has now."""
    workspace, run = UUID(workspace_id), UUID(run_id)
    with (
        _failing_in_words(workspace, run),
        _progress(workspace, run) as progress,
        workspace_scope(workspace),
    ):
        actor = _actor(workspace, UUID(person_id) if person_id else None)
        importing.carry_out_import(run_id=run, actor=actor, now=utc_now(), progress=progress)


def _actor(workspace_id: UUID, person_id: UUID | None) -> Actor:
    if person_id is None:
        return system_actor(workspace_id)
    member = Membership.objects.select_related("user").filter(user_id=person_id, is_active=True).first()
    if member is None:
        raise Forbidden
    role = Role(member.role)
    return Actor(
        person_id=person_id,
        name=member.user.display_name,
        via="job",
        workspace_id=workspace_id,
        roles=frozenset({role}),
        permissions=permissions_of([role]),
        compartment_id=member.compartment_id,
    )


@contextmanager
def _failing_in_words(workspace_id: UUID, run_id: UUID) -> Iterator[None]:
    """Whatever goes wrong is told on the run's page: nothing was written then."""
    try:
        yield
    except Exception as problem:
        if not isinstance(problem, GoldsealError):
            log.exception("Import %s failed.", run_id)
        with workspace_scope(workspace_id):
            importing.fail_import(run_id=run_id, problem=problem)
    finally:
        if not connection.in_atomic_block:  # a worker's thread gives its connection back to the pool
            connection.close()


@contextmanager
def _progress(workspace_id: UUID, run_id: UUID) -> Iterator[Progress]:
    """Progress kept over a connection of its own: the one that writes shows nothing before it is done."""

    def keep(rows_done: int) -> None:
        try:
            with workspace_scope(workspace_id):
                importing.note_progress(run_id=run_id, rows_done=rows_done)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1) as beside:

        def note(rows_done: int) -> None:
            beside.submit(keep, rows_done)

        yield note
