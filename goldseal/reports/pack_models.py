"""Buyers' packs of a workspace, every version of them, and which buyer's reports use which."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from goldseal.kit.promises import promise
from goldseal.workspaces.models import WorkspaceModel


@promise(
    "workspace",
    subject="edited_by",
    plain="version is_current edited_at digest logo_name",
    identifier="code",
    free_text="name source logo",
)
class ReportPack(WorkspaceModel):
    """One version of a pack: `source` is its manifest as people edit it (TOML), `logo` a PNG or JPEG.

    A version never changes: reports name the one that shaped them, and its `digest` (sha256, hex).
    """

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    version = models.PositiveSmallIntegerField()
    is_current = models.BooleanField(default=True)
    source = models.TextField(max_length=200_000)
    logo = models.BinaryField(default=bytes)
    logo_name = models.CharField(max_length=10, blank=True)
    digest = models.CharField(max_length=64)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    edited_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "code", "version"], name="reports_pack_version"),
            models.UniqueConstraint(
                fields=["workspace", "code"],
                condition=models.Q(is_current=True),
                name="reports_pack_current",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


@promise("workspace", plain="compartment_id", identifier="code")
class PackChoice(WorkspaceModel):
    """The pack, by its code, that the reports of a buyer (`compartment_id`) use; always its current version."""

    compartment_id = models.UUIDField()
    code = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "compartment_id"], name="reports_pack_of_buyer")
        ]
