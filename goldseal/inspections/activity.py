"""How the events of inspections read in the activity log."""

from django.utils.translation import gettext_lazy as _

from goldseal.kit.activity import declare_events

declare_events(
    {
        "inspection.planned": _("planned inspection {code}: {lot_size} pieces, sample of {sample_size}"),
        "inspection.assigned": _("gave inspection {code} to {inspector}"),
        "inspection.cancelled": _("cancelled inspection {code}: {reason}"),
        "inspection.recorded": _("recorded {count} findings in {code}"),
        "inspection.signed": _("signed {code} as {role}: “{meaning}”"),
        "inspection.decided": _("submitted {code}; the verdict is {verdict}"),
    }
)
