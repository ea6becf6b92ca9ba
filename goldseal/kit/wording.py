"""Numbers, dates and verdicts in words, for the language of the page and the zone of the workspace."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from goldseal.kit.words import Words

BANGLA_DIGITS = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")

VERDICTS: dict[str, tuple[Words, str]] = {
    "pass": (_("Pass"), "circle-check"),
    "fail": (_("Fail"), "circle-x"),
    "hold": (pgettext_lazy("verdict", "Hold"), "hand-stop"),
    "pending": (_("Pending"), "hourglass"),
    "na": (_("Not applicable"), "minus"),
}

SEVERITIES: dict[str, Words] = {
    "critical": _("Critical"),
    "major": _("Major"),
    "minor": _("Minor"),
}


def in_digits_of_page(text: str) -> str:
    """Bangla digits on a Bangla page; the text itself otherwise."""
    return text.translate(BANGLA_DIGITS) if (get_language() or "").startswith("bn") else text


def number_in_words_of_page(value: int | float | Decimal, decimals: int | None = None) -> str:
    """A number grouped and pointed as the language writes it."""
    return in_digits_of_page(
        formats.number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)
    )


def _lists(*parts: object) -> str:
    return ", ".join(str(part) for part in parts)


number_when_read = lazy(number_in_words_of_page, str)
digits_when_read = lazy(in_digits_of_page, str)
list_when_read = lazy(_lists, str)


def day_in_words(value: date) -> str:
    """A calendar date."""
    return in_digits_of_page(formats.date_format(value, "DATE_FORMAT"))


def moment_in_words(value: datetime, zone: str = "") -> str:
    """An instant, in the given zone or the one in force."""
    local = timezone.localtime(value, ZoneInfo(zone) if zone else None)
    return in_digits_of_page(formats.date_format(local, "DATETIME_FORMAT"))


def ago_in_words(value: datetime, now: datetime, zone: str) -> str:
    """How long ago an instant was, as people say it; the instant itself in the zone where it is more than a day ago."""
    minutes = int((now - value).total_seconds() // 60)
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return gettext("%(minutes)s min ago") % {"minutes": in_digits_of_page(str(minutes))}
    if minutes < 24 * 60:
        return gettext("%(hours)s h ago") % {"hours": in_digits_of_page(str(minutes // 60))}
    return moment_in_words(value, zone)
