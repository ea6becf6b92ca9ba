"""What happens here when an inspection or audit is decided: it is counted, opens a nonconformity, proves an effect."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from goldseal.capa import audit_services, services
from goldseal.inspections.events import audit_decided, inspection_decided
from goldseal.kit.actors import system_actor
from goldseal.workspaces.services import workspace_scope

log = logging.getLogger(__name__)


@receiver(inspection_decided, dispatch_uid="capa.take_in")
def take_in(*, inspection_id: UUID, workspace_id: UUID, now: datetime, **_details: Any) -> None:
    """In a scope of its own: the one that decided is committed. What fails here must not undo the decision."""
    try:
        with workspace_scope(workspace_id):
            services.take_in_inspection(
                inspection_id=inspection_id, actor=system_actor(workspace_id), now=now
            )
    except Exception:
        log.exception("Inspection %s could not be taken in; the hourly job tries again", inspection_id)


@receiver(audit_decided, dispatch_uid="capa.take_in_audit")
def take_in_audit(*, audit_id: UUID, workspace_id: UUID, now: datetime, **_details: Any) -> None:
    """In a scope of its own, like inspections. What fails here is opened by hand from the audit's page."""
    try:
        with workspace_scope(workspace_id):
            audit_services.open_from_audit(audit_id=audit_id, actor=system_actor(workspace_id), now=now)
    except Exception:
        log.exception("Audit %s could not be taken in", audit_id)
