"""What the text of a cell means: whole numbers, decimals, dates and yes or no, as people write them."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from goldseal.kit.sheets.table import NumberText
from goldseal.kit.words import Words

DIGITS_MAX = 30
DAY_FIRST, MONTH_FIRST = "dmy", "mdy"

_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:([,.' ])\d{2,3}(?:\1\d{2,3})*)?")
_DATE = re.compile(r"(\d{1,4})\s*[-./ ]\s*(\d{1,2}|[^\d\s./,-]{2,15})\.?\s*[-./, ]\s*(\d{1,4})(?:[ T].*)?")
_MONTH_BEFORE = re.compile(r"^([^\d\s./,-]{2,15})\.?\s+(\d{1,2}),?\s+(\d{4})$")
_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "jan january জানুয়ারি জানুয়ারী",
            "feb february ফেব্রুয়ারি ফেব্রুয়ারী",
            "mar march মার্চ",
            "apr april এপ্রিল",
            "may মে",
            "jun june জুন",
            "jul july জুলাই",
            "aug august আগস্ট আগষ্ট",
            "sep sept september সেপ্টেম্বর",
            "oct october অক্টোবর",
            "nov november নভেম্বর",
            "dec december ডিসেম্বর",
        ),
        1,
    )
    for name in unicodedata.normalize("NFKC", names).split()
}
_YES = frozenset(("yes", "y", "true", "1", "x", "✓", "✔", "হ্যাঁ", "হ্যা", "হাঁ", "জি", "সত্য"))
_NO = frozenset(("no", "n", "false", "0", "-", "না", "মিথ্যা"))


class Unreadable(ValueError):
    """A text that is not what the field holds; `words` say what is wrong and what is allowed."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


def plain(text: str) -> str:
    """The text with digits of every script as 0–9, wide signs narrow, and all spaces alike.

    ½ and ² stay what they are: written out, 12½ would become 121⁄2.
    """
    bare = text.strip()
    if bare.isascii():
        return bare
    if not any(unicodedata.category(c) == "No" for c in bare):
        bare = unicodedata.normalize("NFKC", bare).strip()
    return "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else "-" if c in "−–‐‑" else "'" if c == "’" else c
        for c in bare
    )


def whole_number(text: str, *, decimal_comma: bool | None = None) -> int:
    """A whole number: 1200, 1,200, 1.200, 1 200, 1,20,000 (lakh), ১,২০০, 1200.00; Unreadable otherwise.

    `decimal_comma` as `uses_decimal_comma` found it; where nobody knows, 1.200 and 1,200 are 1200. A cell that
    was a number to its program has a decimal point, so 1.2 there is no whole number.
    """
    value = _number(text, point="" if decimal_comma is None else "," if decimal_comma else ".")
    if value != value.to_integral_value():
        raise Unreadable(_("“%(text)s” is no whole number.") % {"text": _short(text)})
    return int(value)


def decimal_number(text: str, *, decimal_comma: bool | None = None) -> Decimal:
    """An exact number: 12.5, 12,5, 1.234,5, 1,234.5, ১২.৫; Unreadable otherwise.

    Where one sign followed by three digits could mean either, `decimal_comma` decides; unknown is no.
    """
    return _number(text, point="," if decimal_comma else ".")


def uses_decimal_comma(texts: Iterable[str]) -> bool | None:
    """Whether numbers are written with a decimal comma, by those that leave no doubt; None if none does."""
    commas = points = 0
    for text in texts:
        number = plain(text)
        if isinstance(text, NumberText) or not re.fullmatch(r"[+-]?[\d., ]*\d%?", number):
            continue
        last = max(number.rfind(","), number.rfind("."))
        if last < 0 or _is_grouped(number):
            continue
        if number.count(number[last]) == 1:
            commas, points = commas + (number[last] == ","), points + (number[last] == ".")
    return None if commas == points else commas > points


