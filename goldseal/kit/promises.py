"""The promise register: what each model holds, who owns it, and what becomes of it when the owner leaves.

Export, erasure, retention and subject access are derived from this register; a model or field that
declares nothing fails the build (PROMISES.md §2).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

M = TypeVar("M", bound=type[models.Model])

CATEGORIES = frozenset(
    {
        "plain",  # bounded, says nothing about a person
        "identifier",  # lot, order, barcode, token prefix
        "free_text",  # may hold anything a person types
        "person",  # names a person
        "contact",  # e-mail, telephone, address
        "location",  # where something or somebody was
        "image",  # bytes or digest of a picture or document
        "voice",
        "billing",
        "telemetry",  # network address, browser, device
        "secret",  # never leaves: digests, keys, factors
    }
)
PERSONAL = frozenset({"person", "contact", "voice", "image", "telemetry"})
RETENTION_CLASSES = frozenset({"workspace", "person", "comms", "billing", "security", "reference", "trail"})


class Edge(StrEnum):
    """What happens to the row when its owner is erased."""

    DEEP = "deep"  # goes with the owner
    KEEP = "keep"  # stays under a cited clause, minimised to the fields named in `keep`
    NONE = "none"  # has no owner: reference data of the program itself


class OnSubject(StrEnum):
    """What happens to the row when the person it is about is erased."""

    DELETE = "delete"
    BLANK = "blank"  # personal fields are emptied, the business record stays


@dataclass(frozen=True, slots=True)
class Promise:
    """What one model promises. `owner` and `subject` are ORM paths; `#column` is a key without a constraint."""

    owner: str
    edge: Edge
    retain: str
    fields: dict[str, str]
    subject: str = ""
    on_subject: OnSubject = OnSubject.BLANK
    stores: tuple[str, ...] = ("db",)
    because: str = ""
    keep: frozenset[str] = field(default_factory=frozenset)

    def of_category(self, *categories: str) -> list[str]:
        """Names of the fields that fall into one of the categories."""
        return [name for name, category in self.fields.items() if category in categories]


REGISTER: dict[type[models.Model], Promise] = {}


def promise(
    owner: str,
    edge: Edge = Edge.DEEP,
    *,
    retain: str = "workspace",
    subject: str = "",
    on_subject: OnSubject = OnSubject.BLANK,
    stores: tuple[str, ...] = ("db",),
    because: str = "",
    keep: str = "",
    **by_category: str,
) -> Callable[[M], M]:
    """Declare a model's promise; keyword names are categories, values are space-separated field names.

    Keys and relations need no category: they say only which row belongs to which.
    """
    held = {name: category for category, names in by_category.items() for name in names.split()}

    def declare(model: M) -> M:
        REGISTER[model] = Promise(
            owner, edge, retain, held, subject, on_subject, stores, because, frozenset(keep.split())
        )
        return model

    return declare


def promised_models() -> list[tuple[type[models.Model], Promise]]:
    """Every registered model with its promise, in a stable order."""
    return sorted(REGISTER.items(), key=lambda pair: pair[0]._meta.label)


def broken_promises() -> Iterator[str]:
    """One sentence for each thing the register leaves open. Empty means complete."""
    for model in apps.get_models(include_auto_created=True):
        declared = REGISTER.get(model)
        if declared is None:
            yield f"{model._meta.label}: makes no promise"
        else:
            yield from _broken(model, declared)


def _broken(model: type[models.Model], declared: Promise) -> Iterator[str]:
    name = model._meta.label
    concrete: list[models.Field[Any, Any]] = list(model._meta.concrete_fields)
    links = {
        f.name
        for f in concrete
        if f.primary_key or f.is_relation or f"#{f.name}" in (declared.owner, declared.subject)
    }
    held = {f.name for f in concrete} - links
    for missing in sorted(held - declared.fields.keys()):
        yield f"{name}.{missing}: category not declared"
    for extra in sorted(declared.fields.keys() - held - links):
        yield f"{name}.{extra}: declared, but no such data field"
    for field_name, category in declared.fields.items():
        if category not in CATEGORIES:
            yield f"{name}.{field_name}: no category is called {category}"
    for f in concrete:
        unbounded = isinstance(f, models.TextField | models.JSONField)
        if unbounded and declared.fields.get(f.name) in ("plain", "identifier"):
            yield f"{name}.{f.name}: unbounded text cannot be {declared.fields[f.name]}"
        if isinstance(f, models.FileField) and "files" not in declared.stores:
            yield f"{name}: has files, does not promise the file store"
    if declared.retain not in RETENTION_CLASSES:
        yield f"{name}: no retention class is called {declared.retain}"
    if declared.edge is Edge.KEEP and "§" not in declared.because:
        yield f"{name}: kept, but cites no clause"
    if declared.edge is Edge.KEEP and not declared.keep:
        yield f"{name}: kept, but names no field to keep"
    personal = declared.of_category(*PERSONAL)
    if declared.edge is Edge.NONE:
        if declared.owner or personal:
            yield f"{name}: has no owner, yet holds {', '.join(personal) or 'an owner path'}"
        return
    if personal and not declared.subject:
        yield f"{name}: holds {', '.join(personal)} but names no subject"
    for path in filter(None, (declared.owner, declared.subject)):
        problem = path_problem(model, path)
        if problem:
            yield f"{name}: {problem}"


def path_problem(model: type[models.Model], path: str) -> str:
    """What is wrong with an owner or subject path, or an empty string."""
    if path == "self":
        return ""
    if path.startswith("#"):
        column = path[1:].split(".")[0]
        try:
            model._meta.get_field(column)
        except FieldDoesNotExist:
            return f"path {path}: no column {column}"
        return ""
    current: type[models.Model] = model
    for step in path.split("__"):
        try:
            found = current._meta.get_field(step)
        except FieldDoesNotExist:
            return f"path {path}: {current._meta.label} has no {step}"
        related = found.related_model
        if not found.is_relation or not isinstance(related, type):
            return f"path {path}: {step} leads nowhere"
        current = related
    if current._meta.label not in ("workspaces.Workspace", "accounts.User"):
        return f"path {path} ends at {current._meta.label}, which is no erasure root"
    return ""
