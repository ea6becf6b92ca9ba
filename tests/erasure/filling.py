"""Rows generated from the promise register: every field of every model of a workspace holds a canary.

No model is named for its own sake; what a constraint demands beyond types stands in `SHAPES`.
"""

import hashlib
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from goldseal.kit.ids import new_id
from goldseal.privacy.exporting import owned_models

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


# What database constraints require besides the type: model label → field → value or function of the canary.
SHAPES: dict[str, dict[str, Any]] = {
    "workspaces.Workspace": {"state": "active", "time_zone": "Asia/Dhaka", "language": "en"},
    "workspaces.Membership": {"role": "owner", "compartment_id": None},
    "catalog.Buyer": {"aql_level": "II", "inspection_type": "normal"},
    "catalog.OrderLine": {"quantity": 7},
    "trail.Entry": {"sequence": 1_000_000},  # beyond what the services themselves append
    # Not an issued one: those have bytes in the vault, which test_after_the_main_job covers.
    "reports.ReportVersion": {"state": "failed", "sealed_at": None},
    "files.Upload": {"length": 10, "offset": 5},
    # Owner and verifier are two people, and what is not released is held.
    "capa.Nonconformity": {"verifier": None},
    "capa.Action": {"verifier": None},
    "capa.Containment": {"held": 0},
    # An audit is about a site or about a supplier.
    "inspections.Audit": {"supplier": None},
}


class Filler:
    """Fills one workspace; `mark` is a word that occurs in every text it writes."""

    def __init__(
        self,
        mark: str,
        workspace_id: uuid.UUID,
        people: list[Any],
        shapes: dict[str, dict[str, Any]] | None = None,
    ) -> None:
        self.shapes = {
            label: {**SHAPES.get(label, {}), **(shapes or {}).get(label, {})}
            for label in {*SHAPES, *(shapes or {})}
        }
        self.mark = mark
        self.workspace_id = workspace_id
        self.people = people
        self.made: dict[type[models.Model], models.Model] = {}
        self.count = 0

    def canary(self, model: type[models.Model], name: str) -> str:
        self.count += 1
        return f"{self.mark}-{model._meta.model_name}-{name}-{self.count}"

    def fill(self) -> dict[type[models.Model], models.Model]:
        """One row of every owned model but the workspace; call inside its scope."""
        waiting = [
            model for model, _declared in owned_models() if model._meta.label != "workspaces.Workspace"
        ]
        while waiting:
            ready = [model for model in waiting if self._links_are_made(model, waiting)]
            assert ready, f"These models refer to each other in a circle: {waiting}"
            for model in ready:
                self.made[model] = self._row(model)
                waiting.remove(model)
        return self.made

    def _links_are_made(self, model: type[models.Model], waiting: list[type[models.Model]]) -> bool:
        return not any(
            f.is_relation and f.related_model in waiting and f.related_model is not model
            for f in model._meta.concrete_fields
        )

    def _row(self, model: type[models.Model]) -> models.Model:
        values = {f.attname: self._value(model, f) for f in model._meta.concrete_fields}
        existing = (
            model._base_manager.filter(workspace_id=self.workspace_id).first()
            if model._meta.label in ("trail.Chain", "workspaces.Membership")
            else None
        )
        if existing is not None:
            return existing
        row = model(**values)
        models.Model.save_base(row, force_insert=True)
        return row

    def _value(self, model: type[models.Model], f: Any) -> Any:
        shape = self.shapes.get(model._meta.label, {})
        if f.name in shape:
            value = shape[f.name]
            return value(self.canary(model, f.name)) if callable(value) else value
        if f.column == "workspace_id":
            return self.workspace_id
        if f.is_relation:
            related = f.related_model
            if related._meta.label == "accounts.User":
                return self.people[0].pk
            return self.made[related].pk if related in self.made else None
        return self._plain(model, f)

    def _plain(self, model: type[models.Model], f: Any) -> Any:
        canary = self.canary(model, f.name)
        if f.choices:
            return f.choices[0][0]
        if isinstance(f, models.UUIDField):
            return new_id()
        if isinstance(f, models.JSONField):
            return {"canary": canary, "list": [canary]}
        if isinstance(f, models.BinaryField):
            return canary.encode()
        if isinstance(f, models.EmailField):
            return f"{canary}@example.test"
        if isinstance(f, models.CharField | models.TextField):
            if f.max_length and f.max_length < len(canary):
                return hashlib.sha256(canary.encode()).hexdigest()[: f.max_length]
            return canary
        if isinstance(f, models.DateTimeField):
            return NOW
        if isinstance(f, models.DateField):
            return date(2026, 3, 2)
        if isinstance(f, models.DecimalField):
            return Decimal("1.5")
        if isinstance(f, models.BooleanField):
            return True
        return 1
