"""The states of a nonconformity and of each action, and who moves what where (DOMAIN §8), as one table."""

from collections.abc import Mapping
from dataclasses import dataclass

OPEN, IN_PROGRESS, SUBMITTED, IN_REVIEW = "open", "in_progress", "submitted", "in_review"
DECLINED, APPROVED, VERIFIED, CLOSED, REOPENED = "declined", "approved", "verified", "closed", "reopened"
STATES = (OPEN, IN_PROGRESS, SUBMITTED, IN_REVIEW, DECLINED, APPROVED, VERIFIED, CLOSED, REOPENED)

BEGIN, SUBMIT, TAKE_UP = "begin", "submit", "take_up"
APPROVE, DECLINE, VERIFY, CLOSE, REOPEN = "approve", "decline", "verify", "close", "reopen"

WORKER, REVIEWER, PROGRAM = "worker", "reviewer", "program"
# Where somebody still works on it, and where it waits for somebody else.
WITH_WORKER = frozenset({OPEN, IN_PROGRESS, DECLINED, REOPENED})
WITH_REVIEWER = frozenset({SUBMITTED, IN_REVIEW, APPROVED})


@dataclass(frozen=True, slots=True)
class Move:
    """A step: from which states, to which one, by whom, and whether a reason is needed."""

    code: str
    sources: frozenset[str]
    target: str
    by: str
    needs_reason: bool = False


MOVES: Mapping[str, Move] = {
    move.code: move
    for move in (
        Move(BEGIN, frozenset({OPEN, DECLINED, REOPENED}), IN_PROGRESS, WORKER),
        Move(SUBMIT, frozenset({IN_PROGRESS}), SUBMITTED, WORKER),
        Move(TAKE_UP, frozenset({SUBMITTED}), IN_REVIEW, REVIEWER),
        Move(APPROVE, frozenset({IN_REVIEW}), APPROVED, REVIEWER),
        Move(DECLINE, frozenset({IN_REVIEW}), DECLINED, REVIEWER, needs_reason=True),
        Move(VERIFY, frozenset({APPROVED}), VERIFIED, REVIEWER),
        # Nobody closes by hand: the numbers do (rules.effect), and they reopen too.
        Move(CLOSE, frozenset({VERIFIED}), CLOSED, PROGRAM),
        Move(REOPEN, frozenset({VERIFIED, CLOSED}), REOPENED, REVIEWER, needs_reason=True),
    )
}


class MoveRefused(ValueError):
    """The step is not possible now; `why` is state, same_person or reason."""

    def __init__(self, why: str, code: str, state: str) -> None:
        self.why = why
        super().__init__(f"{code} is refused in state {state}: {why}")


def moves_from(state: str) -> tuple[Move, ...]:
    """The steps that lead on from a state, in the table's order."""
    return tuple(move for move in MOVES.values() if state in move.sources)


def after(*, state: str, code: str, is_own_work: bool = False, reason: str = "") -> str:
    """The state after a step.

    Raises MoveRefused where the table has no such step from here, where somebody who owns or submitted it would
    review or verify the own work (the verifier is another person, DOMAIN §8), or where a reason of three
    letters is missing.
    """
    move = MOVES.get(code)
    if move is None or state not in move.sources:
        raise MoveRefused("state", code, state)
    if move.by == REVIEWER and code != REOPEN and is_own_work:
        raise MoveRefused("same_person", code, state)
    if move.needs_reason and len(reason.strip()) < 3:
        raise MoveRefused("reason", code, state)
    return move.target
