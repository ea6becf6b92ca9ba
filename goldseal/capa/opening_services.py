"""Opening nonconformities: by hand, and by themselves from an inspection; their facts, defects and owner."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import User
from goldseal.capa import counting_services
from goldseal.capa.choices import Purpose, Source
from goldseal.capa.models import Nonconformity, NonconformityDefect, Proof
from goldseal.capa.moving import is_own_work
from goldseal.capa.numbering_services import next_number
from goldseal.capa.rules import lifecycle
from goldseal.capa.selectors import (
    SEE_TO,
    nonconformity_or_missing,
    open_workspace,
    person_named,
    settings_in_force,
    today_at,
)
from goldseal.capa.writing_services import (
    NOT_NOW,
    check_row,
    chosen_places,
    facts,
    open_case,
    workers_case,
)
from goldseal.catalog.choices import Severity
from goldseal.catalog.models import Defect, Method
from goldseal.inspections.models import Evidence, Inspection, InspectionState, Verdict
from goldseal.inspections.selectors import inspection_or_missing
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Forbidden, Invalid
from goldseal.kit.words import Words
from goldseal.reports.selectors import report_about
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize

SERIES, CAP = "NC", "cap"
TYPED = ("source", "title", "problem", "place", "found_on", "quantity", "lot_size", "severity", "operation")
COSTS = ("cost_minutes", "cost_per_minute", "cost_rejects", "cost_per_reject", "currency")
LATER = ("buyer_approval", "buyer_approved_on", *COSTS)
EDITED = (*TYPED[1:], "team", "due_on", *LATER)
PHOTOS_TAKEN_OVER = 30
ORDER_OF_SEVERITY = ("minor", "major", "critical")
DefectRow = tuple[str, str, int]  # code, severity ("": as the library says), pieces


def open_nonconformity(
    *, values: Mapping[str, Any], defects: Sequence[DefectRow] = (), actor: Actor, now: datetime
) -> Nonconformity:
    """Open a nonconformity by hand, from an audit, a complaint or a supplier.

    `values`: the fields of TYPED, the ids of buyer, style, order, stage, site, line, supplier, `owner` (id of a
    member who may work here) and `due_on`. Raises Invalid at each field, Forbidden.
    """
    authorize(actor, "capa.work")
    settings = settings_in_force()
    today = today_at(open_workspace(), now)
    problems: dict[str, Words] = {}
    case = Nonconformity(opened_by_id=actor.person_id, opened_at=now, number="-", currency=settings.currency)
    _fill(case, {"found_on": today, "due_on": today + timedelta(days=settings.due_days)}, values, problems)
    if not case.title.strip():
        problems["title"] = _("Say in a few words what is wrong.")
    if case.found_on and case.found_on > today:
        problems["found_on"] = _("This day has not come yet.")
    check_row(case, problems, exclude=("number",))
    _check_defects(defects)
    with recorded_change():
        case.number = next_number(series=SERIES, now=now)
        case.save(force_insert=True)
        _put_defects(case, defects)
        _told_opened(case, actor, now)
    return case


def open_from_inspection(*, inspection_id: UUID, actor: Actor, now: datetime) -> Nonconformity | None:
    """Open the nonconformity that a decided inspection asks for; None where it asks for none or has one.

    It asks for one by failing, by too many red lights or by a DHU above the limit, as the settings say. May be
    repeated: an inspection opens at most one.
    """
    authorize(actor, "capa.work")
    inspection = inspection_or_missing(inspection_id)
    source = _why_opened(inspection)
    origin = f"inspection:{inspection.pk}"
    if source is None or Nonconformity.objects.filter(origin=origin).exists():
        return None
    return _opened_from(inspection, source, origin, actor, now)


def open_about_inspection(*, inspection_id: UUID, actor: Actor, now: datetime) -> Nonconformity:
    """Open a nonconformity about an inspection because a person wants one; the one it has, if there is one."""
    authorize(actor, "capa.work")
    inspection = inspection_or_missing(inspection_id)
    origin = f"inspection:{inspection.pk}"
    found = Nonconformity.objects.filter(origin=origin).first()
    return found or _opened_from(inspection, Source.INSPECTION, origin, actor, now)


def _why_opened(inspection: Inspection) -> Source | None:
    settings = settings_in_force()
    if inspection.state != InspectionState.DECIDED:
        return None
    if inspection.verdict == Verdict.FAIL:
        return Source.INSPECTION if settings.opens_on_fail else None
    if settings.red_lights_max and inspection.method == Method.ROVING and inspection.line_id:
        others = Inspection.objects.filter(
            line_id=inspection.line_id,
            planned_on=inspection.planned_on,
            method=Method.ROVING,
            state=InspectionState.DECIDED,
        )
        if sum(counting_services.red_lights(row) for row in others) >= settings.red_lights_max:
            return Source.RED_LIGHTS
    if settings.dhu_max is not None and inspection.method == Method.ENDLINE:
        places = counting_services.findings_of(inspection, open_workspace().time_zone)
        pieces = sum(found.pieces for found in places.values())
        defects = sum(sum(found.defects.values()) for found in places.values())
        if pieces and Decimal(defects * 100) > settings.dhu_max * pieces:
            return Source.DHU
    return None


def _opened_from(
    inspection: Inspection, source: Source, origin: str, actor: Actor, now: datetime
) -> Nonconformity:
    settings, workspace = settings_in_force(), open_workspace()
    today = today_at(workspace, now)
    found: Counter[tuple[str, str]] = Counter()
    for place in counting_services.findings_of(inspection, workspace.time_zone).values():
        found.update(place.defects)
    rows = [(code, severity, count) for (code, severity), count in found.items() if count > 0]
    with recorded_change():
        case = Nonconformity.objects.create(
            number=next_number(series=SERIES, now=now),
            source=source,
            origin=origin,
            title=f"{inspection.code} · {inspection.style.code} · {inspection.order.po_number}"[:160],
            place=(inspection.line.name if inspection.line else "")
            or str(inspection.header.get("place", ""))[:200],
            found_on=today_at(workspace, inspection.decided_at or now),
            quantity=sum(count for _code, _severity, count in rows) or None,
            lot_size=inspection.lot_size,
            sample_size=inspection.sample_size,
            buyer=inspection.buyer,
            style=inspection.style,
            order=inspection.order,
            stage=inspection.stage,
            site=inspection.order.site,
            line=inspection.line,
            supplier=inspection.supplier,
            inspection=inspection,
            opened_by_id=actor.person_id,
            opened_at=now,
            due_on=today + timedelta(days=settings.due_days),
            currency=settings.currency,
        )
        _put_defects(case, rows)
        evidence = Evidence.objects.filter(inspection=inspection).order_by("pk")[:PHOTOS_TAKEN_OVER]
        Proof.objects.bulk_create(
            [
                Proof(
                    workspace_id=case.workspace_id,
                    nonconformity=case,
                    attachment_id=row.attachment_id,
                    purpose=Purpose.FOUND,
                    at=now,
                )
                for row in evidence
            ]
        )
        _told_opened(case, actor, now)
    return case


def _check_defects(rows: Sequence[DefectRow]) -> None:
    known = set(
        Defect.objects.filter(code__in={code for code, _s, _q in rows}).values_list("code", flat=True)
    )
    for code, severity, quantity in rows:
        if code not in known:
            raise Invalid(
                fields={"defects": _("%(code)s is not in the defect library.") % {"code": code[:10]}}
            )
        if severity and severity not in Severity.values:
            raise Invalid(fields={"defects": _("Choose critical, major or minor.")})
        if not 1 <= quantity <= 10_000_000:
            raise Invalid(fields={"defects": _("Enter 1 to 10,000,000 pieces.")})


def _told_opened(case: Nonconformity, actor: Actor, now: datetime) -> None:
    record(
        event="nonconformity.opened",
        actor=actor,
        now=now,
        obj=case,
        payload=facts(case, title=case.title, source=case.source),
    )


def _put_defects(case: Nonconformity, rows: Sequence[DefectRow]) -> None:
    """Keep what was found, code by code; the gravest severity becomes the case's."""
    library = {row.code: row for row in Defect.objects.filter(code__in={code for code, _s, _q in rows})}
    total: Counter[tuple[str, str]] = Counter()
    for code, severity, quantity in rows:
        known = library.get(code)
        total[code, severity or (known.severity if known else Severity.MAJOR)] += quantity
    NonconformityDefect.objects.bulk_create(
        [
            NonconformityDefect(
                workspace_id=case.workspace_id,
                nonconformity=case,
                code=code,
                severity=severity,
                quantity=quantity,
                name_en=library[code].name_en if code in library else "",
                name_bn=library[code].name_bn if code in library else "",
            )
            for (code, severity), quantity in total.items()
        ]
    )
    if total:
        case.severity = max((severity for _code, severity in total), key=ORDER_OF_SEVERITY.index)
        case.save(update_fields=["severity"])


