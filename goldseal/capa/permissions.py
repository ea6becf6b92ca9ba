"""What may be done with nonconformities and corrective actions. Buyer guests have no part in this room."""

from django.utils.translation import gettext_lazy as _

from goldseal.kit.permissions import FLOOR, MANAGERS, READERS, Permission, declare_permissions

declare_permissions(
    [
        Permission("capa.view", _("See nonconformities and corrective actions"), READERS, reading=True),
        Permission("capa.work", _("Open nonconformities, contain, find causes, work on actions"), FLOOR),
        Permission("capa.review", _("Review and verify corrective actions, set the effect check"), MANAGERS),
        Permission("capa.scar", _("Ask suppliers for corrective action and judge their answers"), MANAGERS),
        Permission("capa.settings", _("Set when nonconformities open and whom reminders reach"), MANAGERS),
    ]
)
