"""Finding causes: the two chains of 5 Why, the fishbone, is / is not, and the root causes chosen from them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.capa.choices import BoneKind, Standing
from goldseal.capa.models import FishboneCause, Nonconformity, WhyStep
from goldseal.capa.rules.causes import CHAINS, LONGEST_CHAIN, QUESTIONS
from goldseal.capa.writing_services import check_row, facts, worked_case
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Invalid, NotFound
from goldseal.kit.words import Words
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize

MOST_CAUSES = 60
MOST_LETTERS = 500


def set_chain(
    *,
    nonconformity_id: UUID,
    chain: str,
    steps: Sequence[tuple[str, str]],
    actor: Actor,
    now: datetime,
) -> list[WhyStep]:
    """Write one chain of 5 Why anew: (answer, what proves it) for each step, at most seven; blank ones go.

    Raises Invalid at `answer-<n>` or `proof-<n>` (n from 1), Conflict, NotFound.
    """
    authorize(actor, "capa.work")
    if chain not in CHAINS:
        raise NotFound
    problems: dict[str, Words] = {}
    kept: list[tuple[str, str]] = []
    for place, (answer, proof) in enumerate(steps, start=1):
        answer, proof = answer.strip(), proof.strip()
        if proof and not answer:
            problems[f"answer-{place}"] = _("Write the answer that this proves.")
        if len(answer) > MOST_LETTERS:
            problems[f"answer-{place}"] = _("At most 500 characters.")
        if len(proof) > MOST_LETTERS:
            problems[f"proof-{place}"] = _("At most 500 characters.")
        if answer:
            kept.append((answer, proof))
    if len(kept) > LONGEST_CHAIN:
        problems["chain"] = _("At most seven steps. Stop at a cause in the system.")
    if problems:
        raise Invalid(fields=problems)
    with recorded_change():
        case = worked_case(nonconformity_id)
        known = {step.position: step for step in WhyStep.objects.filter(nonconformity=case, chain=chain)}
        rows = []
        for position, (answer, proof) in enumerate(kept, start=1):
            step = known.pop(position, None) or WhyStep(nonconformity=case, chain=chain, position=position)
            if (step.answer, step.proof) != (answer, proof) or step._state.adding:
                step.answer, step.proof, step.by_id, step.at = answer, proof, actor.person_id, now
                step.save()
            rows.append(step)
        WhyStep.objects.filter(pk__in=[step.pk for step in known.values()]).delete()
        record(
            event="nonconformity.whys_written",
            actor=actor,
            now=now,
            obj=case,
            payload=facts(case, chain=chain, steps=[answer for answer, _proof in kept]),
        )
    return rows


def add_cause(*, nonconformity_id: UUID, bone: str, words: str, actor: Actor, now: datetime) -> FishboneCause:
    """Put a possible cause on a bone. Raises Invalid, Conflict, NotFound."""
    authorize(actor, "capa.work")
    with recorded_change():
        case = worked_case(nonconformity_id)
        if FishboneCause.objects.filter(nonconformity=case).count() >= MOST_CAUSES:
            raise Conflict(_("The fishbone is full. Remove a cause that is ruled out first."))
        cause = FishboneCause(nonconformity=case, bone=bone, words=words.strip())
        check_row(cause, _wrong_bone(bone))
        cause.save(force_insert=True)
        record(
            event="nonconformity.cause_added",
            actor=actor,
            now=now,
            obj=case,
            payload=facts(case, bone=bone, words=cause.words),
        )
    return cause


def change_cause(
    *, cause_id: UUID, bone: str, words: str, standing: str, actor: Actor, now: datetime
) -> FishboneCause:
    """Move a cause to another bone, word it anew, or say what is known of it. Raises Invalid, Conflict, NotFound."""
    authorize(actor, "capa.work")
    with recorded_change():
        cause, case = _cause(cause_id)
        before = f"{cause.bone}: {cause.words} ({cause.standing})"
        cause.bone, cause.words, cause.standing = bone, words.strip(), standing
        problems = _wrong_bone(bone)
        if standing not in Standing.values:
            problems["standing"] = _("Choose suspected, confirmed or ruled out.")
        check_row(cause, problems)
        cause.save()
        record(
            event="nonconformity.cause_changed",
            actor=actor,
            now=now,
            obj=case,
            payload=facts(case, words=[before, f"{bone}: {cause.words} ({standing})"]),
        )
    return cause


def remove_cause(*, cause_id: UUID, actor: Actor, now: datetime) -> Nonconformity:
    """Take a cause off the fishbone."""
    authorize(actor, "capa.work")
    with recorded_change():
        cause, case = _cause(cause_id)
        cause.delete()
        record(
            event="nonconformity.cause_removed",
            actor=actor,
            now=now,
            obj=case,
            payload=facts(case, words=cause.words),
        )
    return case


def _cause(pk: UUID) -> tuple[FishboneCause, Nonconformity]:
    cause = FishboneCause.objects.filter(pk=pk).first()
    if cause is None:
        raise NotFound
    return cause, worked_case(cause.nonconformity_id)


def _wrong_bone(bone: str) -> dict[str, Words]:
    return {} if bone in BoneKind.values else {"bone": _("Choose one of the bones.")}


def set_is_is_not(
    *,
    nonconformity_id: UUID,
    answers: Mapping[str, tuple[str, str]],
    actor: Actor,
    now: datetime,
) -> Nonconformity:
    """What, where, when and how many the problem is, and is not. Raises Invalid at `is-<q>` or `is_not-<q>`."""
    authorize(actor, "capa.work")
    problems: dict[str, Words] = {}
    kept = {}
    for question in QUESTIONS:
        is_so, is_not = (text.strip() for text in answers.get(question, ("", "")))
        for name, text in (("is", is_so), ("is_not", is_not)):
            if len(text) > MOST_LETTERS:
                problems[f"{name}-{question}"] = _("At most 500 characters.")
        kept[question] = {"is": is_so, "is_not": is_not}
    if problems:
        raise Invalid(fields=problems)
    with recorded_change():
        case = worked_case(nonconformity_id)
        case.is_is_not = kept
        case.save(update_fields=["is_is_not"])
        record(event="nonconformity.compared", actor=actor, now=now, obj=case, payload=facts(case))
    return case


def choose_root_causes(
    *, nonconformity_id: UUID, made: str, detected: str, actor: Actor, now: datetime
) -> Nonconformity:
    """State the root causes: why it was made, why it was not detected. One may follow later. Raises Invalid."""
    authorize(actor, "capa.work")
    with recorded_change():
        case = worked_case(nonconformity_id)
        case.root_made, case.root_detected = made.strip(), detected.strip()
        check_row(case)
        case.save(update_fields=["root_made", "root_detected"])
        record(
            event="nonconformity.roots_chosen",
            actor=actor,
            now=now,
            obj=case,
            payload=facts(case, made=case.root_made[:300], detected=case.root_detected[:300]),
        )
    return case
