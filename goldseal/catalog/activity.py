"""How the events of the catalog read in the activity log."""

from django.utils.translation import gettext_lazy as _

from goldseal.kit.activity import declare_events

declare_events(
    {
        "buyer.created": _("added the buyer “{name}” ({code})"),
        "buyer.edited": _("changed the buyer “{name}”: {changed}"),
        "buyer.retired": _("retired the buyer “{name}”"),
        "buyer.restored": _("took the buyer “{name}” back into use"),
        "buyer.deleted": _("deleted the buyer “{name}” ({code})"),
        "buyer.severity_set": _("set the severity of {defect} for “{name}”, zone {zone}: {severity}"),
        "buyer.severity_cleared": _("gave {defect} the library's severity again for “{name}”, zone {zone}"),
        "site.created": _("added the site “{name}” ({code})"),
        "site.edited": _("changed the site “{name}”: {changed}"),
        "site.retired": _("retired the site “{name}”"),
        "site.restored": _("took the site “{name}” back into use"),
        "site.deleted": _("deleted the site “{name}” ({code})"),
        "line.created": _("added the line “{name}” ({code})"),
        "line.edited": _("changed the line “{name}”: {changed}"),
        "line.retired": _("retired the line “{name}”"),
        "line.restored": _("took the line “{name}” back into use"),
        "line.deleted": _("deleted the line “{name}” ({code})"),
        "supplier.created": _("added the supplier “{name}” ({code})"),
        "supplier.edited": _("changed the supplier “{name}”: {changed}"),
        "supplier.retired": _("retired the supplier “{name}”"),
        "supplier.restored": _("took the supplier “{name}” back into use"),
        "supplier.deleted": _("deleted the supplier “{name}” ({code})"),
        "style.created": _("added the style {code} “{name}”"),
        "style.edited": _("changed the style {code}: {changed}"),
        "style.retired": _("retired the style {code}"),
        "style.restored": _("took the style {code} back into use"),
        "style.deleted": _("deleted the style {code} “{name}”"),
        "chart.created": _("added a measurement chart of the style {code}, points: {points}"),
        "chart.edited": _("changed a measurement chart of the style {code}: {changed}"),
        "chart.retired": _("retired a measurement chart of the style {code}"),
        "chart.restored": _("took a measurement chart of the style {code} back into use"),
        "chart.deleted": _("deleted a measurement chart of the style {code}"),
        "order.created": _("added the order {code}"),
        "order.edited": _("changed the order {code}: {changed}"),
        "order.retired": _("retired the order {code}"),
        "order.restored": _("took the order {code} back into use"),
        "order.deleted": _("deleted the order {code}"),
        "stage.created": _("added the stage {code} “{name}”"),
        "stage.edited": _("changed the stage {code}: {changed}"),
        "stage.retired": _("retired the stage {code}"),
        "stage.restored": _("took the stage {code} back into use"),
        "stage.deleted": _("deleted the stage {code} “{name}”"),
        "checklist.created": _("added the checklist {code} “{name}”"),
        "checklist.edited": _("changed the checklist {code} “{name}”: {changed}"),
        "checklist.retired": _("retired the checklist {code} “{name}”"),
        "checklist.restored": _("took the checklist {code} “{name}” back into use"),
        "checklist.deleted": _("deleted the checklist {code} “{name}”"),
        "defect.created": _("added the defect {code} “{name}”"),
        "defect.edited": _("changed the defect {code}: {changed}"),
        "defect.retired": _("retired the defect {code}"),
        "defect.restored": _("took the defect {code} back into use"),
        "defect.deleted": _("deleted the defect {code} “{name}”"),
        "defect.pictured": _("gave the defect {code} a picture"),
        "defect.picture_removed": _("took the picture of the defect {code} away"),
        "starter.loaded": _(
            "loaded the starter pack: {added} added, {updated} brought up to date, {kept} kept"
        ),
        "import.applied": _(
            "imported “{file}”: {created} added, {changed} changed, {left_out} rows left out"
        ),
    }
)
