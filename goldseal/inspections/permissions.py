"""What may be done with inspections."""

from django.utils.translation import gettext_lazy as _

from goldseal.kit.permissions import EVERYONE, FLOOR, MANAGERS, Permission, Role, declare_permissions

declare_permissions(
    [
        Permission("inspections.view", _("See inspections"), EVERYONE, reading=True),
        Permission("inspections.request", _("Request inspections"), FLOOR | {Role.BUYER_GUEST}),
        Permission("inspections.plan", _("Plan and cancel inspections"), MANAGERS),
        Permission("inspections.record", _("Record findings"), FLOOR),
        Permission("inspections.sign", _("Sign and submit an inspection"), FLOOR),
        Permission("inspections.countersign", _("Sign an inspection for QA or for the factory"), MANAGERS),
    ]
)
