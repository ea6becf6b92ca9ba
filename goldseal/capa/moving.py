"""Between the table of states and a person: why a step is refused, in words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from goldseal.capa.choices import CaseState
from goldseal.capa.models import Action, Nonconformity
from goldseal.capa.rules.lifecycle import MoveRefused
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Forbidden, Invalid

BY_PROGRAM = ("job", "command")
STATE_WORDS: Mapping[str, object] = dict(CaseState.choices)


def is_own_work(row: Nonconformity | Action, actor: Actor) -> bool:
    """Whether this person owns it or submitted it, and so may not review it."""
    return actor.person_id is not None and actor.person_id in (row.owner_id, row.submitted_by_id)


@contextmanager
def refuse_in_words(state: str) -> Iterator[None]:
    """Turn the table's refusal into a sentence: Conflict for the state, Forbidden for the own work, Invalid."""
    try:
        yield
    except MoveRefused as refused:
        if refused.why == "same_person":
            raise Forbidden(_("Nobody reviews or verifies the own work. Ask another person.")) from None
        if refused.why == "reason":
            raise Invalid(fields={"reason": _("Say why in a few words.")}) from None
        raise Conflict(
            _("This step is not possible now: the state is “%(state)s”.") % {"state": str(STATE_WORDS[state])}
        ) from None
