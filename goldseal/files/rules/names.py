"""The name an attachment is shown and downloaded under: what the sender called it, made harmless."""

import re
import unicodedata

MAX_NAME_CHARS = 120
_FALLBACK = "file"
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
# Surrogates, unassigned and private characters, line and paragraph separators, controls and direction marks:
# none can be printed, and some turn "gpj.exe" into something that reads "exe.jpg". ZERO WIDTH (NON-)JOINER
# belong to correct Bangla and stay.
_INVISIBLE = {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"


def clean_name(name: str, *, extension: str) -> str:
    """`name` without folders, invisible and reserved characters, ending in `.extension` of the real type.

    Never empty and at most 120 characters, whatever comes in.
    """
    plain = shown_name(name)
    stem, dot, end = plain.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,5}", end):
        stem = plain
    stem = re.sub(r"\s+", " ", stem).strip(" .")[: MAX_NAME_CHARS - len(extension) - 1].rstrip(" .")
    return f"{stem or _FALLBACK}.{extension}"


def shown_name(name: str) -> str:
    """What the sender called the file, fit to be repeated in a sentence: its last part, printable; may be empty."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(c for c in last if c in _JOINERS or unicodedata.category(c) not in _INVISIBLE)
    return _NOT_IN_NAMES.sub("_", visible)
