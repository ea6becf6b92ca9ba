"""Lists as every room shows them: search, filters, sorting, paging by key, export as a spreadsheet."""

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, transaction
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from goldseal.kit.sheets.writing import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx
from goldseal.kit.words import Words

PAGE_SIZE = 25
EXPORT_LIMIT = 10_000
NOTHING_YET = _("Nothing here yet")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `sort` names a field that is never null; `cell` gives text or safe HTML for a row.

    `plain` gives what the export holds (a number, a date, a text) where the cell is HTML or in words.
    """

    key: str
    label: Words
    cell: Callable[[Any], Any]
    sort: str = ""
    css: str = ""
    plain: Callable[[Any], Any] | None = None
    is_exported: bool = True


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice that narrows the list; `lookup` is an ORM lookup, or a function giving a condition."""

    key: str
    label: Words
    options: Sequence[tuple[str, Words]]
    lookup: str | Callable[[str], Q]
    chosen: str = ""


@dataclass(slots=True)
class Listing:
    """A list bound to a request: what the template `kit/list.html` shows.

    `search` names fields searched by containment; `link` gives a row's address, put on the first
    column. Unknown filter values, sort keys and page marks are ignored, never an error.
    """

    request: HttpRequest
    queryset: QuerySet[Any]
    columns: Sequence[Column]
    search: Sequence[str] | Callable[[str], Q] = ()
    filters: Sequence[Filter] = ()
    default_sort: str = ""
    link: Callable[[Any], str] | None = None
    empty_icon: str = "list-details"
    empty_title: Words = NOTHING_YET
    empty_text: Words = ""
    page_size: int = PAGE_SIZE
    query: str = ""
    sort_key: str = ""
    rows: list[list["Cell"]] = field(default_factory=list)
    next_url: str = ""
    previous_url: str = ""
    _total_known_empty: bool = False

    def __post_init__(self) -> None:
        asked = self.request.GET
        self.query = asked.get("q", "").replace("\x00", "").strip()[:100]
        self.filters = [
            Filter(f.key, f.label, f.options, f.lookup, _known(asked.get(f.key, ""), f.options))
            for f in self.filters
        ]
        wanted = asked.get("sort", "")
        sortable = {column.key for column in self.columns if column.sort}
        self.sort_key = wanted if wanted.removeprefix("-") in sortable else ""
        self._load()

    @property
    def path(self) -> str:
        """The list's own address without conditions."""
        return self.request.path

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or filter is in force."""
        return bool(self.query) or any(f.chosen for f in self.filters)

    @property
    def is_bare(self) -> bool:
        """Nothing to show and nothing narrowed: the empty state."""
        return not self.rows and not self.is_narrowed and not self.request.GET.get("after")

    @property
    def export_url(self) -> str:
        """The same list as CSV."""
        return self._address(format="csv", after=None, before=None)

    @property
    def xlsx_url(self) -> str:
        """The same list as XLSX."""
        return self._address(format="xlsx", after=None, before=None)

    @property
    def heads(self) -> list[dict[str, Any]]:
        """The head row, with the address that sorts by each column."""
        active = self.sort_key or self.default_sort
        heads = []
        for column in self.columns:
            direction = {column.key: "ascending", f"-{column.key}": "descending"}.get(active, "")
            target = f"-{column.key}" if direction == "ascending" else column.key
            url = self._address(sort=target, after=None, before=None) if column.sort else ""
            heads.append({"label": column.label, "css": column.css, "direction": direction, "url": url})
        return heads

    def spreadsheet(self, name: str) -> HttpResponse | None:
        """The answer to `?format=csv` or `?format=xlsx`, or None if the page was asked for."""
        wanted = self.request.GET.get("format")
        if wanted not in ("csv", "xlsx"):
            return None
        columns = [column for column in self.columns if column.is_exported]
        heads = [str(column.label) for column in columns]
        rows = (
            [(column.plain or column.cell)(row) for column in columns]
            for row in self.matching()[:EXPORT_LIMIT]
        )
        data = (
            write_csv(heads=heads, rows=rows)
            if wanted == "csv"
            else write_xlsx(heads=heads, rows=rows, title=name)
        )
        response = HttpResponse(data, content_type=CSV_TYPE if wanted == "csv" else XLSX_TYPE)
        response["Content-Disposition"] = f'attachment; filename="{name}.{wanted}"'
        return response

    def matching(self) -> QuerySet[Any]:
        """Every row that the search and filters leave, in the order of the list."""
        return self._ordered(self._narrowed())

    def _narrowed(self) -> QuerySet[Any]:
        rows = self.queryset
        if callable(self.search):
            rows = rows.filter(self.search(self.query)) if self.query else rows
        else:
            for word in self.query.split()[:6]:
                condition = Q()
                for name in self.search:
                    condition |= Q(**{f"{name}__icontains": word})
                rows = rows.filter(condition)
        for chosen in self.filters:
            if chosen.chosen:
                condition = (
                    chosen.lookup(chosen.chosen)
                    if callable(chosen.lookup)
                    else Q(**{chosen.lookup: chosen.chosen})
                )
                rows = rows.filter(condition)
        return rows

    def _order(self) -> tuple[str, bool]:
        active = self.sort_key or self.default_sort
        for column in self.columns:
            if column.sort and active.removeprefix("-") == column.key:
                return column.sort, active.startswith("-")
        return "pk", True

    def _ordered(self, rows: QuerySet[Any], *, backwards: bool = False) -> QuerySet[Any]:
        name, descending = self._order()
        sign = "-" if descending != backwards else ""
        return rows.order_by(f"{sign}pk") if name == "pk" else rows.order_by(f"{sign}{name}", f"{sign}pk")

    def _load(self) -> None:
        name, descending = self._order()
        after, before = (_mark(self.request.GET.get(key, "")) for key in ("after", "before"))
        backwards = before is not None
        rows = self._ordered(self._narrowed(), backwards=backwards)
        mark = before or after
        if mark:
            direction = "lt" if descending != backwards else "gt"
            try:
                with transaction.atomic():  # the database too may find a typed mark unreadable
                    rows = rows.filter(_beyond(name, direction, mark))
                    found = first_rows(rows, self.page_size + 1)
            except (ValueError, TypeError, OverflowError, ValidationError, DataError):
                # a mark somebody typed: the first page
                mark, backwards = None, False
                found = first_rows(self._ordered(self._narrowed()), self.page_size + 1)
        else:
            found = first_rows(rows, self.page_size + 1)
        has_more = len(found) > self.page_size
        page = found[: self.page_size]
        if backwards:
            page.reverse()
        if page and (has_more or backwards):
            self.next_url = self._address(after=_mark_of(page[-1], name), before=None)
        if page and mark and (not backwards or has_more):
            self.previous_url = self._address(before=_mark_of(page[0], name), after=None)
        self.rows = [self._cells(row) for row in page]

    def _cells(self, row: Any) -> list["Cell"]:
        cells = []
        for position, column in enumerate(self.columns):
            content, css = column.cell(row), column.css
            if position == 0 and self.link is not None:
                content, css = (
                    format_html('<a href="{}">{}</a>', self.link(row), content),
                    f"main {css}".strip(),
                )
            cells.append(Cell("" if content is None else content, css, column.label))
        return cells

    def _address(self, **changes: str | None) -> str:
        query = self.request.GET.copy()
        query.pop("format", None)
        for key, value in changes.items():
            if value is None:
                query.pop(key, None)
            else:
                query[key] = value
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path


def first_rows(rows: QuerySet[Any], count: int) -> list[Any]:
    """The first rows of an ordered query, in two steps: which ones, then what they refer to.

    Joining first would make the database read a whole large table before it can sort: behind row-level
    security it cannot know how few rows are wanted.
    """
    keys = list(rows.values_list("pk", flat=True)[:count])
    known = {row.pk: row for row in rows.filter(pk__in=keys).order_by()}
    return [known[key] for key in keys if key in known]


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of the table."""

    content: SafeString | str
    css: str
    label: Words


def _known(value: str, options: Iterable[tuple[str, Words]]) -> str:
    return value if value in {str(option) for option, _label in options} else ""


def _mark_of(row: Model, name: str) -> str:
    value: Any = row
    for step in name.split("__"):
        value = getattr(value, step)
    raw = json.dumps([str(row.pk), None if name == "pk" else str(value)])
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def _mark(text: str) -> tuple[str, str | None] | None:
    if not text or len(text) > 600:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return None
    if (
        not isinstance(found, list)
        or len(found) != 2
        or not isinstance(found[0], str)
        or "\x00" in str(found)
    ):
        return None
    return found[0], found[1] if isinstance(found[1], str) else None


def _beyond(name: str, direction: str, mark: tuple[str, str | None]) -> Q:
    key, value = mark
    if name == "pk" or value is None:
        return Q(**{f"pk__{direction}": key})
    return Q(**{f"{name}__{direction}": value}) | Q(**{name: value, f"pk__{direction}": key})
