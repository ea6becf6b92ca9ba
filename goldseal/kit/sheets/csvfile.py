"""Reading CSV: its encoding, what divides its cells, and its records."""

import codecs
import csv
import io
from collections import Counter

from charset_normalizer import from_bytes
from django.utils.translation import gettext_lazy as _

from goldseal.kit.errors import Invalid, TooLarge
from goldseal.kit.sheets.table import CELL_LETTERS_MAX, COLUMNS_MAX, ROWS_MAX, Table

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_RECORDS, SAMPLE_LETTERS = 200, 1_000_000
# UTF-32 first: its mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_csv(data: bytes, *, rows_max: int = ROWS_MAX, is_part: bool = False) -> Table:
    """The records of a CSV file, record n as row n; Invalid or TooLarge at `file`.

    `is_part`: stop after `rows_max` records instead of refusing more.
    """
    text, encoding = _decoded(data)
    text, delimiter = _announced(text)
    delimiter = delimiter or delimiter_of(text)
    csv.field_size_limit(CELL_LETTERS_MAX)
    rows: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(rows) == rows_max:
                if is_part:
                    break
                raise too_many_rows()
            if len(record) > COLUMNS_MAX:
                record = _without_empty_tail(record)
            rows.append(record)
    except csv.Error:
        raise Invalid(
            fields={
                "file": _(
                    "Near row %(row)s one cell is longer than a cell can be: probably a quotation mark is not closed."
                )
                % {"row": len(rows) + 1}
            }
        ) from None
    while rows and not any(map(str.strip, rows[-1])):
        rows.pop()
    return Table(rows, is_decimal_comma=delimiter == ";", encoding=encoding)


def delimiter_of(text: str) -> str:
    """What divides the cells: the sign that gives most records the same number of cells, more than one."""
    text = text[:SAMPLE_LETTERS]
    # A quotation mark that closes in the middle of a cell speaks against a sign, unless it does against all.
    for is_strict in (True, False):
        scores = {sign: _evenness(text, sign, is_strict=is_strict) for sign in DELIMITERS}
        best = max(scores, key=lambda sign: scores[sign])
        if scores[best] > (0, 0):
            return best
    return ","


def _evenness(text: str, delimiter: str, *, is_strict: bool) -> tuple[float, int]:
    """The share of records with the commonest number of cells, and that number; zeros where none is divided."""
    widths: Counter[int] = Counter()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=is_strict)
    try:
        for record in reader:
            if record:
                widths[len(record)] += 1
            if widths.total() == SAMPLE_RECORDS:
                break
    except csv.Error:
        return (0, 0)
    divided = [(count, width) for width, count in widths.items() if width > 1]
    if not divided:
        return (0, 0)
    count, width = max(divided)
    return count / widths.total(), width


def too_many_rows() -> TooLarge:
    """More rows than one import takes."""
    return TooLarge(
        fields={"file": _("The sheet has more than %(most)s rows. Divide it.") % {"most": ROWS_MAX}}
    )


def too_many_columns() -> TooLarge:
    """More columns than one import takes."""
    return TooLarge(
        fields={
            "file": _("The sheet has more than %(most)s columns. Remove those that are not needed.")
            % {"most": COLUMNS_MAX}
        }
    )


def _decoded(data: bytes) -> tuple[str, str]:
    """The text and its encoding: by its mark, else UTF-8 if it is that, else Windows-1252, else a guess."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError:
                raise _unreadable() from None
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    guess = from_bytes(data[:200_000]).best()
    if guess is None:
        raise _unreadable()
    return data.decode(guess.encoding, errors="replace"), guess.encoding


def _announced(text: str) -> tuple[str, str]:
    """The text after a first line `sep=;`, which spreadsheet programs do not show as a row."""
    first, _end, rest = text.partition("\n")
    first = first.strip()
    if first.casefold().startswith("sep=") and len(first) == 5:
        return rest, first[4]
    return text, ""


def _without_empty_tail(record: list[str]) -> list[str]:
    while record and not record[-1].strip():
        record.pop()
    if len(record) > COLUMNS_MAX:
        raise too_many_columns()
    return record


def _unreadable() -> Invalid:
    return Invalid(
        fields={"file": _("The letters of this file cannot be read. Save it as CSV UTF-8 or as XLSX.")}
    )
