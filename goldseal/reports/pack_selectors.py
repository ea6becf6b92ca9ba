"""Reading packs: the current ones, their versions, a buyer's, the one that shaped a report."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from goldseal.kit.compartments import compartment_choices
from goldseal.kit.errors import NotFound
from goldseal.reports.models import PackChoice, ReportPack, ReportVersion
from goldseal.reports.packs.applying import Pack
from goldseal.reports.packs.archive import make_pack
from goldseal.reports.packs.problems import PackError
from goldseal.workspaces.services import workspace_scope

HEAVY = ("source", "logo")


def current_packs() -> QuerySet[ReportPack]:
    """Each pack's current version, by name, without its content."""
    return (
        ReportPack.objects.filter(is_current=True).select_related("edited_by").defer(*HEAVY).order_by("name")
    )


def pack_row(code: str, version: int | None = None) -> ReportPack:
    """A pack's version, the current one if none is named. Raises NotFound."""
    rows = ReportPack.objects.filter(code=code)
    found = (rows.filter(is_current=True) if version is None else rows.filter(version=version)).first()
    if found is None:
        raise NotFound
    return found


def pack_versions(code: str) -> QuerySet[ReportPack]:
    """Every version of a pack, the newest first, without its content."""
    rows = ReportPack.objects.filter(code=code).select_related("edited_by")
    return rows.defer(*HEAVY).order_by("-version")


def as_pack(row: ReportPack) -> Pack:
    """A stored version ready to be applied; it was checked when it was saved."""
    return make_pack(text=row.source, logo=bytes(row.logo), version=row.version)


def pack_of_buyer(compartment_id: UUID | None) -> ReportPack | None:
    """The current version of the pack that a buyer's reports use."""
    if compartment_id is None:
        return None
    choice = PackChoice.objects.filter(compartment_id=compartment_id).first()
    return ReportPack.objects.filter(code=choice.code, is_current=True).first() if choice else None


def exchanged_in(versions: Sequence[ReportVersion]) -> set[UUID]:
    """Those of a report's versions whose buyer's pack writes an exchange file; each pack is read once."""
    packs = {(one.pack_code, one.pack_version): one for one in versions if one.pack_code}
    read = {key: pack_of_version(one) for key, one in packs.items()}
    writing = {key for key, pack in read.items() if pack is not None and pack.manifest.export is not None}
    return {one.pk for one in versions if (one.pack_code, one.pack_version) in writing}


def pack_of_version(version: ReportVersion) -> Pack | None:
    """The pack that shaped a report's version, as it was then; whoever may see the version may see it in its form.

    None where an older program kept one that is refused today: the version then shows in the house's form.
    """
    if not version.pack_code:
        return None
    with workspace_scope(version.workspace_id):  # a guest's compartment holds no packs
        row = ReportPack.objects.filter(code=version.pack_code, version=version.pack_version).first()
    try:
        return as_pack(row) if row else None
    except PackError:
        return None


def buyers_with_packs() -> list[tuple[str, str, str]]:
    """Every buyer as (id, name, code of the pack its reports use or nothing)."""
    chosen = {str(one.compartment_id): one.code for one in PackChoice.objects.all()}
    return [(pk, name, chosen.get(str(pk), "")) for pk, name in compartment_choices()]
