"""The two bare views: rows by `bulk_create` in one transaction, and rows by one SQL statement."""

import json
import uuid
from datetime import UTC, datetime

from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path

from tests.bench_server.models import Answer, Defect, Sheet


def bulk(request: HttpRequest) -> JsonResponse:
    """One sheet, its answers and defects through the ORM."""
    events = json.loads(request.body)["events"]
    with transaction.atomic():
        sheet = Sheet.objects.create(number="x", verdict="pending", created_at=datetime.now(UTC))
        Answer.objects.bulk_create(
            Answer(
                sheet=sheet,
                section=e["body"]["section"],
                check_code=e["body"]["check"],
                answer=e["body"]["answer"],
                at=e["at"],
            )
            for e in events
            if e["kind"] == "check_answered"
        )
        Defect.objects.bulk_create(
            Defect(
                sheet=sheet,
                code=e["body"]["code"],
                severity=e["body"]["severity"],
                zone=e["body"]["zone"],
                piece_no=e["body"]["piece_no"],
                at=e["at"],
            )
            for e in events
            if e["kind"] == "defect_recorded"
        )
    return JsonResponse({"id": str(sheet.pk)})


ONE = """
WITH sheet AS (INSERT INTO bench_sheet VALUES (%s, 'x', 'pending', now()) RETURNING id),
answers AS (INSERT INTO bench_answer SELECT gen_random_uuid(), sheet.id, e->'body'->>'section', e->'body'->>'check',
    e->'body'->>'answer', e->>'at' FROM sheet, jsonb_array_elements(%s::jsonb) e WHERE e->>'kind' = 'check_answered')
INSERT INTO bench_defect SELECT gen_random_uuid(), sheet.id, e->'body'->>'code', e->'body'->>'severity',
    e->'body'->>'zone', (e->'body'->>'piece_no')::int, e->>'at'
FROM sheet, jsonb_array_elements(%s::jsonb) e WHERE e->>'kind' = 'defect_recorded'
"""


def one(request: HttpRequest) -> JsonResponse:
    """One sheet, its answers and defects in one statement."""
    pk, events = uuid.uuid4(), json.dumps(json.loads(request.body)["events"])
    with connection.cursor() as cursor:
        cursor.execute(ONE, [pk, events, events])
    return JsonResponse({"id": str(pk)})


urlpatterns = [path("bulk", bulk), path("one", one)]
