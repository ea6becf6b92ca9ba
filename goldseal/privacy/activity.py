"""How the events of privacy read in the activity log."""

from django.utils.translation import gettext_lazy as _

from goldseal.kit.activity import declare_events

declare_events(
    {
        "export.requested": _("asked for an export of everything"),
        "export.written": _("an export was written ({size} bytes)"),
        "export.downloaded": _("downloaded the export {sha256}"),
        "workspace.erasure_requested": _("asked for the erasure of the workspace"),
    }
)
