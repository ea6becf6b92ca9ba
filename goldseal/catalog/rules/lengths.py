"""Lengths as exact fractions of their own unit: reading, converting and printing what a tape shows.

Python's `Fraction` holds every accepted text exactly; inch values on the tape's grid are stored as integers of
1/32 in. A binary float is taken as the decimal it is printed as: 5.9 means 5.9.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

Number: TypeAlias = str | int | float | Decimal | Fraction

UNITS = ("cm", "mm", "in")
CM_PER_INCH = Fraction(254, 100)
TEXT_MAX = 32
VALUE_MAX = 10_000
NUMBER_DIGITS = 30

_NUMBER = re.compile(
    r"""(?P<sign>[+-])?[ ]*
    (?: (?P<whole>[0-9]{1,9})(?:(?:[ ]+|-)(?P<num>[0-9]{1,9})/(?P<den>[0-9]{1,9}))?
      | (?P<onlynum>[0-9]{1,9})/(?P<onlyden>[0-9]{1,9})
      | (?P<decimal>[0-9]{0,9}[.,][0-9]{1,9}|[0-9]{1,9}[.,])
    )""",
    re.VERBOSE | re.ASCII,
)
_INCH_MARK = re.compile(r"[ ]*(?:inches|inch|in|\"|”|″)$", re.IGNORECASE)
_SIGNS = str.maketrans({"−": "-", "–": "-", "⁄": "/"})
_UNIT_MARK = re.compile(r"[ ]*(?P<mark>cm|mm|inches|inch|in|\"|”|″)$", re.IGNORECASE)
_CM_PER = {"cm": Fraction(1), "mm": Fraction(1, 10), "in": CM_PER_INCH}


@dataclass(frozen=True, slots=True)
class Length:
    """A length as it was measured: `value` in `unit`, and the same exactly in each unit."""

    value: Fraction
    unit: str

    @property
    def cm(self) -> Fraction:
        """In centimetres."""
        return self.value * _CM_PER[self.unit]

    @property
    def mm(self) -> Fraction:
        """In millimetres."""
        return self.cm * 10

    @property
    def inches(self) -> Fraction:
        """In inches of 2.54 cm."""
        return self.cm / CM_PER_INCH

    def in_unit(self, unit: str) -> Fraction:
        """In `unit`: cm, mm or in."""
        check_unit(unit)
        return self.cm / _CM_PER[unit]


def check_unit(unit: str) -> None:
    """Raise ValueError that names the units there are, unless `unit` is one of them."""
    if unit not in UNITS:
        raise ValueError(f"Unit must be one of {', '.join(UNITS)} (got {unit!r})")


def exact(value: Number) -> Fraction:
    """A number as an exact fraction: text as `parse_measure` reads it, a float as the decimal it prints as.

    Raises ValueError for what is no number and for amounts above 10 000.
    """
    if isinstance(value, str):
        return parse_measure(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | Fraction):
        raise _unreadable(value)
    try:
        found = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    except (ValueError, OverflowError):
        raise _unreadable(value) from None
    if abs(found) > VALUE_MAX:
        raise ValueError(f"A measurement must not exceed {VALUE_MAX} (got {value!r})")
    return found


def plain_number(value: Number) -> Fraction:
    """A count, weight or percentage as an exact fraction: no length, so no fraction signs and no limit of a tape.

    Raises ValueError for what is no plain number, such as one with an exponent of hundreds of digits.
    """
    try:
        found = Decimal(str(value)) if not isinstance(value, Fraction) else value
    except InvalidOperation:
        raise _no_number(value) from None
    # An exponent can name a number that would fill the memory once it is written out.
    if isinstance(found, Decimal) and (not found.is_finite() or abs(found.adjusted()) > NUMBER_DIGITS):
        raise _no_number(value)
    return Fraction(found)


def parse_length(text: Number, unit: str) -> Length:
    """Read a length that is meant in `unit` (cm, mm or in), as text or number.

    The text may carry the mark of that same unit. A mark of another unit raises ValueError with the converted
    value, so that nobody's inches pass as centimetres; so does text that cannot be read.
    """
    check_unit(unit)
    if isinstance(text, str) and len(text) <= TEXT_MAX and (match := _UNIT_MARK.search(text.rstrip())):
        mark = match["mark"].lower()
        written = mark if mark in UNITS else "in"
        value = parse_measure(text.rstrip()[: match.start()])
        if written != unit:
            converted = format_measure(Length(value, written).in_unit(unit), unit=unit)
            raise ValueError(
                f"{text.strip()!r} is written in {written}, but {unit} is meant: {converted} {unit}?"
            )
        return Length(value, unit)
    return Length(exact(text), unit)


def parse_measure(text: str) -> Fraction:
    """Read a tape value: 16, 16.25, 16,25, 3/4, 12 3/8, 12-3/8, 12½, with a sign and an inch mark or without.

    A comma is a decimal comma; a hyphen between whole and fraction separates; the sign covers the whole
    mixed number. Raises ValueError that shows what is accepted.
    """
    if not isinstance(text, str) or len(text) > TEXT_MAX:
        raise _unreadable(text)
    return _read_measure(text)


@lru_cache(maxsize=4096)  # the same few values stand in a chart again and again
def _read_measure(text: str) -> Fraction:
    plain = _INCH_MARK.sub("", _spell_out_fractions(text.strip().translate(_SIGNS)))
    match = _NUMBER.fullmatch(plain)
    if match is None:
        raise _unreadable(text)
    part = match.groupdict()
    try:
        if part["decimal"]:
            value = Fraction(part["decimal"].replace(",", ".").rstrip("."))
        elif part["onlynum"]:
            value = Fraction(int(part["onlynum"]), int(part["onlyden"]))
        else:
            value = Fraction(int(part["whole"]))
            if part["num"]:
                value += Fraction(int(part["num"]), int(part["den"]))
    except ZeroDivisionError:
        raise _unreadable(text) from None
    if value > VALUE_MAX:
        raise ValueError(f"A measurement must not exceed {VALUE_MAX} (got {text!r})")
    return -value if part["sign"] == "-" else value


def format_fraction(value: Fraction) -> str:
    """Print as the inch tape reads: a reduced mixed number such as 12 3/8, -1/4, 0."""
    sign, rest = ("-" if value < 0 else ""), abs(value)
    whole, part = divmod(rest, 1)
    if part == 0:
        return f"{sign}{whole}"
    return f"{sign}{whole} {part}" if whole else f"{sign}{part}"


def format_decimal(value: Fraction, *, places: int = 2) -> str:
    """Print as a decimal with at most `places` digits, half away from zero, without trailing zeros."""
    scaled = _round_half_away(abs(value) * 10**places)
    digits = f"{scaled:0{places + 1}d}"
    text = digits if places == 0 else f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 and scaled else text


def format_measure(value: Fraction, *, unit: str) -> str:
    """Print in the manner of the unit: mixed fractions for inches, decimals for cm and mm."""
    check_unit(unit)
    return format_fraction(value) if unit == "in" else format_decimal(value)


def inch_to_cm(value: Fraction) -> Fraction:
    """Convert exactly: 1 inch is 2.54 cm."""
    return value * CM_PER_INCH


def cm_to_inch(value: Fraction, *, denominator: int) -> Fraction:
    """Convert to the nearest 1/`denominator` inch, half away from zero."""
    nearest = _round_half_away(abs(value) / CM_PER_INCH * denominator)
    return Fraction(nearest if value >= 0 else -nearest, denominator)


def to_32nds(value: Fraction) -> int:
    """The integer of 1/32 in that is stored; raises ValueError where the value is off that grid."""
    scaled = value * 32
    if scaled.denominator != 1:
        raise ValueError(f"{format_fraction(value)} is not a multiple of 1/32 in; measure to 1/32 or coarser")
    return scaled.numerator


def from_32nds(value: int) -> Fraction:
    """The inch value of a stored integer of 1/32 in."""
    return Fraction(value, 32)


def _spell_out_fractions(text: str) -> str:
    """Write vulgar fraction signs as a/b, set apart so that no digit beside them runs into one."""
    out: list[str] = []
    for sign in text:
        spelled = unicodedata.normalize("NFKC", sign).translate(_SIGNS)
        if sign != spelled and re.fullmatch(r"[0-9]+/[0-9]+", spelled, re.ASCII):
            out.append(f" {spelled} " if out and out[-1].isdigit() else f"{spelled} ")
        else:
            out.append(sign)
    return "".join(out).rstrip()


def _round_half_away(value: Fraction) -> int:
    """Round a value that is not negative to the nearest whole number, a half upwards."""
    return int(value + Fraction(1, 2))


def _unreadable(text: object) -> ValueError:
    shown = text[:TEXT_MAX] if isinstance(text, str) else text
    return ValueError(f"Cannot read {shown!r} as a measurement; write it as 16, 16.25, 3/4 or 12 3/8")


def _no_number(value: object) -> ValueError:
    return ValueError(f"{str(value)[:TEXT_MAX]!r} is no number; write it as 12 or 12.5")
