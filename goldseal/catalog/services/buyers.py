"""Writing buyers and their own severities."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.catalog.choices import CountBy, Severity
from goldseal.catalog.models import Buyer, Defect, SeverityOverride
from goldseal.catalog.rules.aql import counts_only_defects, is_aql
from goldseal.catalog.rules.severity import ANY_ZONE, ZONES
from goldseal.catalog.rulewords import RULE_NAMES
from goldseal.catalog.services import writing
from goldseal.catalog.services.writing import Values
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Invalid, NotFound
from goldseal.kit.words import Words
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.models import Invitation, Membership
from goldseal.workspaces.permissions import authorize

PARTICULARS = (
    "code",
    "name",
    "contact_name",
    "contact_email",
    "contact_phone",
    "address",
    "note",
)
BUYER_FIELDS = frozenset([*PARTICULARS, *RULE_NAMES])
EVERY_ZONE = "A–C"  # how the activity log names it, in either language
AQL_FIELDS = ("aql_critical", "aql_major", "aql_minor")


def create_buyer(*, values: Values, actor: Actor, now: datetime) -> Buyer:
    """A new buyer. `values` by field name (`BUYER_FIELDS`); what is left out keeps the trade's usual rules.

    Invalid says at which field what is wrong.
    """
    authorize(actor, "catalog.edit")
    values = checked_buyer(Buyer(), values)
    return writing.create_row(
        Buyer(), noun="buyer", values=values, allowed=BUYER_FIELDS, actor=actor, now=now
    )


def edit_buyer(
    *, buyer_id: UUID, values: Values, actor: Actor, now: datetime, revision: int | None = None
) -> Buyer:
    """Change a buyer. Orders already inspected keep the rules they were inspected by.

    Conflict if `revision` is given and somebody changed the buyer since.
    """
    authorize(actor, "catalog.edit")
    with writing.uniqueness_told(), recorded_change():
        buyer = writing.locked(Buyer, buyer_id, revision=revision)
        values = checked_buyer(buyer, values)
        return writing.edit_row(
            buyer, noun="buyer", values=values, allowed=BUYER_FIELDS, actor=actor, now=now
        )


def retire_buyer(*, buyer_id: UUID, actor: Actor, now: datetime) -> Buyer:
    """Offer the buyer no longer for new work."""
    return writing.set_active(
        Buyer, buyer_id, is_active=False, noun="buyer", permission="catalog.edit", actor=actor, now=now
    )


def restore_buyer(*, buyer_id: UUID, actor: Actor, now: datetime) -> Buyer:
    """Take a retired buyer back into use."""
    return writing.set_active(
        Buyer, buyer_id, is_active=True, noun="buyer", permission="catalog.edit", actor=actor, now=now
    )


def delete_buyer(*, buyer_id: UUID, actor: Actor, now: datetime) -> None:
    """Delete a buyer without styles, orders or guests; Conflict otherwise."""
    authorize(actor, "catalog.edit")
    guests = Membership.objects.filter(compartment_id=buyer_id)
    invited = Invitation.objects.filter(compartment_id=buyer_id, accepted_at=None, revoked_at=None)
    if guests.exists() or invited.exists():
        raise Conflict(_("People are invited as guests of this buyer. Retire the buyer instead."))
    writing.delete_row(Buyer, buyer_id, noun="buyer", permission="catalog.edit", actor=actor, now=now)


def override_severity(
    *, buyer_id: UUID, defect_id: UUID | None, zone: str, severity: str, actor: Actor, now: datetime
) -> SeverityOverride:
    """This buyer's own severity for a defect, in zone A, B or C or ("") in every zone; replaces the former.

    Inspections already planned keep the severities they were planned with.
    """
    authorize(actor, "catalog.edit")
    problems: dict[str, Words] = {}
    if zone not in (ANY_ZONE, *ZONES):
        problems["zone"] = _("Choose zone A, B or C, or every zone.")
    if severity not in Severity.values:
        problems["severity"] = _("Choose critical, major or minor.")
    if problems:
        raise Invalid(fields=problems)
    with recorded_change():
        buyer = writing.locked(Buyer, buyer_id)
        defect = writing.chosen(Defect, defect_id, field="defect")
        former = SeverityOverride.objects.filter(buyer=buyer, defect=defect, zone=zone).first()
        override = former or SeverityOverride(buyer=buyer, defect=defect, zone=zone)
        before = former.severity if former else None
        if before == severity:
            return override
        override.severity = severity
        override.save()
        record(
            event="buyer.severity_set",
            actor=actor,
            now=now,
            obj=buyer,
            payload={
                "name": buyer.name,
                "defect": defect.code,
                "zone": zone or EVERY_ZONE,
                "severity": [before, severity],
            },
        )
    return override


def clear_severity(*, override_id: UUID, actor: Actor, now: datetime) -> Buyer:
    """Take a buyer's own severity back: the library's holds again. Returns the buyer."""
    authorize(actor, "catalog.edit")
    with recorded_change():
        override = (
            SeverityOverride.objects.select_related("buyer", "defect")
            .select_for_update(of=("self",))
            .filter(pk=override_id)
            .first()
        )
        if override is None:
            raise NotFound
        record(
            event="buyer.severity_cleared",
            actor=actor,
            now=now,
            obj=override.buyer,
            payload={
                "name": override.buyer.name,
                "defect": override.defect.code,
                "zone": override.zone or EVERY_ZONE,
            },
        )
        override.delete()
    return override.buyer


def checked_buyer(buyer: Buyer, values: Values) -> Values:
    """Codes in capitals; AQLs of the standard, and none above 10 where defective pieces are counted."""
    held = dict(values)
    if isinstance(held.get("code"), str):
        held["code"] = held["code"].upper()
    problems: dict[str, Words] = {}
    count_by = held.get("count_by", buyer.count_by)
    for name in AQL_FIELDS:
        aql = str(held.get(name, getattr(buyer, name)))
        if not is_aql(aql):
            problems[name] = _("Choose 0 or one of the standard's AQLs, such as 1.0, 2.5 or 4.0.")
        elif count_by == CountBy.DEFECTIVES and counts_only_defects(aql):
            problems[name] = _("An AQL above 10 is per 100 pieces and needs every defect counted.")
    if problems:
        raise Invalid(fields=problems)
    return held
