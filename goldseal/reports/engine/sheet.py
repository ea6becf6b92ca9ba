"""A report as a spreadsheet, from the canonical record alone: a sheet for each part, typed cells, the same bytes."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from goldseal.kit.sheets.writing import Sheet, write_book
from goldseal.reports.engine.sheet_parts import FURTHER, MEASURES, PARTS, SINGLE, WORDS
from goldseal.reports.packs.applying import Pack, exchange_rows
from goldseal.reports.packs.manifest import house_labels

_NUMBER = re.compile(r"^[+−-]?\d{1,9}(\.\d{1,6})?$")
_DATE = re.compile(r"^\d{4}-\d\d-\d\d$")
_INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def record_sheet(*, record: Mapping[str, Any], canonical_hash: str, pack: Pack | None) -> bytes:
    """The record as an XLSX workbook; the same record, hash and pack give the same bytes.

    The first sheet and the document's properties carry the content hash and the address of verification. A
    pack gives names of fields, codes, words and language; one with an exchange list adds sheets by its names.
    Texts are texts: nothing in them runs as a formula.
    """
    writer = _Writer(record, canonical_hash, pack)
    report = record.get("report", {})
    return write_book(
        sheets=list(writer.sheets()),
        created=datetime.fromisoformat(str(report.get("issued_at"))).replace(tzinfo=None),
        properties={
            "title": f"{report.get('number', '')} v{report.get('version', '')}",
            "author": str(record.get("workspace", {}).get("name", "")),
            "subject": str(report.get("verify_url", "")),
            "keywords": f"sha256:{canonical_hash}",
            "comments": f"Content hash sha256 {canonical_hash}. Verify at {report.get('verify_url', '')}",
        },
    )


class _Writer:
    """One pass over a record."""

    def __init__(self, record: Mapping[str, Any], canonical_hash: str, pack: Pack | None) -> None:
        self.own, self.hash, self.pack = record, canonical_hash, pack
        self.record = pack.coded(record) if pack else record
        asked = str(record.get("report", {}).get("language", "en"))
        self.language = pack.language(asked) if pack else asked
        self.words = house_labels() | FURTHER | (pack.words() if pack else {})
        self.photos = {row.get("sha256"): n for n, row in enumerate(record.get("photos", []), start=1)}

    def label(self, key: str) -> str:
        """A name in the language of the sheet; both as English / Bangla."""
        words = self.words.get(key, {"en": key.replace("_", " ").capitalize(), "bn": ""})
        english, bangla = words["en"], words["bn"] or words["en"]
        if self.language == "both" and english != bangla:
            return f"{english} / {bangla}"
        return bangla if self.language == "bn" else english

    def sheets(self) -> Iterator[Sheet]:
        """The report's own sheet, then one for each part that holds something."""
        yield Sheet(
            self.label("report_sheet"), [self.label("field"), self.label("value")], list(self.facts())
        )
        for name, path, columns in PARTS:
            rows = self.rows(path)
            if rows:
                fields = [column if isinstance(column, tuple) else (column, column) for column in columns]
                heads = [self.label(label) for _field, label in fields]
                cells = [[self.cell(field, row.get(field)) for field, _label in fields] for row in rows]
                yield Sheet(self.label(name), heads, cells)
        yield from self.tables()
        if self.pack and self.pack.manifest.export:
            yield from self.exchange()

    def facts(self) -> Iterator[list[Any]]:
        """The head of the report, field by field."""
        report, verdict = self.record.get("report", {}), self.record.get("verdict") or {}
        yield [self.label("content_hash"), self.hash]
        yield [self.label("verify_title"), report.get("verify_url", "")]
        for field in ("number", "version", "type", "reinspection_no", "issued_at"):
            label = f"report_{field}" if field in ("number", "version") else field
            yield from self.fact(field, report.get(field), label)
        if stage := report.get("stage"):
            yield [self.label("stage"), f"{stage['code']} {self.named(stage)}"]
        yield from self.fact("overall", verdict.get("overall"), "verdict")
        for reason in verdict.get("reasons", []):
            yield [self.label("reason"), self.pick(reason.get("text_en", ""), reason.get("text_bn", ""))]
        yield from self.fact("workspace", self.record.get("workspace", {}).get("name"), "issued_by")
        for field, value in self.record.get("header", {}).items():
            yield from self.fact(field, value.get("text") if isinstance(value, Mapping) else value, field)
        for part in ("plan", "metrics"):
            for field, value in (self.record.get(part) or {}).items():
                if not isinstance(value, list | Mapping):
                    yield from self.fact(field, value, field)
        for part, prefix in SINGLE:
            said = self.record.get(part) or {}
            for field, value in _flat(said):
                if not field.endswith("_bn"):
                    shown = self.pick(value, said[f"{field}_bn"]) if f"{field}_bn" in said else value
                    yield from self.fact(field, shown, f"{prefix}.{field}")
        for part in ("roving", "endline", "four_point", "metal", "packing", "checklist"):
            for field, value in _flat(self.record.get(part) or {}):
                yield from self.fact(field, value, field)
        if self.pack:
            for key, value in self.pack.extras(self.own, content_hash=self.hash):
                yield [self.label(key), self.cell(key, value)]
            yield [
                self.label("form"),
                f"{self.pack.manifest.name}, {self.label('version')} {self.pack.version}",
            ]
        yield from self.fact("remarks", self.record.get("remarks"), "remarks")
        yield from self.fact("changes", report.get("changes"), "changes")

    def fact(self, field: str, value: Any, label: str) -> Iterator[list[Any]]:
        if value not in (None, "", []):
            yield [self.label(label), self.cell(field, value)]

    def rows(self, path: str) -> list[Mapping[str, Any]]:
        """The rows of a part, those that hold rows themselves spread out."""
        here: Any = self.record
        for step in path.split("."):
            here = (here or {}).get(step) if isinstance(here, Mapping) else None
        if path in _SPREAD:
            return list(_SPREAD[path](self.record))
        rows = list(here or [])
        if path == "measurement.pieces" and rows:
            return list(_measured(self.record["measurement"]))
        if path == "roving.places":
            return [
                {**place, **visit, "light": visit["colour"]} for place in rows for visit in place["visits"]
            ]
        if path in ("hundred.lines", "rounds.lines"):
            return [{**row, **row["counts"], "top_defects": row.get("top", [])} for row in rows]
        if path == "four_point.rolls":
            return [{**row, **{f"points_{n}": c for n, c in enumerate(row["by_points"], 1)}} for row in rows]
        if path == "photos":
            return [{**row, "width_px": row.get("width"), "height_px": row.get("height")} for row in rows]
        return rows

    def tables(self) -> Iterator[Sheet]:
        """The answers and tables of each section."""
        answers = []
        for section in self.record.get("sections", []):
            title = self.pick(section["title_en"], section.get("title_bn", ""))
            for row in section.get("rows", []):
                label = self.pick(row["label_en"], row.get("label_bn", ""))
                word = self.cell("verdict", row.get("answer"))
                answers.append(
                    [title, label, word, self.cell("value", row.get("value")), row.get("remark", "")]
                )
            if table := section.get("table"):
                heads = [self.pick(column["en"], column.get("bn", "")) for column in table["columns"]]
                yield Sheet(title, heads, [[self.cell("", cell) for cell in row] for row in table["rows"]])
        if answers:
            names = ("sections", "check", "answer", "found", "remark")
            yield Sheet(self.label("check"), [self.label(name) for name in names], answers)

    def exchange(self) -> Iterator[Sheet]:
        """The pack's exchange list: its fields, then a sheet for each of its lists."""
        if self.pack is None:
            return
        fields, lists = exchange_rows(record=self.own, content_hash=self.hash, pack=self.pack)
        name = self.pack.manifest.name
        if fields:
            yield Sheet(
                name, ["Field", "Value"], [[key, self.cell("", value)] for key, value in fields.items()]
            )
        for title, rows in lists.items():
            heads = list(rows[0]) if rows else []
            if rows:
                yield Sheet(title, heads, [[self.cell("", row[head]) for head in heads] for row in rows])

    def named(self, row: Mapping[str, Any]) -> str:
        return self.pick(str(row.get("name_en", "")), str(row.get("name_bn", "")))

    def pick(self, english: str, bangla: str) -> str:
        """One of two texts, or both, by the language of the sheet."""
        if self.language == "both" and bangla and english != bangla:
            return f"{english} / {bangla}"
        return (bangla or english) if self.language == "bn" else english

    def cell(self, field: str, value: Any) -> Any:
        """A value as a cell: numbers, dates and instants typed, codes in words, lists as one text."""
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            return self.label("yes" if value else "no")
        if isinstance(value, list):
            return self.listed(field, value) or None
        for shape in WORDS.get(field, ()):
            if shape.format(value) in self.words:
                return self.label(shape.format(value))
        return _typed(field, value) if isinstance(value, str) else value

    def listed(self, field: str, values: Sequence[Any]) -> str:
        if field == "photos":
            return ", ".join(str(self.photos[one]) for one in values if one in self.photos)
        if field == "points":  # nine places of the card, or the numbers of those missed
            return ", ".join(("ok" if one else "×") if isinstance(one, bool) else str(one) for one in values)
        if field == "actions":
            return ", ".join(self.label(f"action.{one}") for one in values)
        parts = []
        for one in values:
            if isinstance(one, Mapping) and "colour" in one:
                wanted = f" ({one['wanted']})" if one.get("wanted") not in (None, one["pieces"]) else ""
                parts.append(f"{one['colour']} {one['size']} {one['pieces']}{wanted}")
            elif isinstance(one, Mapping) and "code" in one:
                parts.append(f"{one['code']} {self.named(one)} ×{one.get('count', 1)}")
            elif isinstance(one, Mapping):
                parts.append(", ".join(f"{key} {inner}" for key, inner in one.items()))
            else:
                parts.append(str(one))
        return "; ".join(parts)


