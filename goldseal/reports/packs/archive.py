"""A pack as a folder: read from disk or from a ZIP that somebody uploads, and written as a ZIP."""

import io
import zipfile
import zlib
from pathlib import Path

from django.utils.translation import gettext as _
from PIL import Image

from goldseal.reports.packs.applying import Pack
from goldseal.reports.packs.manifest import PackError, Problem, read_manifest

MANIFEST = "pack.toml"
LOGOS = {"logo.png": "PNG", "logo.jpg": "JPEG"}
LOGO_MAX, LOGO_SIDE_MAX = 300_000, 2000
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
    """A pack from its manifest and logo. Raises PackError with every problem by line."""
    manifest = read_manifest(text)
    if manifest.logo and not logo:
        raise PackError([Problem(1, "logo", f"The manifest names {manifest.logo}, but no logo is there.")])
    if logo:
        check_logo(logo, name=manifest.logo or "logo.png")
    return Pack(manifest, version, logo if manifest.logo else b"")


def check_logo(data: bytes, *, name: str) -> None:
    """Raise PackError unless the bytes are a picture of the kind its name says, of a size for paper."""

    def wrong(sentence: str) -> PackError:
        return PackError([Problem(1, name, sentence)])

    if len(data) > LOGO_MAX:
        raise wrong(f"A logo has at most {LOGO_MAX // 1000} kB (this has {len(data) // 1000}).")
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            width, height, kind = picture.width, picture.height, picture.format
            if max(width, height) > LOGO_SIDE_MAX:
                raise wrong(
                    f"A logo has at most {LOGO_SIDE_MAX} pixels a side (this has {width} × {height})."
                )
            picture.load()
    except PackError:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise wrong("This is no PNG or JPEG picture.") from None
    if kind != LOGOS.get(name):
        raise wrong(f"This is a {kind} picture; {name} must be {LOGOS.get(name, 'PNG or JPEG')}.")


def read_zip(data: bytes) -> tuple[str, bytes]:
    """Manifest text and logo from an uploaded ZIP (in its root or in one folder). Raises PackError."""

    def wrong(sentence: str) -> PackError:
        return PackError([Problem(1, "", sentence)])

    if len(data) > ZIP_MAX:
        raise wrong(f"A pack has at most {ZIP_MAX // 1000} kB.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as folder:
            files = [entry for entry in folder.infolist() if not entry.is_dir()]
            if len(files) > FILES_MAX:
                raise wrong(f"A pack holds {MANIFEST} and a logo; this ZIP has {len(files)} files.")
            named = {entry.filename.rpartition("/")[2]: entry for entry in files}
            if MANIFEST not in named:
                raise wrong(f"There is no {MANIFEST} in this ZIP.")
            text = _read(folder, named[MANIFEST], MANIFEST_MAX).decode("utf-8-sig")
            logo = next((named[name] for name in LOGOS if name in named), None)
            return text, _read(folder, logo, LOGO_MAX) if logo else b""
    except UnicodeDecodeError:
        raise wrong(f"{MANIFEST} is not written in UTF-8.") from None
    except PackError:
        raise
    except _UNREADABLE:
        raise wrong("This file is no ZIP that can be read.") from None


def _read(folder: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """An entry's bytes; a ZIP may say less of its size than it holds, so only so many are read."""
    name = entry.filename.rpartition("/")[2]
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise PackError([Problem(1, name, _("must be stored or deflated in the ZIP, in no other way."))])
    with folder.open(entry) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise PackError([Problem(1, name, f"has more than {most // 1000} kB.")])
    return data


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
