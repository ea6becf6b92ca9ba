"""Corrective and preventive actions, where else they are carried over, and the reminders that went out."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from goldseal.capa.choices import ActionKind, ActionType, CaseState
from goldseal.capa.models.nonconformities import Nonconformity
from goldseal.kit.promises import promise
from goldseal.workspaces.models import WorkspaceModel


@promise(
    "workspace",
    subject="owner",
    plain="number kind type state due_on created_at submitted_at verified_at",
    free_text="words result decision",
)
class Action(WorkspaceModel):
    """What somebody does until a day; another person than owner and `submitted_by` verifies it. `result` is what was done, by the owner."""

    nonconformity = models.ForeignKey(Nonconformity, models.CASCADE, related_name="actions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=ActionKind, default=ActionKind.CORRECTIVE)
    type = models.CharField(_("what it changes"), max_length=8, choices=ActionType)
    words = models.TextField(_("action"), max_length=2000)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    verifier = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    due_on = models.DateField(_("due on"))
    state = models.CharField(max_length=11, choices=CaseState, default=CaseState.OPEN)
    result = models.TextField(_("what was done"), max_length=2000, blank=True)
    decision = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "nonconformity", "number"], name="capa_action_number"
            ),
            models.CheckConstraint(
                condition=models.Q(verifier__isnull=True)
                | models.Q(owner__isnull=True)
                | ~models.Q(verifier=models.F("owner")),
                name="capa_action_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(verifier__isnull=True)
                | models.Q(submitted_by__isnull=True)
                | ~models.Q(verifier=models.F("submitted_by")),
                name="capa_action_another",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "owner", "state"], name="capa_action_owner"),
            models.Index(fields=["workspace", "state", "due_on"], name="capa_action_due"),
        ]

    def __str__(self) -> str:
        return f"A{self.number}"

    @property
    def code(self) -> str:
        """The number people say within its nonconformity."""
        return f"A{self.number}"


@promise("workspace", subject="done_by", plain="due_on done_on", free_text="note")
class ReadAcross(WorkspaceModel):
    """Another line, style or stage where the same could happen, and whether the action was carried there."""

    nonconformity = models.ForeignKey(Nonconformity, models.CASCADE, related_name="read_across")
    line = models.ForeignKey("catalog.Line", models.PROTECT, related_name="+", null=True, blank=True)
    style = models.ForeignKey("catalog.Style", models.PROTECT, related_name="+", null=True, blank=True)
    stage = models.ForeignKey("catalog.Stage", models.PROTECT, related_name="+", null=True, blank=True)
    note = models.CharField(_("what is to be done there"), max_length=300, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(line__isnull=False)
                | models.Q(style__isnull=False)
                | models.Q(stage__isnull=False),
                name="capa_readacross_somewhere",
            )
        ]


@promise("workspace", plain="kind due_on sent_at")
class Reminder(WorkspaceModel):
    """A letter about an action that went out: each kind once for a due date."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=10)
    due_on = models.DateField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "action", "kind", "due_on"], name="capa_reminder_once"
            )
        ]
