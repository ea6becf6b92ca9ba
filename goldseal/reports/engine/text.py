"""Make any text drawable by the report's fonts: PDF/UA and PDF/A refuse a missing glyph."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

REPLACEMENT = "\ufffd"  # Noto Sans draws it: a reader sees that a character was there
SOFT_BREAK = "\u200b"
LONGEST_RUN = 22  # characters without a space before a line may break inside a word
MARKS_KEPT = 6  # combining marks on one base; more is a prank, not writing

# Signs people type that Noto Sans does not have, in words it has.
_SPELLED = {
    "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "→": "->", "←": "<-", "↑": "^", "↓": "v", "⇒": "=>",
    "✓": "[v]", "✔": "[v]", "✅": "[v]", "✗": "[x]", "✘": "[x]", "❌": "[x]", "☑": "[v]", "☐": "[ ]",
    "■": "*", "●": "•", "▪": "•", "◦": "•", "★": "*", "☆": "*", "⌀": "ø", "∅": "ø", "√": "sqrt ",
    "∞": "inf", "Δ": "Δ", "\u2028": " ", "\u2029": " ", "\t": " ", "\n": "\n", "\r": "",
}  # fmt: skip
_MACHINE = re.compile(r"[0-9a-f]{32,128}|\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_VIRAMA = "\u09cd"
_JOINERS = ("\u200c", "\u200d")  # Bangla conjuncts need them
_VARIATION = range(0xFE00, 0xFE10)


def drawable_text(text: str, *, coverage: Sequence[AbstractSet[int]]) -> str:
    """Return ``text`` with everything the fonts cannot draw replaced, and long runs made breakable.

    ``coverage`` lists, per font in fallback order, its code points. A cluster (base and its marks) must
    be drawable by one font, else its marks are dropped and then its base replaced by U+FFFD. Direction
    overrides, control characters and lone surrogates go: they could make a report read as something else.
    """
    out: list[str] = []
    run = 0
    for cluster in _clusters(unicodedata.normalize("NFC", _without_controls(text))):
        drawn = _drawable_cluster(cluster, coverage)
        if not drawn or drawn.isspace():
            run = 0
        elif run >= LONGEST_RUN and (not out or not out[-1].endswith((_VIRAMA, *_JOINERS))):
            out.append(SOFT_BREAK)
            run = 1
        else:
            run += len(drawn)
        out.append(drawn)
    return "".join(out)


def drawable(value: Any, *, coverage: Sequence[AbstractSet[int]]) -> Any:
    """Return a copy of a JSON value in which every string, keys apart, is ``drawable_text``."""
    if isinstance(value, str):
        # Hashes and instants stay as they are: templates read their parts.
        return value if _MACHINE.fullmatch(value) else drawable_text(value, coverage=coverage)
    if isinstance(value, dict):
        return {key: drawable(item, coverage=coverage) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [drawable(item, coverage=coverage) for item in value]
    return value


def _without_controls(text: str) -> str:
    return "".join(char for char in text if char in _SPELLED or char in _JOINERS or not _is_control(char))


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf") or ord(char) in _VARIATION


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M") or char in _JOINERS


def _clusters(text: str) -> Iterator[str]:
    """Split into a base with its marks; Bangla letters joined by a virama are one cluster (a conjunct)."""
    cluster = ""
    for char in text:
        conjunct = (
            "\u0980" <= char <= "\u09ff"
            and cluster.endswith((_VIRAMA, *_JOINERS))
            and not _is_mark(cluster[0])
        )
        if cluster and (_is_mark(char) or conjunct):
            cluster += char
            continue
        if cluster:
            yield cluster
        cluster = char
    if cluster:
        yield cluster


def _drawable_cluster(cluster: str, coverage: Sequence[AbstractSet[int]]) -> str:
    if cluster == "\n":
        return cluster
    if _one_font(cluster, coverage):
        return _fewer_marks(cluster)
    if cluster in _SPELLED:
        return _drawable_letter(cluster, coverage)
    plainer = unicodedata.normalize("NFKC", cluster)
    if plainer != cluster and all(_one_font(char, coverage) for char in plainer):
        return plainer
    # No one font draws it whole: its letters without their marks, each as well as can be.
    return "".join(_drawable_letter(char, coverage) for char in cluster if not _is_mark(char))


def _drawable_letter(char: str, coverage: Sequence[AbstractSet[int]]) -> str:
    spelled = _SPELLED.get(char, char)
    return spelled if all(_one_font(part, coverage) for part in spelled) else REPLACEMENT


def _one_font(cluster: str, coverage: Sequence[AbstractSet[int]]) -> bool:
    return not _is_mark(cluster[0]) and any(
        all(ord(char) in covered for char in cluster) for covered in coverage
    )


def _fewer_marks(cluster: str) -> str:
    if "\u0980" <= cluster[0] <= "\u09ff":
        return cluster[:24]
    return cluster[: 1 + MARKS_KEPT]
