"""What the boards show, in a constant number of queries."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from goldseal.accounts.models import User
from goldseal.capa.choices import AGE_WORDS, CheckState
from goldseal.capa.models import Action, EffectCheck, Nonconformity, Scar
from goldseal.capa.rules import lifecycle
from goldseal.capa.rules.figures import AGES, age_band, effectiveness
from goldseal.catalog.models import Buyer
from goldseal.kit.words import Words

OLDEST_SHOWN = 10
ROWS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a board: whose, how many are open, how many of them overdue."""

    pk: UUID | None
    name: str
    count: int
    overdue: int
    largest: int


@dataclass(frozen=True, slots=True)
class Board:
    """The state of the room on a day."""

    open: int
    overdue: int
    actions_overdue: int
    to_review: int
    scars_open: int
    by_age: dict[str, int]
    by_owner: list[Row]
    by_buyer: list[Row]
    oldest: list[Nonconformity]
    met: int
    checked: int
    effectiveness: Fraction | None


def board(today: date) -> Board:
    """Counts of what is open, and how often the effect was proved: closed and still so / all checked."""
    cases = Nonconformity.objects.exclude(state=lifecycle.CLOSED)
    ages: Counter[str] = Counter()
    for opened_on, count in cases.values_list("found_on").annotate(n=Count("pk")).order_by():
        ages[age_band(opened_on=opened_on, today=today)] += count
    late = Count("pk", filter=Q(due_on__lt=today))
    totals = cases.aggregate(
        open=Count("pk"), late=late, review=Count("pk", filter=Q(state__in=lifecycle.WITH_REVIEWER))
    )
    owners = list(cases.values_list("owner_id").annotate(n=Count("pk"), late=late).order_by("-n", "owner_id"))
    by_buyer = list(
        cases.values_list("buyer_id").annotate(n=Count("pk"), late=late).order_by("-n", "buyer_id")
    )
    people = User.objects.in_bulk([pk for pk, _n, _late in owners if pk])
    buyers = Buyer.objects.in_bulk([pk for pk, _n, _late in by_buyer if pk])
    judged = EffectCheck.objects.exclude(state=CheckState.WAITING).aggregate(
        checked=Count("pk"), met=Count("pk", filter=Q(state=CheckState.MET))
    )
    actions = Action.objects.filter(state__in=lifecycle.WITH_WORKER, due_on__lt=today)
    return Board(
        open=totals["open"],
        overdue=totals["late"],
        actions_overdue=actions.exclude(nonconformity__state=lifecycle.CLOSED).count(),
        to_review=totals["review"],
        scars_open=Scar.objects.filter(state__in=("sent", "answered", "declined")).count(),
        by_age={band: ages[band] for band, _first, _last in AGES},
        by_owner=_rows(owners, {pk: user.display_name for pk, user in people.items()}),
        by_buyer=_rows(by_buyer, {pk: buyer.name for pk, buyer in buyers.items()}),
        oldest=list(cases.select_related("owner", "buyer").order_by("found_on", "pk")[:OLDEST_SHOWN]),
        met=judged["met"],
        checked=judged["checked"],
        effectiveness=effectiveness(met=judged["met"], checked=judged["checked"]),
    )


def _rows(found: list[tuple[UUID | None, int, int]], names: dict[UUID, str]) -> list[Row]:
    largest = max((count for _pk, count, _late in found), default=1)
    return [
        Row(pk, names.get(pk, "") if pk else "", count, late, largest)
        for pk, count, late in found[:ROWS_SHOWN]
    ]


def age_bars(shown: Board) -> list[dict[str, Any]]:
    """The age bands with their words, for the chart."""
    largest = max([*shown.by_age.values(), 1])
    words: dict[str, Words] = AGE_WORDS
    return [
        {"band": band, "words": words[band], "count": count, "largest": largest}
        for band, count in shown.by_age.items()
    ]