def edit_nonconformity(
    *, nonconformity_id: UUID, values: Mapping[str, Any], actor: Actor, now: datetime
) -> Nonconformity:
    """Change the facts of a nonconformity that its owner works on; what is left out stays, and so does the owner.

    From its submission until it is closed only the fields of LATER change, by `capa.review` and never on the own
    work. Raises Invalid, Conflict, Forbidden.
    """
    authorize(actor, "capa.work")
    given = {name: value for name, value in values.items() if name not in ("source", "owner")}
    with recorded_change():
        case = open_case(nonconformity_id)
        if case.state not in lifecycle.WITH_WORKER:
            if not actor.may("capa.review") or set(given) - set(LATER):
                raise Conflict(NOT_NOW)
            if is_own_work(case, actor):
                raise Forbidden(_("Nobody reviews or verifies the own work. Ask another person."))
        problems: dict[str, Words] = {}
        buyer_before = case.buyer_id
        _fill(case, {}, given, problems)
        if buyer_before not in (None, case.buyer_id) and report_about(CAP, case.pk) is not None:
            problems["buyer"] = _("A report about this nonconformity exists; it stays with this buyer.")
        if not case.title.strip():
            problems["title"] = _("Say in a few words what is wrong.")
        if case.found_on and case.found_on > today_at(open_workspace(), now):
            problems["found_on"] = _("This day has not come yet.")
        case.currency = case.currency.upper()
        if case.currency and not re.fullmatch(r"[A-Z]{3}", case.currency):
            problems["currency"] = _("Enter the three letters of a currency, such as BDT or USD.")
        if case.buyer_approved_on and not case.buyer_approval.strip():
            problems["buyer_approval"] = _("Name who approved it at the buyer.")
        check_row(case, problems)
        case.save()
        record(event="nonconformity.edited", actor=actor, now=now, obj=case, payload=facts(case))
    return nonconformity_or_missing(case.pk)


