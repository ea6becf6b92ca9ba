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


class Answer(models.Model):
    """One answered check."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sheet = models.ForeignKey(Sheet, models.CASCADE)
    section = models.CharField(max_length=40)
    check_code = models.CharField(max_length=40)
    answer = models.CharField(max_length=10)
    at = models.CharField(max_length=32)

    class Meta:
        managed = False
        db_table = "bench_answer"


class Defect(models.Model):
    """One defect."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sheet = models.ForeignKey(Sheet, models.CASCADE)
    code = models.CharField(max_length=20)
    severity = models.CharField(max_length=10)
    zone = models.CharField(max_length=1)
    piece_no = models.IntegerField()
    at = models.CharField(max_length=32)

    class Meta:
        managed = False
        db_table = "bench_defect"
