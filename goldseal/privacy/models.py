"""Erasures and exports: what was asked, how far it is, and the proof."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from goldseal.kit.ids import new_id
from goldseal.kit.promises import Edge, OnSubject, promise
from goldseal.workspaces.models import WorkspaceModel


class ErasureState(models.TextChoices):
    """The steps of an erasure, in order."""

    RECEIVED = "received", _("Received")
    HIDDEN = "hidden", _("Hidden from everybody")
    KEYS_DESTROYED = "keys_destroyed", _("Keys destroyed")
    SWEPT = "swept", _("Stores swept")
    DONE = "done", _("Done and verified")
    FAILED = "failed", _("Failed; being looked into")


@promise(
    "",
    Edge.NONE,
    retain="reference",
    plain="subject_kind subject_id state requested_at due_at hidden_at keys_destroyed_at swept_at done_at",
    free_text="counts exceptions problem",
    identifier="certificate_hash",
)
class Erasure(models.Model):
    """One erasure of a workspace or a person: opaque keys and times only, so that the proof can stay.

    `due_at` is 48 hours after receipt (S44). `counts` maps each store and table to what was removed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_kind = models.CharField(
        max_length=10, choices=[("workspace", _("Workspace")), ("person", _("Person"))]
    )
    subject_id = models.UUIDField()
    state = models.CharField(max_length=15, choices=ErasureState, default=ErasureState.RECEIVED)
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True)
    keys_destroyed_at = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    exceptions = models.JSONField(default=list)
    problem = models.TextField(blank=True)
    certificate_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_id"], name="privacy_erasure_subject")]


@promise(
    "workspace",
    subject="requested_by",
    on_subject=OnSubject.DELETE,
    plain="state requested_at ready_at expires_at size",
    identifier="sha256",
    free_text="counts",
    stores=("db", "temp"),
)
class Export(WorkspaceModel):
    """An export of a workspace: an encrypted ZIP in the temporary folder until it expires."""

    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    state = models.CharField(
        max_length=8,
        choices=[("queued", _("Being written")), ("ready", _("Ready")), ("failed", _("Failed"))],
        default="queued",
    )
    requested_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
