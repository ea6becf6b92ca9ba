"""What may be done with the catalog."""

from django.utils.translation import gettext_lazy as _

from goldseal.kit.permissions import EVERYONE, MANAGERS, READERS, Permission, declare_permissions

STAGES_EDIT = "catalog.stages.edit"
DEFECTS_EDIT = "catalog.defects.edit"
AUDIT_CHECKLISTS_VIEW = "catalog.audit_checklists.view"

declare_permissions(
    [
        Permission(
            "catalog.view", _("See buyers, sites, styles, orders, stages and defects"), EVERYONE, reading=True
        ),
        Permission(
            "catalog.edit",
            _("Change buyers, sites, lines, suppliers, styles, measurement charts and orders"),
            MANAGERS,
        ),
        # What a factory asks of itself and of its suppliers is nothing for a buyer's guest.
        Permission(AUDIT_CHECKLISTS_VIEW, _("See the checklists of audits"), READERS, reading=True),
        Permission(STAGES_EDIT, _("Change the stages of production and their checklists"), MANAGERS),
        Permission(DEFECTS_EDIT, _("Change the defect library and load the starter pack"), MANAGERS),
    ]
)
