"""Writing a buyer's rules: what a change would alter, and the change itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from goldseal.catalog.models import Buyer, BuyerStageRule, Stage
from goldseal.catalog.rules.aql import counts_only_defects, is_aql
from goldseal.catalog.rules.buyers import AQL_RULES
from goldseal.catalog.rulewords import RULE_NAMES, label_of, value_in_words
from goldseal.catalog.selectors import STAGE_RULE_FIELDS, stage_rules
from goldseal.catalog.services import writing
from goldseal.catalog.services.buyers import checked_buyer
from goldseal.catalog.services.writing import Values
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Invalid
from goldseal.kit.words import Words
from goldseal.trail.services import recorded_change
from goldseal.workspaces.permissions import authorize

RULE_FIELDS = frozenset(RULE_NAMES)
StageRules = Mapping[UUID, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One rule that would change, in words; `stage` is empty for the buyer's own rules."""

    stage: str
    rule: str
    before: str
    after: str


def rule_changes(
    *, buyer_id: UUID, values: Values, stage_values: StageRules, actor: Actor
) -> list[RuleChange]:
    """What `save_rules` with the same values would alter; changes nothing. Invalid as there."""
    authorize(actor, "catalog.edit")
    with recorded_change():
        buyer = writing.locked(Buyer, buyer_id)
        changed = writing.change_fields(buyer, checked_buyer(buyer, values), RULE_FIELDS)
        writing.check_fields(buyer)
        own = _changed_stage_rules(buyer, stage_values)
    found = [
        RuleChange(
            "",
            label_of(Buyer, name),
            value_in_words(Buyer, name, before),
            value_in_words(Buyer, name, after),
        )
        for name, (before, after) in changed.items()
    ]
    as_buyer = _("as the buyer's own")
    for rule, altered in own:
        found += [
            RuleChange(
                rule.stage.name,
                label_of(BuyerStageRule, name),
                value_in_words(BuyerStageRule, name, before) if before else as_buyer,
                value_in_words(BuyerStageRule, name, after) if after else as_buyer,
            )
            for name, (before, after) in altered.items()
        ]
    return found


def save_rules(
    *,
    buyer_id: UUID,
    values: Values,
    stage_values: StageRules,
    actor: Actor,
    now: datetime,
    revision: int | None = None,
) -> Buyer:
    """Change a buyer's rules. `values` by field name (`RULE_FIELDS`); what is left out stays.

    `stage_values`: for each stage named its rules (`STAGE_RULE_FIELDS`), empty meaning as the buyer's own;
    stages not named stay. The rules hold for inspections planned from now on: planned and running ones
    keep the snapshot they were planned with. Invalid says at which field what is wrong, for a stage at
    `stage_rules.<id>.<field>`; Conflict if `revision` is given and somebody changed the buyer since.
    """
    authorize(actor, "catalog.edit")
    with recorded_change():
        buyer = writing.locked(Buyer, buyer_id, revision=revision)
        values = checked_buyer(buyer, values)
        own = _changed_stage_rules(buyer, stage_values, values.get("count_by"))
        also: dict[str, Any] = {}
        for rule, altered in own:
            also |= {f"{rule.stage.code}.{name}": change for name, change in altered.items()}
            if any(getattr(rule, name) for name in STAGE_RULE_FIELDS):
                rule.save()
            elif not rule._state.adding:
                rule.delete()
        return writing.edit_row(
            buyer, noun="buyer", values=values, allowed=RULE_FIELDS, actor=actor, now=now, also_changed=also
        )


def _changed_stage_rules(
    buyer: Buyer, stage_values: StageRules, count_by: str | None = None
) -> list[tuple[BuyerStageRule, dict[str, list[str]]]]:
    """The stage rules that change, with the new values set but not saved, and field → [before, after]."""
    stages = {stage.pk: stage for stage in Stage.objects.filter(pk__in=stage_values)}
    held = {rule.stage_id: rule for rule in stage_rules(buyer)}
    problems: dict[str, Words] = {}
    found = []
    for stage_id, given in stage_values.items():
        stage = stages.get(stage_id)
        if stage is None:
            problems[f"stage_rules.{stage_id}"] = _("Choose one from the list.")
            continue
        rule = held.get(stage_id) or BuyerStageRule(buyer=buyer, stage=stage)
        altered = _set(rule, given)
        for name, words in _problems(rule, count_by or buyer.count_by, buyer).items():
            problems[f"stage_rules.{stage_id}.{name}"] = words
        if altered:
            found.append((rule, altered))
    if problems:
        raise Invalid(fields=problems)
    return found


def _set(rule: BuyerStageRule, given: Mapping[str, str]) -> dict[str, list[str]]:
    unknown = given.keys() - set(STAGE_RULE_FIELDS)
    if unknown:
        raise TypeError(f"A stage rule has no field {', '.join(sorted(unknown))}.")
    altered = {}
    for name in STAGE_RULE_FIELDS:
        before, after = getattr(rule, name), given.get(name) or ""
        if before != after:
            altered[name] = [before, after]
            setattr(rule, name, after)
    return altered


def _problems(rule: BuyerStageRule, count_by: str, buyer: Buyer) -> dict[str, Words]:
    """Values that are no choices, and AQLs above 10 where defective pieces are counted."""
    found: dict[str, Words] = {}
    for name in STAGE_RULE_FIELDS:
        value = getattr(rule, name)
        choices = dict(getattr(BuyerStageRule._meta.get_field(name), "flatchoices", ()))
        if value and value not in choices:
            found[name] = _("Choose one from the list.")
    counted = rule.count_by or count_by
    for name in AQL_RULES:
        aql = getattr(rule, name) or getattr(buyer, name)
        if name not in found and is_aql(aql) and counted == "defectives" and counts_only_defects(aql):
            found[name] = _("An AQL above 10 is per 100 pieces and needs every defect counted.")
    return found
