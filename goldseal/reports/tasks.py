"""Jobs of reports: sealing a version that was asked for."""

from uuid import UUID

from django.db import connection
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from goldseal.kit.actors import system_actor
from goldseal.kit.clock import utc_now
from goldseal.reports import services
from goldseal.reports.sealing_services import JOB, QUEUE
from goldseal.reports.selectors import version_by_id
from goldseal.workspaces.services import workspace_scope

MOST_RETRIES = 3


@app.task(
    name=JOB,
    queue=QUEUE,
    pass_context=True,
    retry=RetryStrategy(max_attempts=MOST_RETRIES, exponential_wait=4),
)
def seal_version(context: JobContext, *, workspace_id: str, version_id: str) -> None:
    """Seal one queued version. An unforeseen fault is tried again; the last one leaves the version failed."""
    workspace, version = UUID(workspace_id), UUID(version_id)
    actor = system_actor(workspace)
    try:
        with workspace_scope(workspace):
            services.seal_version(version_id=version, actor=actor, now=utc_now())
    except Exception:
        if context.job.attempts >= MOST_RETRIES:
            with workspace_scope(workspace):
                services.fail_version(
                    version=version_by_id(version), code="unexpected", reason="", actor=actor, now=utc_now()
                )
        raise
    finally:
        if not connection.in_atomic_block:  # a worker's thread gives its connection back to the pool
            connection.close()
