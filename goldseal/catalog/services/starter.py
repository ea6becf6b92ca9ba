"""Loading the starter pack: what is missing is added, what nobody edited is brought up to date, the rest stays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import F

from goldseal.catalog.models import ChecklistTemplate, ChecklistVersion, Defect, Stage
from goldseal.catalog.permissions import DEFECTS_EDIT, STAGES_EDIT
from goldseal.catalog.starter.checklists import CHECKLISTS
from goldseal.catalog.starter.checklists_audit import AUDIT, PASS_AT_PCT
from goldseal.catalog.starter.defects import DEFECTS
from goldseal.catalog.starter.stages import STAGES
from goldseal.kit.actors import Actor
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.services import current_scope

E = TypeVar("E", Stage, Defect, ChecklistTemplate)
POSITION_STEP = 10  # room for a workspace's own stages in between


@dataclass(frozen=True, slots=True)
class StarterNews:
    """Codes of stages, checklists and defects: new, with newer wording, and kept as the workspace edited them."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def has_any(self) -> bool:
        """Whether loading the pack would do anything."""
        return bool(self.new or self.changed)


def starter_news() -> StarterNews:
    """What loading the pack now would add, bring up to date and leave as edited; changes nothing."""
    return _joined(
        _compared(Stage, _stages()),
        _compared(ChecklistTemplate, _checklists()),
        _compared(Defect, _defects()),
    )


def load_starter_pack(*, actor: Actor, now: datetime) -> StarterNews:
    """Load the pack into the open workspace and say what was added, updated and kept.

    Loading again changes nothing. A stage, checklist or defect that the workspace edited or retired, and
    one of its own with the same code, stays as it is. A checklist that is brought up to date gets a new
    version; inspections keep the one they began with.
    """
    authorize(actor, STAGES_EDIT)
    authorize(actor, DEFECTS_EDIT)
    with recorded_change():
        stages = _load(Stage, _stages(), now)
        news = _joined(stages, _load_checklists(now), _load(Defect, _defects(), now))
        if news.has_any:
            record(
                event="starter.loaded",
                actor=actor,
                now=now,
                payload={"added": len(news.new), "updated": len(news.changed), "kept": len(news.kept)},
            )
    return news


Pack = dict[str, dict[str, Any]]  # by code, the fields that the pack sets


def _stages() -> Pack:
    return {
        entry.code: {
            "position": place * POSITION_STEP,
            "gate": entry.gate,
            "name_en": entry.name_en,
            "name_bn": entry.name_bn,
            "method_en": entry.method_en,
            "method_bn": entry.method_bn,
            "method_code": entry.method_code,
            "who_en": entry.who_en,
            "who_bn": entry.who_bn,
            "product_family": entry.product_family,
            "settings": dict(entry.settings),
        }
        for place, entry in enumerate(STAGES, start=1)
    }


def _checklists() -> Pack:
    """One checklist for each stage, and one for audits; of a stage that is still to be added, the id is not known."""
    ids = dict(Stage.objects.values_list("code", "pk"))
    of_stages = {
        f"{entry.code}-CHECK": {
            "stage_id": ids.get(entry.code),
            "name_en": f"{entry.name_en}: checklist",
            "name_bn": f"{entry.name_bn}: চেকলিস্ট",
            "items": list(CHECKLISTS[entry.code]),
            "pass_at_pct": None,
        }
        for entry in STAGES
    }
    audit = {
        "stage_id": None,
        "name_en": "Factory audit",
        "name_bn": "ফ্যাক্টরি অডিট",
        "items": list(AUDIT),
        "pass_at_pct": PASS_AT_PCT,
    }
    return {**of_stages, "AUD-CHECK": audit}


def _defects() -> Pack:
    return {
        entry.code: {
            "family": entry.family,
            "name_en": entry.name_en,
            "name_bn": entry.name_bn,
            "severity": entry.severity,
            "severity_zone_a": entry.zone_a,
            "severity_children": entry.children,
            "is_legal": entry.is_legal,
            "note_en": entry.note_en,
            "note_bn": entry.note_bn,
        }
        for entry in DEFECTS
    }


def _load_checklists(now: datetime) -> StarterNews:
    """The checklists, and a new version of each that is new or brought up to date."""
    news = _load(ChecklistTemplate, _checklists(), now)
    touched = ChecklistTemplate.objects.filter(is_starter=True, code__in=[*news.new, *news.changed])
    touched.filter(code__in=news.changed).update(version=F("version") + 1)
    versions = [
        ChecklistVersion(
            workspace_id=row.workspace_id,
            template=row,
            version=row.version,
            items=row.items,
            created_at=now,
        )
        for row in touched
    ]
    ChecklistVersion.objects.bulk_create(versions, ignore_conflicts=True)
    return news


def _compared(model: type[E], pack: Pack) -> StarterNews:
    return _sorted_out({row.code: row for row in model.objects.all()}, pack)


def _load(model: type[E], pack: Pack, now: datetime) -> StarterNews:
    held = {row.code: row for row in model.objects.select_for_update().order_by("code")}
    news = _sorted_out(held, pack)
    if news.new:
        fresh = (
            model(**pack[code], code=code, is_starter=True, created_at=now, updated_at=now)
            for code in news.new
        )
        # Two people loading at once: the second finds the rows there and leaves them.
        model.objects.bulk_create(_in_workspace(fresh), ignore_conflicts=True)
    stale = [held[code] for code in news.changed]
    for row in stale:
        for name, value in pack[row.code].items():
            setattr(row, name, value)
        row.revision += 1
        row.updated_at = now
    if stale:
        fields = [*next(iter(pack.values())), "revision", "updated_at"]
        model.objects.bulk_update(stale, fields)
    return news


def _in_workspace(rows: Iterable[E]) -> list[E]:
    """The rows, named after the open workspace; `bulk_create` checks that they are."""
    open_scope = current_scope()
    placed = []
    for row in rows:
        if open_scope is not None:
            row.workspace_id = open_scope.workspace_id
        placed.append(row)
    return placed


def _sorted_out(held: dict[str, E], pack: Pack) -> StarterNews:
    new: list[str] = []
    changed: list[str] = []
    kept: list[str] = []
    for code, fields in pack.items():
        row = held.get(code)
        if row is None:
            new.append(code)
        elif not _agrees(row, fields) or not row.is_active:
            ours = row.is_starter and not row.is_edited
            (changed if ours else kept).append(code)
    return StarterNews(tuple(new), tuple(changed), tuple(kept))


def _agrees(row: E, fields: dict[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in fields.items())


def _joined(*parts: StarterNews) -> StarterNews:
    return StarterNews(
        new=tuple(code for part in parts for code in part.new),
        changed=tuple(code for part in parts for code in part.changed),
        kept=tuple(code for part in parts for code in part.kept),
    )