def calendar_date(text: str, *, order: str = "") -> date:
    """A date: 2026-03-12, 12.03.2026, 12/03/26, 12-Mar-2026, ১২/০৩/২০২৬; Unreadable otherwise.

    `order` (`DAY_FIRST`, `MONTH_FIRST`) decides where day and month could be either way; without it such a
    date is Unreadable, and the person is asked to choose.
    """
    written = plain(text)
    found = _DATE.fullmatch(written)
    if found is None:
        found = _DATE.fullmatch(_MONTH_BEFORE.sub(r"\2 \1 \3", written))
    if found is None:
        raise _no_date(text)
    first, middle, last = found.groups()
    if not middle.isdigit():
        month = _MONTHS.get(middle.casefold())
        if month is None:
            raise _no_date(text)
        year, day = (first, last) if len(first) == 4 else (last, first)
        return _date(text, year, month, int(day))
    if len(first) == 4:
        return _date(text, first, int(middle), int(last))
    if len(last) not in (2, 4) or len(first) > 2:
        raise _no_date(text)
    return _date(text, last, *_month_and_day(text, int(first), int(middle), order))


def date_order_of(texts: Iterable[str]) -> str:
    """`DAY_FIRST` or `MONTH_FIRST` by the dates that can be read in one way only; empty where none or both show."""
    found: set[str] = set()
    for text in texts:
        match = _DATE.fullmatch(plain(text))
        if match and match[1].isdigit() and match[2].isdigit() and len(match[1]) <= 2:
            first, second = int(match[1]), int(match[2])
            if first > 12 >= second:
                found.add(DAY_FIRST)
            elif second > 12 >= first:
                found.add(MONTH_FIRST)
    return found.pop() if len(found) == 1 else ""


def yes_or_no(text: str) -> bool:
    """Yes or no in English or Bangla; Unreadable otherwise."""
    word = plain(text).casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Unreadable(_("“%(text)s” is neither yes nor no.") % {"text": _short(text)})


def looks_like_value(text: str) -> bool:
    """Whether a text is a number or a date rather than words."""
    number = plain(text)
    return bool(re.fullmatch(r"[+-]?[\d.,' ]*\d\s*%?", number) or _DATE.fullmatch(number))


def _number(text: str, *, point: str) -> Decimal:
    """The number; `point` is the decimal sign, or empty: a single sign before three digits then groups them."""
    written = plain(text).removesuffix("%").strip()
    if isinstance(text, NumberText):
        return Decimal(written)
    if len(written) > DIGITS_MAX or not re.fullmatch(r"[+-]?[\d.,' ]*\d", written):
        raise _no_number(text)
    signs = re.sub(r"[\d+-]", "", written)
    if not signs:
        return Decimal(written)
    if _is_grouped(written) and (signs[0] != point or len(signs) > 1):
        return Decimal(written.replace(signs[0], ""))
    head, sign, tail = written.rpartition(signs[-1])
    whole = head.lstrip("+-")
    if sign not in ",." or not (whole == "" or whole.isdigit() or _is_grouped(head)):
        raise _no_number(text)
    return Decimal(re.sub(r"[,.' ]", "", head) + "." + tail)


def _is_grouped(written: str) -> bool:
    """Whether the digits stand in groups, the last of three: 1,234, 12,34,567, 1 234."""
    found = _GROUPED.fullmatch(written)
    return bool(found and found[1]) and len(re.split(r"[,.' ]", written)[-1]) == 3


def _month_and_day(text: str, first: int, second: int, order: str) -> tuple[int, int]:
    if first > 12 or (order == DAY_FIRST and second <= 12):
        return second, first
    if second > 12 or order == MONTH_FIRST or first == second:
        return first, second
    raise Unreadable(
        _("“%(text)s” can be read in two ways. Choose whether the day or the month stands first.")
        % {"text": _short(text)}
    )


def _date(text: str, year: str, month: int, day: int) -> date:
    full = int(year) if len(year) == 4 else 2000 + int(year)
    try:
        return date(full, month, day)
    except ValueError:
        raise _no_date(text) from None


def _no_number(text: str) -> Unreadable:
    return Unreadable(_("“%(text)s” is no number.") % {"text": _short(text)})


def _no_date(text: str) -> Unreadable:
    return Unreadable(
        _("“%(text)s” is no date. Write it as 2026-03-12 or 12.03.2026.") % {"text": _short(text)}
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
