"""How the events of inspections read in the activity log."""

from django.utils.translation import gettext_lazy as _

from goldseal.kit.activity import declare_events

declare_events(
    {
        "inspection.planned": _("planned inspection {code}: {lot_size} pieces, sample of {sample_size}"),
        "inspection.requested": _("requested inspection {stage} of {order} for {day}"),
        "inspection.request_declined": _("declined the request for {order}: {answer}"),
        "switching.reinstated": _("resumed the inspection of {style} ({severity}): {reason}"),
        "inspection.assigned": _("gave inspection {code} to {inspector}"),
        "inspection.cancelled": _("cancelled inspection {code}: {reason}"),
        "inspection.recorded": _("recorded in {code}, entries: {count}"),
        "inspection.signed": _("signed {code} as {role}: “{meaning}”"),
        "day.taken_down": _("took the day's work down to a device, inspections: {count}"),
        "audit.planned": _("planned audit {code} of {about}"),
        "audit.answered": _("answered question {number} of audit {code}"),
        "audit.cancelled": _("cancelled audit {code}: {reason}"),
        "audit.signed": _("signed {code} as {role}: “{meaning}”"),
        "audit.decided": _("submitted audit {code}; the verdict is {verdict}"),
        "inspection.decided": _("submitted {code}; the verdict is {verdict}"),
    }
)
