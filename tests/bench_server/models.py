"""Tables of the bare views; made and dropped by the bench."""

import uuid

from django.db import models


class Sheet(models.Model):
    """An inspection as a first version of such a program would have it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField(max_length=40)
    verdict = models.CharField(max_length=8)
    created_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "bench_sheet"


class Finding(models.Model):
    """One answer or defect: the same row as ours, in a table made like ours with its indexes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    workspace_id = models.UUIDField()
    inspection = models.ForeignKey(Sheet, models.CASCADE)
    event_id = models.UUIDField()
    kind = models.CharField(max_length=30)
    at = models.CharField(max_length=32)
    by = models.CharField(max_length=64)
    device = models.CharField(max_length=64)
    body = models.JSONField()
    supersedes = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    received_by_id = models.UUIDField(null=True)

    class Meta:
        managed = False
        db_table = "bench_finding"
