"""Writing a workspace's export: everything the register says the workspace owns, as JSON Lines, files and pages.

Derived from the promise register: no model is named here. Secrets (digests, keys, factors) never leave.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BinaryField, Model
from django.utils.html import escape

from goldseal.kit.contents import contents_of
from goldseal.kit.promises import Promise, promised_models

FORMAT = "goldseal.export/1"
PREVIEW_ROWS = 500


@dataclass(slots=True)
class Written:
    """What an export holds: rows per model, files, and each file's digest."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    entries: list[dict[str, Any]] = field(default_factory=list)


def owned_models() -> list[tuple[type[Model], Promise]]:
    """The models whose rows a workspace owns, with their promise."""
    return [(model, declared) for model, declared in promised_models() if is_owned(model, declared)]


def is_owned(model: type[Model], declared: Promise) -> bool:
    """Whether rows of the model belong to a workspace: they carry its key, or are the workspace."""
    return any(f.column == "workspace_id" for f in model._meta.concrete_fields) or (
        model._meta.label == "workspaces.Workspace"
    )


def rows_of(model: type[Model], workspace_id: UUID) -> Iterator[Model]:
    """The workspace's rows of one model, streamed. Call inside its scope: the database checks too."""
    key = "pk" if model._meta.label == "workspaces.Workspace" else "workspace_id"
    yield from model._base_manager.filter(**{key: workspace_id}).order_by("pk").iterator(chunk_size=500)


def write_export(
    *, workspace_id: UUID, sink: IO[bytes], people: list[dict[str, Any]], now: datetime
) -> Written:
    """Write the ZIP into `sink`; memory stays flat. `people` are the members' public particulars."""
    written = Written()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        tables = []
        for model, declared in owned_models():
            shown = _write_model(archive, model, declared, workspace_id, written)
            tables.append((model, declared, shown))
        _write_text(archive, "people.jsonl", _lines(people), written)
        _write_text(archive, "schema.json", json.dumps(_schema(), indent=1), written)
        _write_text(archive, "index.html", _index(tables, written, now), written)
        manifest = {
            "format": FORMAT,
            "workspace": str(workspace_id),
            "written_at": now.isoformat(),
            "rows": written.rows,
            "entries": written.entries,
        }
        archive.writestr("manifest.json", json.dumps(manifest, indent=1))
    return written


def _write_model(
    archive: zipfile.ZipFile, model: type[Model], declared: Promise, workspace_id: UUID, written: Written
) -> list[dict[str, Any]]:
    label, name = model._meta.label, f"data/{model._meta.label}.jsonl"
    digest, size, count = hashlib.sha256(), 0, 0
    shown: list[dict[str, Any]] = []
    with archive.open(name, "w", force_zip64=True) as entry:
        for row in rows_of(model, workspace_id):
            values = row_values(row, declared)
            line = (json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n").encode()
            entry.write(line)
            digest.update(line)
            size, count = size + len(line), count + 1
            if len(shown) < PREVIEW_ROWS:
                shown.append(values)
    written.rows[label] = count
    written.entries.append({"path": name, "sha256": digest.hexdigest(), "size": size})
    if "files" in declared.stores:
        for row in rows_of(model, workspace_id):
            _write_contents(archive, row, written)
    return shown


def _write_contents(archive: zipfile.ZipFile, row: Model, written: Written) -> None:
    for content in contents_of(row):
        name = f"files/{row._meta.label}/{row.pk}/{content.name}"
        digest, size = hashlib.sha256(), 0
        with content.open() as source, archive.open(name, "w", force_zip64=True) as entry:
            while piece := source.read(256 * 1024):
                entry.write(piece)
                digest.update(piece)
                size += len(piece)
        written.files += 1
        written.entries.append({"path": name, "sha256": digest.hexdigest(), "size": size})


def row_values(row: Model, declared: Promise) -> dict[str, Any]:
    """A row as plain values, without what is secret."""
    values = {}
    for f in row._meta.concrete_fields:
        if declared.fields.get(f.name) == "secret":
            continue
        value = getattr(row, f.attname)
        values[f.attname] = bytes(value).hex() if isinstance(f, BinaryField) and value is not None else value
    return values


def _lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n" for row in rows)


def _write_text(archive: zipfile.ZipFile, name: str, text: str, written: Written) -> None:
    data = text.encode()
    archive.writestr(name, data)
    written.entries.append({"path": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)})


def _schema() -> dict[str, Any]:
    return {
        model._meta.label: {
            f.attname: {"type": f.get_internal_type(), "category": declared.fields.get(f.name, "key")}
            for f in model._meta.concrete_fields
            if declared.fields.get(f.name) != "secret"
        }
        for model, declared in owned_models()
    }


def _index(
    tables: list[tuple[type[Model], Promise, list[dict[str, Any]]]], written: Written, now: datetime
) -> str:
    """One readable page that opens without a network; it loads nothing and runs nothing."""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>Export</title>",
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">",
        f"<h1>Everything the workspace holds</h1><p>Written {escape(now.isoformat())}. ",
        "The same rows, complete and for programs, are in <code>data/</code>; files in <code>files/</code>; ",
        "<code>manifest.json</code> lists every entry with its SHA-256.</p><ul>",
    ]
    for model, _declared, _shown in tables:
        label = escape(model._meta.label)
        parts.append(
            f'<li><a href="#{label}">{escape(str(model._meta.verbose_name_plural))}</a>: {written.rows[model._meta.label]}</li>'
        )
    parts.append("</ul>")
    for model, _declared, shown in tables:
        if not shown:
            continue
        heads = list(shown[0])
        parts.append(
            f'<h2 id="{escape(model._meta.label)}">{escape(str(model._meta.verbose_name_plural))}</h2><table border=1><tr>'
        )
        parts.extend(f"<th>{escape(head)}</th>" for head in heads)
        parts.append("</tr>")
        for values in shown:
            cells = "".join(f"<td>{escape(_short(values[head]))}</td>" for head in heads)
            parts.append(f"<tr>{cells}</tr>")
        parts.append("</table>")
    parts.append("</html>")
    return "".join(parts)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:300]} …"
