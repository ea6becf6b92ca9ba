"""The two bare views: rows by `bulk_create` in one transaction, and rows by one SQL statement."""

import json
import uuid
from datetime import UTC, datetime

from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path

from tests.bench_server.models import Finding, Sheet

NOBODY = uuid.UUID(int=0)


def bulk(request: HttpRequest) -> JsonResponse:
    """One sheet, its answers and defects through the ORM."""
    events = json.loads(request.body)["events"]
    now = datetime.now(UTC)
    with transaction.atomic():
        sheet = Sheet.objects.create(number="x", verdict="pending", created_at=now)
        Finding.objects.bulk_create(
            Finding(
                workspace_id=NOBODY,
                inspection=sheet,
                event_id=event["id"],
                kind=event["kind"],
                at=event["at"],
                by=event["by"],
                device=event["device"],
                body=event["body"],
                digest="",
                received_at=now,
            )
            for event in events
        )
    return JsonResponse({"id": str(sheet.pk)})


ONE = """
WITH sheet AS (INSERT INTO bench_sheet VALUES (%s, 'x', 'pending', now()) RETURNING id)
INSERT INTO bench_finding (id, workspace_id, inspection_id, event_id, kind, at, "by", device, body, supersedes, digest,
    received_at)
SELECT gen_random_uuid(), %s, sheet.id, r.id, r.kind, r.at, r."by", r.device, r.body, '[]', '', now()
FROM sheet, jsonb_to_recordset(%s::jsonb) AS r(id uuid, kind text, at text, "by" text, device text, body jsonb)
"""


def one(request: HttpRequest) -> JsonResponse:
    """One sheet, its answers and defects in one statement."""
    pk, events = uuid.uuid4(), json.dumps(json.loads(request.body)["events"])
    with connection.cursor() as cursor:
        cursor.execute(ONE, [pk, NOBODY, events])
    return JsonResponse({"id": str(pk)})


urlpatterns = [path("bulk", bulk), path("one", one)]
