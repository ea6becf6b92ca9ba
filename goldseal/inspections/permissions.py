"""What may be done with inspections."""

from django.utils.translation import gettext_lazy as _

from goldseal.kit.permissions import EVERYONE, FLOOR, MANAGERS, READERS, Permission, Role, declare_permissions

declare_permissions(
    [
        Permission("inspections.view", _("See inspections"), EVERYONE, reading=True),
        Permission("inspections.view_days", _("See the sheet of a site's day"), READERS, reading=True),
        Permission("inspections.view_audits", _("See audits"), READERS, reading=True),
        Permission("inspections.request", _("Request inspections"), FLOOR | {Role.BUYER_GUEST}),
        Permission("inspections.plan", _("Plan and cancel inspections and audits"), MANAGERS),
        Permission("inspections.record", _("Record findings"), FLOOR),
        Permission("inspections.sign", _("Sign and submit an inspection or audit"), FLOOR),
        Permission(
            "inspections.countersign", _("Sign an inspection or audit for QA or for the factory"), MANAGERS
        ),
    ]
)
