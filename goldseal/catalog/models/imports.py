"""Imports of spreadsheets: each run with its file and what was wrong, and what columns of a source mean."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goldseal.kit.promises import promise
from goldseal.workspaces.models import WorkspaceModel


class ImportState(models.TextChoices):
    """The steps of an import, in order."""

    UPLOADED = "uploaded", pgettext_lazy("import", "Columns to be matched")
    CHECKING = "checking", pgettext_lazy("import", "Being checked")
    CHECKED = "checked", pgettext_lazy("import", "Checked, not imported yet")
    APPLYING = "applying", pgettext_lazy("import", "Being imported")
    DONE = "done", pgettext_lazy("import", "Imported")
    FAILED = "failed", pgettext_lazy("import", "Failed, nothing imported")


class DateOrder(models.TextChoices):
    """What stands first in a date such as 03/04/2026."""

    DAY_FIRST = "dmy", _("The day: 03/04/2026 is the third of April")
    MONTH_FIRST = "mdy", _("The month: 03/04/2026 is the fourth of March")


@promise(
    "workspace",
    subject="started_by",
    plain="kind state heading_row date_order existing is_filled_down is_only_good language rows_total rows_bad "
    "rows_done created_at checked_at applied_at",
    free_text="file_name sheet columns problems held counts failure content",
)
class ImportRun(WorkspaceModel):
    """One file on its way in.

    `columns` is the field of each column, `problems` a list of [row, column, sentence] in `language`, at most
    `PROBLEMS_KEPT` of the service; `held` a list of [row, sentence]: rows without a problem of their own that
    stay out with what they belong to. `rows_total`, `rows_bad` (with problems) and `rows_done` count rows of
    the sheet. `counts` says what was done (`created`, `changed`, …). `content` is the file; it goes with the
    run when that is thrown away.
    """

    kind = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    sheet = models.CharField(max_length=100, blank=True)
    heading_row = models.PositiveIntegerField(default=1)
    columns = models.JSONField(default=list)
    date_order = models.CharField(max_length=3, choices=DateOrder, blank=True)
    existing = models.CharField(max_length=10, blank=True)
    is_filled_down = models.BooleanField(default=False)
    is_only_good = models.BooleanField(default=False)
    language = models.CharField(max_length=5, default="en")
    rows_total = models.PositiveIntegerField(default=0)
    rows_bad = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    held = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    counts = models.JSONField(default=dict)
    failure = models.CharField(max_length=500, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "-created_at"], name="catalog_importrun_newest")]

    def __str__(self) -> str:
        return self.file_name


@promise("workspace", plain="kind date_order used_at", identifier="source", free_text="columns")
class ImportMapping(WorkspaceModel):
    """What the columns of a source meant last time: `columns` maps their names to fields.

    `source` is the digest of the set of names, so that the same sheet is known again with other rows.
    """

    kind = models.CharField(max_length=30)
    source = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    date_order = models.CharField(max_length=3, choices=DateOrder, blank=True)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "kind", "source"], name="catalog_importmapping_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source[:8]}"
