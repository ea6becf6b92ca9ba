"""Hourly work of this room in every workspace: inspections nobody counted, effect checks, letters."""

import logging
from uuid import UUID

from django.db import connection
from procrastinate.contrib.django import app

from goldseal.capa import effect_services, reminder_services, services
from goldseal.kit.actors import system_actor
from goldseal.kit.clock import utc_now
from goldseal.workspaces.models import Workspace
from goldseal.workspaces.selectors import CLOSED_STATES
from goldseal.workspaces.services import operator_scope, workspace_scope

log = logging.getLogger(__name__)


@app.periodic(cron="7 * * * *")
@app.task(name="capa.hourly", queue="capa", queueing_lock="capa.hourly")
def hourly(timestamp: int) -> None:
    """One workspace's fault does not keep the others from their turn."""
    try:
        with operator_scope(UUID(int=0)):
            rows = Workspace.objects.exclude(state__in=CLOSED_STATES)
            workspaces = list(rows.values_list("pk", flat=True))
        for workspace_id in workspaces:
            try:
                work_through(workspace_id)
            except Exception:
                log.exception("The hourly work of workspace %s failed", workspace_id)
    finally:
        if not connection.in_atomic_block:  # a worker's thread gives its connection back to the pool
            connection.close()


def work_through(workspace_id: UUID) -> None:
    """The hourly work of one workspace."""
    actor = system_actor(workspace_id)
    with workspace_scope(workspace_id):
        services.catch_up(actor=actor, now=utc_now())
        effect_services.check_effects(actor=actor, now=utc_now())
        reminder_services.send_reminders(actor=actor, now=utc_now())
