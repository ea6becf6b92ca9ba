"""What may be done with reports."""

from django.utils.translation import gettext_lazy as _

from goldseal.kit.permissions import ADMINS, EVERYONE, FLOOR, MANAGERS, Permission, Role, declare_permissions

declare_permissions(
    [
        # A buyer guest sees, of these, only what passed the check before sharing and is the guest's own buyer's.
        Permission("reports.view", _("See reports and download them"), EVERYONE, reading=True),
        Permission("reports.seal", _("Have a report made and sealed"), FLOOR),
        Permission("reports.share", _("Check a report and share it with the buyer"), MANAGERS),
        Permission(
            "reports.answer", _("Answer a shared report for the buyer"), frozenset({Role.BUYER_GUEST})
        ),
        Permission("reports.manage_seal", _("Replace or revoke the seal of the workspace"), ADMINS),
        Permission("reports.manage_packs", _("Edit buyers' packs and choose them"), MANAGERS),
        Permission("reports.withdraw", _("Withdraw a report that was issued"), MANAGERS),
    ]
)
