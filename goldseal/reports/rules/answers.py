"""What the public is told about a report: valid, altered, superseded, withdrawn or unknown."""

from enum import StrEnum


class Answer(StrEnum):
    """The five answers; only VALID is shown green."""

    VALID = "valid"
    ALTERED = "altered"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


# What the examination of a file found (engine) and what our records say of its very bytes (database).
INTACT = "intact"
ALTERED_FILE = "altered"
_STATES = {
    "sealed": Answer.VALID,
    "superseded": Answer.SUPERSEDED,
    "withdrawn": Answer.WITHDRAWN,
    "erased": Answer.WITHDRAWN,  # REQUIREMENTS ruling 10
}


def answer_of_record(state: str | None) -> Answer:
    """The answer for a token or a digest, from the state of the version it belongs to.

    `state`: sealed, superseded, withdrawn, erased; anything else, None included, is unknown.
    """
    return _STATES.get(state or "", Answer.UNKNOWN)


def answer_of_file(*, examined: str, state: str | None) -> Answer:
    """The answer for a file: its seal must hold and its bytes must be on record.

    `examined`: intact, altered, foreign or unsigned. A seal that holds on bytes we have no record of is
    unknown, never valid: a stolen key alone makes no report (PROMISES §5). The certificate of an erased workspace
    is gone with it; that its very bytes were sealed here is still on record.
    """
    if examined == ALTERED_FILE:
        return Answer.ALTERED
    if state == "erased":
        return Answer.WITHDRAWN
    if examined != INTACT:
        return Answer.UNKNOWN
    return answer_of_record(state)
