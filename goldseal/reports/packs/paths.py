"""Paths into a record, as packs write them: `header.style`, `counts[severity=major].counted`, `photos.length`."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, get_args, get_origin

from django.utils.translation import gettext as _
from pydantic import BaseModel

from goldseal.reports.rules.inspection_report import InspectionReport

_STEP = re.compile(r"^([a-z][a-z0-9_]*)(?:\[(?:(\d+)|([a-z_]+)=([^\]]*))\])?$")
LENGTH = "length"
# What a report has beside its record.
BESIDE = ("content_hash", "pack_name", "pack_version", "verify_url")


class PathError(ValueError):
    """A path that leads nowhere; `known` are the names there are at that point."""

    def __init__(self, sentence: str, *, wrong: str = "", known: Sequence[str] = ()) -> None:
        self.wrong, self.known = wrong, tuple(known)
        super().__init__(sentence)


def check_path(path: str, *, inside: str = "") -> None:
    """Raise PathError unless the path leads to a value of a record; `inside` a list, of one of its rows."""
    if not inside and path in BESIDE:
        return
    model: Any = _model_of_rows(inside) if inside else InspectionReport
    _walk(path, model)


def check_list(path: str) -> None:
    """Raise PathError unless the path leads to a list of rows."""
    _model_of_rows(path)


def _model_of_rows(path: str) -> type[BaseModel]:
    found = _walk(path, InspectionReport)
    if get_origin(found) is list and _is_model(get_args(found)[0]):
        return get_args(found)[0]  # type: ignore[no-any-return]
    raise PathError(_("%(path)s is no list of rows") % {"path": path})


def _walk(path: str, model: Any) -> Any:
    here: Any = model
    for step in path.split("."):
        match = _STEP.match(step)
        if match is None:
            raise PathError(_("“%(step)s” is no name of a field") % {"step": step})
        name = match.group(1)
        if get_origin(here) is list:
            if name == LENGTH:
                here = int
                continue
            said = _("%(path)s: choose a row before %(name)s, such as [0] or [severity=major]")
            raise PathError(said % {"path": path, "name": name})
        if not _is_model(here):
            raise PathError(_("%(path)s: nothing lies below that value") % {"path": path}, wrong=name)
        fields = {field.alias or key: field for key, field in here.model_fields.items()}
        if name not in fields:
            said = _("%(name)s is no field there") % {"name": name}
            raise PathError(said, wrong=name, known=sorted(fields))
        here = _bare(fields[name].annotation)
        if step.endswith("]"):
            if get_origin(here) is not list:
                raise PathError(_("%(name)s is no list") % {"name": name})
            here = _bare(get_args(here)[0])
            key = match.group(3)
            if key and (not _is_model(here) or key not in here.model_fields):
                said = _("%(key)s is no field of %(name)s") % {"key": key, "name": name}
                raise PathError(said, wrong=key, known=sorted(getattr(here, "model_fields", ())))
    return here


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _bare(kind: Any) -> Any:
    """An annotation without None and without its constraints."""
    while True:
        arguments = [one for one in get_args(kind) if one is not type(None)]
        if get_origin(kind) is list or not arguments:
            return kind
        if hasattr(kind, "__metadata__") or len(arguments) == 1:
            kind = arguments[0]
        else:
            return kind


def value_at(record: Mapping[str, Any], path: str, *, beside: Mapping[str, Any] | None = None) -> Any:
    """The value at a checked path; None where the record does not have it."""
    if beside and path in beside:
        return beside[path]
    here: Any = record
    for step in path.split("."):
        match = _STEP.match(step)
        if match is None or here is None:
            return None
        name, index, key, wanted = match.groups()
        if isinstance(here, list):
            return len(here) if name == LENGTH else None
        here = here.get(name) if isinstance(here, Mapping) else None
        if isinstance(here, list) and index is not None:
            here = here[int(index)] if int(index) < len(here) else None
        elif isinstance(here, list) and key:
            here = next((row for row in here if str(row.get(key)) == wanted), None)
        elif here is None and path.endswith(f".{LENGTH}"):
            here = []
    return here
