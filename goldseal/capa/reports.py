"""What this room can put on paper: the 8D report of a nonconformity, and a request to a supplier with its answers."""

from pathlib import Path
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from goldseal.capa.choices import CaseState, ScarState
from goldseal.capa.record import case_record, photos_of, scar_record
from goldseal.capa.rules import lifecycle
from goldseal.capa.selectors import nonconformity_or_missing, open_workspace, scar_or_missing
from goldseal.kit.errors import Conflict
from goldseal.kit.reporting import BuiltRecord, ReportContext, ReportKind, ReportSubject, declare_report_kind
from goldseal.kit.wording import list_when_read, number_when_read
from goldseal.kit.words import Words

CAP, SCAR = "cap", "scar"
HERE = Path(__file__).parent / "typst"


def find_case(pk: UUID) -> ReportSubject:
    """The nonconformity; Conflict until somebody has begun to work on it."""
    case = nonconformity_or_missing(pk)
    if case.state == lifecycle.OPEN and not (case.problem or case.inspection_id):
        raise Conflict(_("Describe the problem first; then it can be reported."))
    return ReportSubject(
        title=f"{case.number} · {case.title}"[:200],
        compartment_id=case.buyer_id,
        path=case.get_absolute_url(),
    )


def build_case(pk: UUID, context: ReportContext) -> BuiltRecord:
    """The 8D record with its photos in print size."""
    case = nonconformity_or_missing(pk)
    data, attachments = case_record(case, open_workspace())
    return BuiltRecord(
        data=data,
        photos=photos_of(attachments),
        facts={
            "counts": list_when_read(
                *(
                    format_lazy("{} × {}", row["code"], number_when_read(row["quantity"]))
                    for row in data["found"]
                )
            )
            if data["found"]
            else "–",
            "photos": str(len(attachments)),
            "measurements": _effect_fact(data),
            "aql_result": CaseState(case.state).label,
        },
    )


def _effect_fact(data: dict[str, object]) -> Words:
    effect = data.get("effect")
    if not isinstance(effect, dict) or not effect.get("pieces"):
        return "–"
    return format_lazy(
        "{} {} / {}", effect["code"], number_when_read(effect["found"]), number_when_read(effect["pieces"])
    )


def find_scar(pk: UUID) -> ReportSubject:
    """The request; Conflict until there is an answer."""
    scar = scar_or_missing(pk)
    if not scar.answers.exists():
        raise Conflict(_("There is no answer yet; then it can be reported."))
    return ReportSubject(
        title=f"{scar.number} · {scar.supplier.name} · {scar.nonconformity.number}"[:200],
        path=f"capa/scars/{scar.pk}/",
    )


def build_scar(pk: UUID, context: ReportContext) -> BuiltRecord:
    """The request and every answer, with photos in print size."""
    scar = scar_or_missing(pk)
    data, attachments = scar_record(scar, open_workspace())
    return BuiltRecord(
        data=data,
        photos=photos_of(attachments),
        facts={
            "counts": "–",
            "photos": str(len(attachments)),
            "measurements": "–",
            "aql_result": ScarState(scar.state).label,
        },
    )


declare_report_kind(
    ReportKind(
        code=CAP,
        label=_("Corrective action report (8D)"),
        template=HERE / "eight_d.typ",
        find=find_case,
        build=build_case,
    )
)
declare_report_kind(
    ReportKind(
        code=SCAR,
        label=_("Supplier corrective action request"),
        template=HERE / "scar.typ",
        find=find_scar,
        build=build_scar,
    )
)
