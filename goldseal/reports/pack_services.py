"""Changing packs: every edit is a new version; a buyer's reports use the current one."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.kit.actors import Actor
from goldseal.kit.compartments import compartment_choices
from goldseal.kit.errors import Conflict, Invalid, NotFound
from goldseal.reports.drafting import draft_pdf, kept_record
from goldseal.reports.engine.canonical import canonical_json, content_hash
from goldseal.reports.engine.sheet import record_sheet
from goldseal.reports.models import PackChoice, ReportPack, ReportVersion
from goldseal.reports.packs.applying import Pack, exchange_json, file_stem
from goldseal.reports.packs.archive import make_pack, read_zip, shipped_packs
from goldseal.reports.packs.logos import clean_logo
from goldseal.reports.packs.manifest import read_manifest
from goldseal.reports.packs.problems import PackError
from goldseal.reports.sharing_services import Download
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize

PACKS_MAX = 100
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = ("pdf", "xlsx", "json")


def checked_pack(*, text: str, logo: bytes, version: int = 1, kept_logo: bytes = b"") -> Pack:
    """A pack from what somebody wrote. Raises Invalid at `source` with every problem by line.

    The logo is decoded in a caged child and written afresh, unless it is `kept_logo`, which was.
    """
    try:
        pack = make_pack(text=text.replace("\r\n", "\n"), logo=logo, version=version)
        if not pack.logo or pack.logo == kept_logo:
            return pack
        return replace(pack, logo=clean_logo(pack.logo, name=pack.manifest.logo))
    except PackError as refused:
        raise Invalid(fields={"source": "\n".join(refused.sentences())}) from None


def save_pack(*, text: str, logo: bytes | None, actor: Actor, now: datetime, code: str = "") -> ReportPack:
    """Keep a manifest as the pack's next version (1 for a new one); `logo` None keeps the one before.

    `code`: the pack that is edited; its manifest must keep that code. The same content twice is kept once.
    Raises Invalid, Conflict, Forbidden.
    """
    authorize(actor, "reports.manage_packs")
    text = text.replace("\r\n", "\n")
    try:
        named = read_manifest(text).code
    except PackError:
        named = code
    if code and named != code:
        raise Invalid(fields={"source": _("The code of a pack stays: %(code)s.") % {"code": code}})
    with recorded_change():
        before = ReportPack.objects.select_for_update().filter(code=named, is_current=True).first()
        kept = bytes(before.logo) if before else b""
        pack = checked_pack(
            text=text,
            logo=kept if logo is None else logo,
            version=before.version + 1 if before else 1,
            kept_logo=kept,
        )
        if before and (before.source, kept) == (text, pack.logo):
            return before
        if before is None and ReportPack.objects.filter(is_current=True).count() >= PACKS_MAX:
            raise Conflict(_("There are 100 packs already."))
        ReportPack.objects.filter(code=named, is_current=True).update(is_current=False)
        row = ReportPack.objects.create(
            code=pack.manifest.code,
            name=pack.manifest.name,
            version=pack.version,
            source=text,
            logo=pack.logo,
            logo_name=pack.manifest.logo,
            digest=pack.digest,
            edited_by_id=actor.person_id,
            edited_at=now,
        )
        record(
            event="pack.saved",
            actor=actor,
            now=now,
            obj=row,
            payload={"name": row.name, "version": row.version},
        )
    return row


def take_shipped(*, code: str, actor: Actor, now: datetime) -> ReportPack:
    """A pack that comes with the program, to be used or edited. Raises NotFound, Conflict where it is there."""
    authorize(actor, "reports.manage_packs")
    shipped = shipped_packs().get(code)
    if shipped is None:
        raise NotFound
    if ReportPack.objects.filter(code=code).exists():
        raise Conflict(_("This pack is here already."))
    return save_pack(text=shipped[0], logo=shipped[1], actor=actor, now=now)


def upload_pack(*, content: bytes, actor: Actor, now: datetime) -> ReportPack:
    """A pack as a ZIP; the next version where its code is known. Raises Invalid at `file`."""
    authorize(actor, "reports.manage_packs")
    try:
        text, logo = read_zip(content)
        return save_pack(text=text, logo=logo, actor=actor, now=now)
    except PackError as refused:
        raise Invalid(fields={"file": "\n".join(refused.sentences())}) from None
    except Invalid as refused:
        raise Invalid(fields={"file": refused.fields["source"]}) from None


def choose_pack(*, compartment_id: UUID, code: str, actor: Actor, now: datetime) -> None:
    """The next reports of a buyer use this pack; an empty code: the house's own form. Raises Invalid."""
    authorize(actor, "reports.manage_packs")
    names = {str(pk): name for pk, name in compartment_choices()}
    if str(compartment_id) not in names:
        raise Invalid(fields={"buyer": _("Choose a buyer.")})
    row = ReportPack.objects.filter(code=code, is_current=True).first() if code else None
    if code and row is None:
        raise Invalid(fields={"code": _("Choose one from the list.")})
    with recorded_change():
        if row is None:
            PackChoice.objects.filter(compartment_id=compartment_id).delete()
        else:
            PackChoice.objects.update_or_create(compartment_id=compartment_id, defaults={"code": code})
        record(
            event="pack.chosen",
            actor=actor,
            now=now,
            obj=row,
            payload={"buyer": names[str(compartment_id)], "name": row.name if row else "–"},
        )


def preview(*, pack: Pack, version: ReportVersion, form: str, actor: Actor, now: datetime) -> Download:
    """A sealed report's record in the form of a pack, marked DRAFT: pdf, xlsx or json. Raises Conflict, NotFound."""
    authorize(actor, "reports.manage_packs")
    if form not in FORMS or not version.is_issued:
        raise NotFound
    data = kept_record(version)
    digest = content_hash(canonical=canonical_json(record=data))
    stem = f"{file_stem(record=data, pack=pack)}-DRAFT"
    if form == "pdf":
        return Download(f"{stem}.pdf", "application/pdf", draft_pdf(version=version, now=now, pack=pack))
    if form == "xlsx":
        content = record_sheet(record=data, canonical_hash=digest, pack=pack)
        return Download(f"{stem}.xlsx", XLSX_TYPE, content)
    if pack.manifest.export is None:
        raise Conflict(_("This pack has no exchange list, so there is no JSON of it."))
    content = exchange_json(record=data, content_hash=digest, pack=pack)
    return Download(f"{stem}.json", "application/json", content)
