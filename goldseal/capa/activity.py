"""How the events of corrective action read in the activity log."""

from django.utils.translation import gettext_lazy as _

from goldseal.capa.choices import CaseState
from goldseal.kit.activity import declare_events, declare_readings

declare_events(
    {
        "nonconformity.opened": _("opened nonconformity {number}: {title}"),
        "nonconformity.edited": _("changed the facts of {number}"),
        "nonconformity.assigned": _("gave {number} to {owner}, due {due}"),
        "nonconformity.defects_set": _("wrote the defects of {number} anew: {codes}"),
        "nonconformity.contained": _("contained {number}: lot of {lot}, {released} released, {held} held"),
        "nonconformity.containment_removed": _("took back a containment of {number}: lot of {lot}"),
        "nonconformity.proof_added": _("added files to {number}: {count}"),
        "nonconformity.proof_removed": _("took {name} out of {number}"),
        "nonconformity.whys_written": _("wrote a 5 Why of {number}"),
        "nonconformity.cause_added": _("put “{words}” on the fishbone of {number}"),
        "nonconformity.cause_changed": _("changed the fishbone of {number}: {words}"),
        "nonconformity.cause_removed": _("took “{words}” off the fishbone of {number}"),
        "nonconformity.compared": _("compared what {number} is and is not"),
        "nonconformity.roots_chosen": _("stated the root causes of {number}: {made} / {detected}"),
        "nonconformity.read_across": _("named another place for the actions of {number}: {place}"),
        "nonconformity.carried_over": _("carried the actions of {number} over to {place}"),
        "nonconformity.moved": _("moved {number}: {case_state}"),
        "nonconformity.moved_because": _("moved {number}: {case_state}. {reason}"),
        "action.moved_because": _("moved action {action} of {number}: {case_state}. {reason}"),
        "action.added": _("planned action {action} of {number} for {owner}, due {due}: {words}"),
        "action.edited": _("changed action {action} of {number}: {owner}, due {due}"),
        "action.moved": _("moved action {action} of {number}: {case_state}"),
        "action.reminded": _("reminded {to} of action {action} of {number}, due {due}"),
        "action.escalated": _("told {to} that action {action} of {number} is overdue since {due}"),
        "effect.set": _("set the effect check of {number}: {code}, at most {target} per 100 pieces"),
        "effect.met": _(
            "closed {number}: {found} × {code} in {pieces} pieces, {rate} per 100 (target {target})"
        ),
        "effect.not_met": _(
            "reopened {number}: {found} × {code} in {pieces} pieces, {rate} per 100 (target {target})"
        ),
        "effect.recurred": _(
            "reopened {number}, it came back: {found} × {code} in {pieces} pieces, {rate} per 100 (target {target})"
        ),
        "scar.sent": _("sent {scar} to {supplier} ({number})"),
        "scar.link_renewed": _("sent {supplier} a new link to {scar}"),
        "scar.withdrawn": _("withdrew {scar}: {reason}"),
        "scar.opened": _("opened {scar} for the first time"),
        "scar.answered": _("answered {scar}, version {version} (by {name})"),
        "scar.files_added": _("added files to the answer to {scar}: {count}"),
        "scar.accepted": _("accepted the answer of {supplier} to {scar}, version {version}"),
        "scar.declined": _("declined the answer of {supplier} to {scar}, version {version}: {reason}"),
        "capa.settings_changed": _("changed the settings of corrective action: {changed}"),
    }
)

declare_readings({"case_state": dict(CaseState.choices)})
