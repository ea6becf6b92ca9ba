"""Render a record to PDF/A-3a + PDF/UA-1 with typst: same input, same bytes."""

import copy
import io
import json
import logging
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
import typst

from goldseal.reports.engine.canonical import content_hash
from goldseal.reports.engine.fonts import PACKAGE_FOLDER, FontSet, load_fonts
from goldseal.reports.engine.photos import PrintPhoto, print_photos
from goldseal.reports.engine.pictures import NotSwappedError, stand_in, with_photos
from goldseal.reports.engine.text import drawable
from goldseal.reports.packs.applying import Pack

log = logging.getLogger(__name__)

HOUSE_STYLE = Path(__file__).resolve().parents[1] / "typst"
ATTACHMENT_NAME, PACK_NAME = "record.json", "pack.json"
LABELS = "labels.json"
CACHE_GENERATIONS = 10
LANGUAGES = ("en", "bn", "both")


class RenderError(ValueError):
    """The record cannot be put on paper; the message says what is missing or wrong."""


def render_pdf(
    *,
    template: Path,
    data: Mapping[str, Any],
    photos: Mapping[str, bytes],
    timestamp: datetime,
    attach_json: bytes | None,
    sealed: bool = True,
    pack: Pack | None = None,
    font_folder: Path = PACKAGE_FOLDER,
) -> bytes:
    """Return the PDF of ``data`` laid out by the typst file ``template``.

    ``data``: a record (goldseal.inspection-report/1 or alike); ``data["report"]["language"]`` is en, bn or
    both. ``photos``: for each sha256 named in ``data["photos"]`` the bytes of the picture, best already the
    print derivative. ``timestamp``: an aware instant, the document's creation date. ``attach_json``: the
    canonical bytes embedded as record.json and hashed on every page; None (drafts only) embeds nothing.
    ``sealed=False`` prints the DRAFT watermark and no gold. ``pack`` shapes the paper only: order of sections,
    words, codes, extra fields, logo; beside an embedded record it is embedded as pack.json.

    Text reaches typst as JSON values only, and typst sees one temporary folder and no network packages.
    Raises ``RenderError``, ``PhotoUnreadableError``, ``TooManyPhotosError`` or ``FontsMissingError``.
    """
    if timestamp.tzinfo is None:
        raise RenderError("The timestamp of a report needs a time zone.")
    if sealed and attach_json is None:
        raise RenderError("A sealed report carries its record: attach_json is missing.")
    moment = timestamp.replace(microsecond=0)  # a PDF's dates know seconds
    language = data.get("report", {}).get("language", "en")
    language = pack.language(language) if pack else language
    if language not in LANGUAGES:
        raise RenderError(f"The report's language must be one of {', '.join(LANGUAGES)} (got {language!r}).")
    fonts = load_fonts(font_folder)
    with tempfile.TemporaryDirectory(prefix="goldseal-report-") as name:
        root = Path(name).resolve()
        _copy_sources(template, root)
        page = drawable(copy.deepcopy(pack.coded(data) if pack else dict(data)), coverage=fonts.coverage)
        printed = _place_photos(page, photos, root)
        digest = content_hash(canonical=attach_json) if attach_json is not None else ""
        _place_pack(pack, data, digest, root, fonts)
        _place_qr(page, root)
        (root / "record.json").write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")
        inputs = {"language": language, "sealed": "yes" if sealed else "no"}
        if attach_json is not None:
            (root / "attach.json").write_bytes(attach_json)
            inputs |= {"content_hash": digest, "attach": ATTACHMENT_NAME}
            if pack is not None:
                (root / PACK_NAME).write_bytes(pack.canonical())
                inputs["attach_pack"] = PACK_NAME
        try:
            stand_ins = _place_stand_ins(printed, root)
            try:
                return with_photos(_compiled(root, fonts, inputs, moment), stand_ins)
            except NotSwappedError as problem:
                log.warning("Photos are laid out whole: %s", problem)
                for name, photo in printed.items():
                    (root / name).write_bytes(photo.data)
                return _compiled(root, fonts, inputs, moment)
        finally:
            _forget(root, fonts.fonts)


