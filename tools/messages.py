"""Compiles every room's Bangla texts that are newer than their compiled form."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PROJECT = Path(__file__).resolve().parent.parent


def main() -> None:
    for source in sorted((PROJECT / "goldseal").glob("**/locale/*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        with compiled.open("wb") as file:
            write_mo(file, catalogue)
        sys.stdout.write(f"Texts: {source.relative_to(PROJECT)}\n")


if __name__ == "__main__":
    main()
