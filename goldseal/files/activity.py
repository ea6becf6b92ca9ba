"""How the events of files read in the activity log."""

from django.utils.translation import gettext_lazy as _

from goldseal.kit.activity import declare_events

declare_events(
    {
        "file.received": _("added the file “{name}”"),
        "file.deleted": _("deleted the file “{name}”"),
        "file.attested": _("confirmed the authority to upload content (statement {version})"),
    }
)
