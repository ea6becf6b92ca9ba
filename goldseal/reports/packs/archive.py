"""A pack as a folder: read from disk or from a ZIP that somebody uploads, and written as a ZIP."""

import io
import zipfile
import zlib
from pathlib import Path

from django.utils.translation import gettext as _

from goldseal.kit.wording import in_digits_of_page
from goldseal.reports.packs.applying import Pack
from goldseal.reports.packs.logos import LOGO_MAX, LOGOS, check_logo
from goldseal.reports.packs.manifest import read_manifest
from goldseal.reports.packs.problems import PackError, Problem, one_problem

MANIFEST = "pack.toml"
ZIP_MAX, FILES_MAX, MANIFEST_MAX = 1_000_000, 20, 400_000
SHIPPED = Path(__file__).parent / "shipped"
# IndexError: an entry whose name begins with NUL has no name at all, and zipfile looks at its last letter.
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError, ValueError, OverflowError, IndexError,
)  # fmt: skip
_EPOCH = (1980, 1, 1, 0, 0, 0)


def shipped_packs() -> dict[str, tuple[str, bytes]]:
    """The packs that come with the program: manifest text and logo, by code."""
    found = {}
    for folder in sorted(path for path in SHIPPED.iterdir() if (path / MANIFEST).is_file()):
        logo = next((folder / name for name in LOGOS if (folder / name).is_file()), None)
        text = (folder / MANIFEST).read_text(encoding="utf-8")
        found[folder.name] = (text, logo.read_bytes() if logo else b"")
    return found


def make_pack(*, text: str, logo: bytes, version: int) -> Pack:
    """A pack from its manifest and logo. Raises PackError with every problem by line.

    The logo's structure is looked at, nothing of it is decoded: `logos.clean_logo` does that, before it is kept.
    """
    problems: list[Problem] = []
    more, manifest = 0, None
    try:
        manifest = read_manifest(text)
    except PackError as refused:
        problems, more = list(refused.problems), refused.more
    named = manifest.logo if manifest else ""
    try:
        if logo:
            check_logo(logo, name=named)
    except PackError as refused:
        problems += refused.problems
    if named and not logo:
        said = _("The manifest names %(logo)s, but no logo is there.") % {"logo": named}
        problems.append(Problem(1, "logo", said))
    if problems or manifest is None:
        raise PackError(problems, more=more)
    return Pack(manifest, version, logo if manifest.logo else b"")


def read_zip(data: bytes) -> tuple[str, bytes]:
    """Manifest text and logo from an uploaded ZIP (in its root or in one folder). Raises PackError."""
    if len(data) > ZIP_MAX:
        raise one_problem(_("A pack has at most %(most)s kB.") % {"most": _kilobytes(ZIP_MAX)})
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as folder:
            return _read_folder(folder)
    except UnicodeDecodeError:
        raise one_problem(_("%(file)s is not written in UTF-8.") % {"file": MANIFEST}) from None
    except PackError:
        raise
    except _UNREADABLE:
        raise one_problem(_("This file is no ZIP that can be read.")) from None


def _read_folder(folder: zipfile.ZipFile) -> tuple[str, bytes]:
    files = [entry for entry in folder.infolist() if not entry.is_dir()]
    if len(files) > FILES_MAX:
        said = _("A pack holds %(file)s and a logo; this ZIP has %(count)s files.")
        raise one_problem(said % {"file": MANIFEST, "count": in_digits_of_page(str(len(files)))})
    named = {entry.filename.rpartition("/")[2]: entry for entry in files}
    if MANIFEST not in named:
        raise one_problem(_("There is no %(file)s in this ZIP.") % {"file": MANIFEST})
    text = _read(folder, named[MANIFEST], MANIFEST_MAX).decode("utf-8-sig")
    logo = next((named[name] for name in LOGOS if name in named), None)
    return text, _read(folder, logo, LOGO_MAX) if logo else b""


def _read(folder: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """An entry's bytes; a ZIP may say less of its size than it holds, so only so many are read."""
    name = entry.filename.rpartition("/")[2]
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        said = _("must be stored or deflated in the ZIP, in no other way.")
        raise one_problem(said, place=name)
    with folder.open(entry) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise one_problem(_("has more than %(most)s kB.") % {"most": _kilobytes(most)}, place=name)
    return data


def _kilobytes(size: int) -> str:
    return in_digits_of_page(str(size // 1000))


def write_zip(*, text: str, logo: bytes, logo_name: str) -> bytes:
    """A pack as a ZIP: the same content gives the same bytes."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, data in ((MANIFEST, text.encode("utf-8")), (logo_name, logo)):
            if name and data:
                entry = zipfile.ZipInfo(name, date_time=_EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                folder.writestr(entry, data)
    return sink.getvalue()
