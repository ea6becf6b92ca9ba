"""The report's fonts: where they lie, which characters they can draw."""

import functools
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typst

PACKAGE_FOLDER = Path(__file__).resolve().parents[2] / "fonts"
FAMILIES = ("NotoSans", "NotoSansBengali")  # in the order in which the template falls back


class FontsMissingError(RuntimeError):
    """The folder of fonts lacks a face that reports need."""


@dataclass(frozen=True)
class FontSet:
    """Loaded fonts and, per family in fallback order, the code points that every weight can draw."""

    fonts: typst.Fonts
    coverage: tuple[frozenset[int], ...]


@functools.lru_cache(maxsize=4)
def load_fonts(folder: Path = PACKAGE_FOLDER) -> FontSet:
    """Load the TrueType fonts in ``folder`` once per process (about 25 ms, then cached).

    Raises ``FontsMissingError`` naming the family that has no file there.
    """
    coverage = []
    for family in FAMILIES:
        files = sorted(folder.glob(f"{family}-*.ttf"))
        if not files:
            raise FontsMissingError(
                f"No {family}-*.ttf in the font folder {folder}. Run the front-end build, which puts it there."
            )
        covered = [frozenset(_code_points(file.read_bytes())) for file in files]
        coverage.append(frozenset.intersection(*covered))
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    return FontSet(fonts=fonts, coverage=tuple(coverage))


def _code_points(data: bytes) -> Iterator[int]:
    """Yield the code points of a TrueType font's ``cmap`` table, formats 4 and 12 (OpenType 1.9 §cmap)."""
    (tables,) = struct.unpack_from(">H", data, 4)
    for index in range(tables):
        tag, _checksum, start, _length = struct.unpack_from(">4sIII", data, 12 + 16 * index)
        if tag != b"cmap":
            continue
        (records,) = struct.unpack_from(">H", data, start + 2)
        for record in range(records):
            _platform, _encoding, offset = struct.unpack_from(">HHI", data, start + 4 + 8 * record)
            yield from _subtable(data, start + offset)


def _subtable(data: bytes, at: int) -> Iterator[int]:
    (form,) = struct.unpack_from(">H", data, at)
    if form == 12:
        (groups,) = struct.unpack_from(">I", data, at + 12)
        for group in range(groups):
            first, last, _glyph = struct.unpack_from(">III", data, at + 16 + 12 * group)
            yield from range(first, last + 1)
    elif form == 4:
        (doubled,) = struct.unpack_from(">H", data, at + 6)
        count = doubled // 2
        ends = struct.unpack_from(f">{count}H", data, at + 14)
        starts = struct.unpack_from(f">{count}H", data, at + 16 + doubled)
        deltas = struct.unpack_from(f">{count}H", data, at + 16 + 2 * doubled)
        range_at = at + 16 + 3 * doubled
        offsets = struct.unpack_from(f">{count}H", data, range_at)
        for segment, (first, last) in enumerate(zip(starts, ends, strict=True)):
            for code in range(first, min(last, 0xFFFE) + 1):
                if offsets[segment] == 0:
                    glyph = (code + deltas[segment]) & 0xFFFF
                else:
                    place = range_at + 2 * segment + offsets[segment] + 2 * (code - first)
                    (glyph,) = struct.unpack_from(">H", data, place)
                if glyph:
                    yield code
