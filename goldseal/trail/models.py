"""Entries, their payloads, the head of each chain and its signed anchors."""

from django.db import models

from goldseal.kit.ids import new_id
from goldseal.kit.promises import promise


@promise("#workspace_id", retain="trail", plain="sequence hash updated_at")
class Chain(models.Model):
    """The head of one workspace's chain; its row lock makes appends take turns."""

    workspace_id = models.UUIDField(primary_key=True)
    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    updated_at = models.DateTimeField()


@promise(
    "#workspace_id",
    retain="trail",
    plain="sequence event object_type object_id actor_id via at commitment previous hash grant_id",
)
class Entry(models.Model):
    """One thing done: never updated, never deleted while its workspace lives.

    Holds no personal data: `actor_id` is an opaque key, what was said lies in the payload.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace_id = models.UUIDField()
    sequence = models.BigIntegerField()
    event = models.CharField(max_length=80)
    object_type = models.CharField(max_length=80)
    object_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    grant_id = models.UUIDField(null=True)
    via = models.CharField(max_length=20)
    at = models.DateTimeField()
    commitment = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "sequence"], name="trail_entry_sequence"),
            models.UniqueConstraint(fields=["workspace_id", "previous"], name="trail_entry_previous"),
        ]
        indexes = [models.Index(fields=["workspace_id", "object_id", "sequence"], name="trail_entry_object")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.event}"


@promise(
    "#workspace_id",
    retain="trail",
    subject="#actor_id",
    free_text="data",
    person="actor_name",
    telemetry="device",
    secret="salt",
)
class Payload(models.Model):
    """What an entry says in words, and the salt of its commitment; can be destroyed, never altered."""

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="payload")
    workspace_id = models.UUIDField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    device = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)
    salt = models.BinaryField()


@promise("#workspace_id", retain="trail", plain="sequence hash at signature")
class Anchor(models.Model):
    """A signed statement, once a day, of how far a chain had come."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace_id = models.UUIDField()
    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    signature = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "sequence"], name="trail_anchor_sequence")
        ]