def _compiled(root: Path, fonts: FontSet, inputs: dict[str, str], moment: datetime) -> bytes:
    """The PDF of what lies in the folder."""
    compiler = typst.Compiler(
        input=root / "main.typ",
        root=root,
        font_paths=fonts.fonts,
        ignore_system_fonts=True,
        sys_inputs=inputs,
        package_path=root / "no-packages",
        package_cache_path=root / "no-packages",
    )
    try:
        pdf = compiler.compile(format="pdf", pdf_standards=["a-3a", "ua-1"], timestamp=moment)
    except typst.TypstError as error:
        failure = RenderError(f"The report could not be laid out: {error.message}")
        failure.add_note(error.diagnostic)
        raise failure from error
    if not isinstance(pdf, bytes):
        raise RenderError("The report could not be laid out: typst returned no PDF.")
    return pdf


def _forget(root: Path, fonts: typst.Fonts) -> None:
    """Age the finished report out of typst's process-wide cache.

    It keeps what the last ten compilations used: thirty photos each grow a worker from 340 to 600 MB.
    Eleven empty documents cost 25 ms.
    """
    blank = root / "blank.typ"
    blank.touch()
    for _generation in range(CACHE_GENERATIONS + 1):
        typst.Compiler(input=blank, root=root, font_paths=fonts, ignore_system_fonts=True).compile(
            format="svg"
        )


def _copy_sources(template: Path, root: Path) -> None:
    if not template.is_file():
        raise RenderError(f"There is no report template {template.name}.")
    for source in sorted(HOUSE_STYLE.iterdir()):
        if source.suffix in (".typ", ".json"):
            shutil.copyfile(source, root / source.name)
    shutil.copyfile(template, root / "main.typ")


def _place_pack(pack: Pack | None, data: Mapping[str, Any], digest: str, root: Path, fonts: FontSet) -> None:
    """The pack as the template reads it: its words over the house's own, order, extra fields, logo."""
    view: dict[str, Any] = {}
    if pack is not None:
        labels = json.loads((root / LABELS).read_text(encoding="utf-8")) | pack.words()
        extra = [{"label": key, "value": value} for key, value in pack.extras(data, content_hash=digest)]
        view = {"name": pack.manifest.name, "version": pack.version, "extra": extra}
        if pack.manifest.sections:
            view["sections"] = list(pack.manifest.sections)
        if pack.logo:
            (root / pack.manifest.logo).write_bytes(pack.logo)
            view["logo"] = pack.manifest.logo
        view = {**drawable(view, coverage=fonts.coverage), **({"logo": view["logo"]} if pack.logo else {})}
        words = json.dumps(drawable(labels, coverage=fonts.coverage), ensure_ascii=False)
        (root / LABELS).write_text(words, encoding="utf-8")
    (root / "pack-view.json").write_text(json.dumps(view, ensure_ascii=False), encoding="utf-8")


def _place_photos(page: dict[str, Any], photos: Mapping[str, bytes], root: Path) -> dict[str, PrintPhoto]:
    """The record's photos in print size, by the name of the file the template asks for."""
    entries = page.get("photos", [])
    pictures = []
    for index, entry in enumerate(entries):
        sha256 = str(entry.get("sha256", ""))
        if sha256 not in photos:
            raise RenderError(f"Photo {index + 1} ({sha256[:12]}…) is named in the record but was not given.")
        pictures.append((f"{index + 1} ({sha256[:12]}…)", photos[sha256]))
    printed = {}
    for index, (entry, photo) in enumerate(zip(entries, print_photos(pictures=pictures), strict=True)):
        # Names of files come from the counter, never from the record: no path can be smuggled in.
        entry["path"] = f"photo-{index}.jpg"
        printed[entry["path"]] = photo
    return printed


def _place_stand_ins(printed: Mapping[str, PrintPhoto], root: Path) -> dict[bytes, PrintPhoto]:
    """Write what is laid out in a photo's place, and say which photo each stands for."""
    known: dict[bytes, PrintPhoto] = {}
    for name, photo in printed.items():
        small = stand_in(photo)
        (root / name).write_bytes(photo.data if small is None else small)
        if small is not None:
            known[small] = photo
    return known


def _place_qr(page: dict[str, Any], root: Path) -> None:
    report = page["report"]
    report.pop("qr_path", None)
    url = str(report.get("verify_url", "")).replace("\u200b", "")
    if not url:
        return
    sink = io.BytesIO()
    segno.make(url, error="m", micro=False).save(sink, kind="svg", border=2, dark="#1b1e2b", light="#ffffff")
    (root / "qr.svg").write_bytes(sink.getvalue())
    report["qr_path"] = "qr.svg"
