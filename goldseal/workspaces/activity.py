"""How the events of workspaces read in the activity log."""

from django.utils.translation import gettext_lazy as _

from goldseal.kit.activity import declare_events

declare_events(
    {
        "workspace.created": _("founded the workspace “{name}”"),
        "workspace.edited": _("changed the workspace: {changed}"),
        "workspace.access_reviewed": _("reviewed who has access ({members} people)"),
        "member.invited": _("invited {email} as {role}"),
        "member.invitation_revoked": _("withdrew the invitation of {email}"),
        "member.joined": _("{email} joined as {role}"),
        "member.role_changed": _("changed the role of {email}: {role}"),
        "member.removed": _("removed {email} from the workspace"),
        "grant.given": _("operator staff {staff} took access for “{purpose}” until {until}: {reason}"),
        "grant.used": _("operator staff opened {path}"),
        "grant.ended": _("ended an access grant ({purpose})"),
        "device.enrolled": _("registered the device “{device}”"),
        "device.holder_added": _("signed in for the first time on the device “{device}”"),
        "device.holder_returned": _("signed in again on the device “{device}”"),
        "device.revoked": _("revoked the device “{device}”"),
        "token.made": _("made the API token “{label}” ({scopes})"),
        "token.revoked": _("revoked the API token “{label}”"),
    }
)
