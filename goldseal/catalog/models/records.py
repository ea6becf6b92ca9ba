"""What every noun of the catalog has."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from goldseal.workspaces.models import WorkspaceModel


class CatalogRecord(WorkspaceModel):
    """What every noun of the catalog has: in use or retired, and a revision that every change raises."""

    is_active = models.BooleanField(_("in use"), default=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)
    updated_at = models.DateTimeField(editable=False)

    class Meta:
        abstract = True
