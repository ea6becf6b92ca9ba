"""A pack applied to a record: words, codes, extra fields, the file's name, the exchange file."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from goldseal.reports.engine.canonical import canonical_json
from goldseal.reports.packs.manifest import ExportField, Manifest, Words, house_labels
from goldseal.reports.packs.paths import value_at

FILE_NAME_MAX = 120
SCHEMA = "goldseal.pack/1"


@dataclass(frozen=True, slots=True)
class Pack:
    """A checked manifest with its version here and its logo (PNG or JPEG bytes, empty where it has none)."""

    manifest: Manifest
    version: int
    logo: bytes = b""

    def canonical(self) -> bytes:
        """The pack as canonical JSON (RFC 8785); the logo by its sha256. This is embedded in sealed reports."""
        content = {
            "schema": SCHEMA,
            "version": self.version,
            "logo_sha256": hashlib.sha256(self.logo).hexdigest() if self.logo else None,
            "manifest": self.manifest.model_dump(mode="json"),
        }
        return canonical_json(record=content)

    @property
    def digest(self) -> str:
        """The sha256 of the canonical form (hex): which pack shaped a report."""
        return hashlib.sha256(self.canonical()).hexdigest()

    def language(self, asked: str) -> str:
        """The language of paper and sheet: the pack's own, else as the report was asked for."""
        return self.manifest.language or asked

    def words(self) -> dict[str, dict[str, str]]:
        """Every field name that the pack gives, over the house's own, by label key."""
        given = dict(self.manifest.labels)
        given |= {f"severity.{key}": words for key, words in self.manifest.severities.items()}
        given |= {f"verdict.{key}": words for key, words in self.manifest.verdicts.items()}
        found = {key: _over(house_labels()[key], words) for key, words in given.items()}
        # A pack renames a verdict and never hides it: paper says the house's word beside the buyer's.
        for key in [key for key in found if key.startswith("verdict.")]:
            found[f"house.{key}"] = _where_other(house_labels()[key], found[key])
        for number, extra in enumerate(self.manifest.extra):
            found[f"extra.{number}"] = {"en": extra.en, "bn": extra.bn or extra.en}
        return found

    def extras(self, record: Mapping[str, Any], *, content_hash: str = "") -> list[tuple[str, Any]]:
        """The extra fields with their values, as (label key, value); those without a value left out."""
        beside = self.beside(record, content_hash)
        rows = []
        for number, extra in enumerate(self.manifest.extra):
            value = extra.text or value_at(record, extra.path, beside=beside)
            if value not in (None, "", []):
                rows.append((f"extra.{number}", _plain(value)))
        return rows

    def beside(self, record: Mapping[str, Any], content_hash: str) -> dict[str, Any]:
        """What a report has beside its record."""
        return {
            "content_hash": content_hash,
            "pack_name": self.manifest.name,
            "pack_version": self.version,
            "verify_url": record.get("report", {}).get("verify_url", ""),
        }

    def coded(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """A copy of the record with the buyer's defect codes; ours stay beside them in `our_code`.

        Points of measure and stages have codes of their own, which a defect's may happen to equal.
        """
        if not self.manifest.defects:
            return dict(record)
        apart = ("measurement", "report")
        return {key: value if key in apart else self._coded(value) for key, value in record.items()}

    def _coded(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._coded(row) for row in value]
        if not isinstance(value, Mapping):
            return value
        row = {key: self._coded(inner) for key, inner in value.items()}
        theirs = self.manifest.defects.get(str(row.get("code", "")))
        if theirs and "name_en" in row:
            row |= {"our_code": row["code"], "code": theirs.code}
            row["name_en"] = theirs.en or row["name_en"]
            row["name_bn"] = theirs.bn or row.get("name_bn", "")
        return row


def _over(house: Mapping[str, str], given: Words) -> dict[str, str]:
    return {"en": given.en or house["en"], "bn": given.bn or house["bn"]}


def _where_other(house: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """The house's words in the languages in which another was given, else empty texts."""
    return {
        name: "" if given[name].casefold() == house[name].casefold() else house[name] for name in ("en", "bn")
    }


def file_stem(*, record: Mapping[str, Any], pack: Pack | None) -> str:
    """A report's file name without ending, by the pack's rule: letters, digits, dots, dashes, underscores.

    Letters of every script stay; whatever could be a folder or a command is gone. At most 120 characters.
    """
    report, header = record.get("report", {}), record.get("header", {})
    rule = pack.manifest.file_name if pack else "{number}-v{version}"
    parts = {
        "number": report.get("number", ""),
        "version": report.get("version", ""),
        "buyer": header.get("buyer", ""),
        "brand": header.get("brand", ""),
        "factory": header.get("factory", ""),
        "po": "+".join(header.get("purchase_orders", [])[:3]),
        "style": header.get("style", ""),
        "stage": (report.get("stage") or {}).get("code", report.get("type", "")),
        "date": header.get("inspected_on") or header.get("day") or str(report.get("issued_at", ""))[:10],
        "verdict": (record.get("verdict") or {}).get("overall", ""),
    }
    filled = re.sub(r"\{(\w+)\}", lambda found: _safe(str(parts.get(found.group(1), ""))), rule)
    stem = re.sub(r"_{2,}", "_", _safe(filled)).strip("._-")
    return stem[:FILE_NAME_MAX].strip("._-") or "report"


def _safe(text: str) -> str:
    kept = (
        char if char.isalnum() or char in "._-+" or unicodedata.category(char).startswith("M") else "-"
        for char in unicodedata.normalize("NFC", text)
    )
    return re.sub(r"\.{2,}", ".", re.sub(r"-{2,}", "-", "".join(kept))).strip("-")


def exchange_rows(
    *, record: Mapping[str, Any], content_hash: str, pack: Pack
) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """The exchange file's fields and lists by the buyer's names."""
    export = pack.manifest.export
    if export is None:
        return {}, {}
    coded = pack.coded(record)
    beside = pack.beside(record, content_hash)
    fields = {field.name: _exported(field, coded, beside) for field in export.fields}
    lists = {
        rows.name: [
            {field.name: _exported(field, row, beside) for field in rows.fields}
            for row in value_at(coded, rows.path) or []
        ]
        for rows in export.lists
    }
    return fields, lists


def _exported(field: ExportField, record: Mapping[str, Any], beside: Mapping[str, Any]) -> Any:
    if field.text:
        return field.text
    value = value_at(record, field.path, beside=beside)
    key = {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    return field.values.get(key, value)


def exchange_json(*, record: Mapping[str, Any], content_hash: str, pack: Pack) -> bytes:
    """The exchange file as JSON: fields and lists by the buyer's names, and which sealed record they come from."""
    fields, lists = exchange_rows(record=record, content_hash=content_hash, pack=pack)
    report = record.get("report", {})
    source = {
        "schema": record.get("schema", ""),
        "number": report.get("number", ""),
        "version": report.get("version", 0),
        "content_hash": content_hash,
        "verify_url": report.get("verify_url", ""),
        "pack": f"{pack.manifest.code} {pack.version}",
        "pack_hash": pack.digest,
    }
    content = {**fields, **lists, "_source": source}
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _plain(value: Any) -> Any:
    """A value as one cell or one line of a form."""
    if isinstance(value, list):
        return ", ".join(str(one) for one in value if not isinstance(one, Mapping | list))
    return str(value.get("text") or "") if isinstance(value, Mapping) else value