def _flat(part: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The single values of a part, and those of its total."""
    for field, value in part.items():
        if field == "total" and isinstance(value, Mapping):
            yield from value.items()
        elif not isinstance(value, list | Mapping):
            yield field, value


def _steps(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Both chains of whys, step by step, each with the root cause it ends at."""
    for chain in (record.get("causes") or {}).get("chains", []):
        for number, step in enumerate(chain["steps"], start=1):
            yield {
                "chain": chain["chain"],
                "step": number,
                "answer_text": step["answer"],
                "proof": step["proof"],
            }
        if chain.get("root"):
            yield {"chain": chain["chain"], "step": "root", "answer_text": chain["root"], "proof": ""}


def _bones(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for bone in (record.get("causes") or {}).get("fishbone", []):
        yield from ({"bone": bone["bone"], **cause} for cause in bone["causes"])


def _suppliers_actions(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if "scar" in record:
        for answer in record.get("answers", []):
            yield from ({"version": answer["version"], **action} for action in answer["actions"])


# Parts whose rows lie inside other rows.
_SPREAD: Mapping[str, Callable[[Mapping[str, Any]], Iterator[dict[str, Any]]]] = {
    "causes.chains": _steps,
    "causes.fishbone": _bones,
    "answers.actions": _suppliers_actions,
}


def _measured(part: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One row for each measured value."""
    names = {pom["code"]: pom["name_en"] for pom in part["poms"]}
    for piece in part["pieces"]:
        for value in piece["values"]:
            yield {
                "piece": piece["no"],
                "colour": piece.get("colour", ""),
                "size": piece.get("size", ""),
                "code": value["pom"],
                "name_en": names.get(value["pom"], value["pom"]),
                **{key: value[key] for key in ("spec", "measured", "deviation", "out")},
            }


def _typed(field: str, text: str) -> Any:
    """A measure as a number, a date or an instant as such (the factory's own clock); names and codes as text."""
    if field in MEASURES and _NUMBER.match(text):
        return Decimal(text.replace("−", "-"))
    try:
        if _DATE.match(text):
            return date.fromisoformat(text)
        if _INSTANT.match(text):
            return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        pass
    return text