def _fill(
    case: Nonconformity, usual: Mapping[str, Any], values: Mapping[str, Any], problems: dict[str, Words]
) -> None:
    blank = Nonconformity()
    for name in {*TYPED, *EDITED}:
        if name in values and values[name] is not None:
            value = values[name]
            setattr(case, name, value.strip() if isinstance(value, str) else value)
        elif name in usual:
            setattr(case, name, usual[name])
        elif name in values:
            setattr(case, name, getattr(blank, name))
    for name, row in chosen_places(values, problems).items():
        setattr(case, name, row)
    _derive(case)
    if "owner" in values:
        case.owner = _owner(values["owner"], problems)


def _derive(case: Nonconformity) -> None:
    """An order names its style, buyer and site; a line its site."""
    if case.order_id and case.order:
        case.style, case.buyer = case.order.style, case.order.buyer
        case.site = case.site or case.order.site
    elif case.style_id and case.style:
        case.buyer = case.style.buyer
    if case.line_id and case.line:
        case.site = case.line.site


def _owner(pk: UUID | None, problems: dict[str, Words]) -> User | None:
    owner = person_named(pk, SEE_TO)
    if pk and owner is None:
        problems["owner"] = _("Choose somebody of this workspace who may work on corrective actions.")
    return owner


def assign_owner(
    *, nonconformity_id: UUID, owner_id: UUID | None, due_on: date, actor: Actor, now: datetime
) -> Nonconformity:
    """Give the nonconformity to somebody until a day. Raises Invalid at owner or due_on, Conflict."""
    authorize(actor, "capa.work")
    with recorded_change():
        case = workers_case(nonconformity_id)
        problems: dict[str, Words] = {}
        owner = _owner(owner_id, problems)
        if owner is not None and owner.pk == case.verifier_id:
            problems["owner"] = _("This person verifies it. Owner and verifier must be two people.")
        if due_on < case.found_on:
            problems["due_on"] = _("It cannot be due before it was found.")
        if problems:
            raise Invalid(fields=problems)
        case.owner, case.due_on = owner, due_on
        case.save(update_fields=["owner", "due_on"])
        name = owner.display_name if owner else "–"
        record(
            event="nonconformity.assigned",
            actor=actor,
            now=now,
            obj=case,
            payload=facts(case, owner=name, due=due_on.isoformat()),
        )
    return case


def set_defects(
    *, nonconformity_id: UUID, rows: Sequence[DefectRow], actor: Actor, now: datetime
) -> Nonconformity:
    """Say anew which defects were found on how many pieces. Raises Invalid at `defects`, Conflict."""
    authorize(actor, "capa.work")
    _check_defects(rows)
    with recorded_change():
        case = workers_case(nonconformity_id)
        case.defects.all().delete()
        _put_defects(case, rows)
        record(
            event="nonconformity.defects_set",
            actor=actor,
            now=now,
            obj=case,
            payload=facts(case, codes=", ".join(sorted({code for code, _s, _q in rows}))),
        )
    return case
