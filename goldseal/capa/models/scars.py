"""Requests for corrective action to suppliers and sub-contractors, and every answer they gave."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from goldseal.capa.choices import AnswerState, ScarState
from goldseal.capa.models.nonconformities import Nonconformity
from goldseal.kit.promises import promise
from goldseal.workspaces.models import WorkspaceModel


@promise(
    "workspace",
    plain="state language due_on created_at expires_at revoked_at viewed_count last_viewed_at",
    identifier="number",
    secret="token_digest",
    free_text="email asked",
)
class Scar(WorkspaceModel):
    """A supplier corrective action request: who is asked what, and the link under which they answer.

    Only the digest of the link's secret is kept; a new link replaces the old one (`ReplacedLink`).
    """

    number = models.CharField(_("number"), max_length=20)
    nonconformity = models.ForeignKey(Nonconformity, models.PROTECT, related_name="scars")
    supplier = models.ForeignKey("catalog.Supplier", models.PROTECT, related_name="+")
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language"), max_length=2, choices=[("en", "English"), ("bn", "বাংলা")])
    asked = models.TextField(_("what is asked"), max_length=4000)
    due_on = models.DateField(_("answer due on"))
    state = models.CharField(max_length=9, choices=ScarState, default=ScarState.SENT)
    token_digest = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    viewed_count = models.PositiveIntegerField(default=0)
    last_viewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "number"], name="capa_scar_number")]
        indexes = [models.Index(fields=["token_digest"], name="capa_scar_token")]

    def __str__(self) -> str:
        return self.number


@promise("workspace", plain="replaced_at", secret="token_digest")
class ReplacedLink(WorkspaceModel):
    """The digest of a link that a newer one replaced: its holder hears that it has ended, and nothing else."""

    scar = models.ForeignKey(Scar, models.CASCADE, related_name="replaced_links")
    token_digest = models.CharField(max_length=64)
    replaced_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["token_digest"], name="capa_replacedlink_token")]


@promise(
    "workspace",
    subject="decided_by",
    plain="version state at decided_at",
    free_text="name containment cause_made cause_detected actions decision",
)
class ScarAnswer(WorkspaceModel):
    """One answer of the supplier; what was said never changes. `actions`: [{words, owner, due_on}]."""

    scar = models.ForeignKey(Scar, models.PROTECT, related_name="answers")
    version = models.PositiveSmallIntegerField()
    name = models.CharField(_("your name"), max_length=120)
    containment = models.TextField(_("what was done at once"), max_length=4000)
    cause_made = models.TextField(_("why it was made"), max_length=4000)
    cause_detected = models.TextField(_("why it was not detected"), max_length=4000)
    actions = models.JSONField(default=list)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=AnswerState, default=AnswerState.GIVEN)
    decision = models.CharField(max_length=1000, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "scar", "version"], name="capa_answer_once")
        ]

    @property
    def planned(self) -> list[dict[str, Any]]:
        """The actions with their days as dates."""
        return [
            {**row, "due_on": date.fromisoformat(row["due_on"]) if row.get("due_on") else None}
            for row in self.actions
        ]
