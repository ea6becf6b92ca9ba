"""How the events of reports read in the activity log."""

from django.utils.translation import gettext_lazy as _

from goldseal.kit.activity import declare_events

declare_events(
    {
        "report.requested": _("asked for report {number}, version {version}"),
        "report.sealed": _("report {number}, version {version}, was sealed ({verdict})"),
        "report.failed": _("report {number}, version {version}, could not be made: {reason}"),
        "report.superseded": _("version {version} of report {number} was superseded by version {by}"),
        "report.withdrawn": _("withdrew report {number}, version {version}: {reason}"),
        "report.checked": _("checked report {number}, version {version}, before sharing"),
        "report.downloaded": _("downloaded report {number}, version {version} ({form})"),
        "pack.saved": _("saved the pack {name}, version {version}"),
        "pack.chosen": _("chose the pack {name} for the reports of {buyer}"),
        "seal.taken_into_use": _("{holder} seals reports with certificate {fingerprint} from now on"),
        "seal.revoked": _("revoked the certificate {fingerprint}: {reason}"),
        "share.made": _("shared report {number}, version {version}, with {recipient} until {until}"),
        "share.revoked": _("ended the link of {recipient} to report {number}"),
        "share.opened": _("opened report {number}, version {version}, for the first time"),
        "response.acknowledge": _("{name} acknowledged report {number}, version {version}"),
        "response.concession": _(
            "{name} accepted report {number}, version {version}, with a deviation: {text}"
        ),
        "response.reject": _("{name} rejected report {number}, version {version}: {text}"),
        "response.comment": _("{name} remarked on report {number}, version {version}: {text}"),
        "share.acknowledged": _("{name} ({recipient}) acknowledged report {number}, version {version}"),
    }
)
