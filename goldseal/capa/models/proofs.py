"""Photos and documents that prove something in a nonconformity."""

from django.conf import settings
from django.db import models

from goldseal.capa.choices import Purpose
from goldseal.capa.models.actions import Action
from goldseal.capa.models.nonconformities import Nonconformity, WhyStep
from goldseal.capa.models.scars import ScarAnswer
from goldseal.kit.promises import promise
from goldseal.workspaces.models import WorkspaceModel


@promise("workspace", subject="added_by", plain="purpose at", free_text="caption")
class Proof(WorkspaceModel):
    """A stored file in its place: what was found, a step of a chain, before and after an action, an answer."""

    nonconformity = models.ForeignKey(Nonconformity, models.CASCADE, related_name="proofs")
    attachment = models.ForeignKey("files.Attachment", models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=11, choices=Purpose, default=Purpose.FOUND)
    step = models.ForeignKey(WhyStep, models.SET_NULL, related_name="proofs", null=True)
    action = models.ForeignKey(Action, models.CASCADE, related_name="proofs", null=True)
    answer = models.ForeignKey(ScarAnswer, models.PROTECT, related_name="proofs", null=True)
    caption = models.CharField(max_length=300, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["workspace", "nonconformity"], name="capa_proof_case")]
