"""What may be done with files, and by whom."""

from django.utils.translation import gettext_lazy as _

from goldseal.kit.permissions import FLOOR, MANAGERS, READERS, Permission, declare_permissions

declare_permissions(
    [
        Permission("files.view", _("Open photos and documents"), READERS, reading=True),
        Permission("files.add", _("Add photos and documents"), FLOOR),
        Permission("files.delete", _("Delete photos and documents that no record uses"), MANAGERS),
    ]
)
