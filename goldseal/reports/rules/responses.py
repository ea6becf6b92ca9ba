"""What a buyer may answer to a report, and what each answer must say."""

from collections.abc import Mapping, Sequence

ACKNOWLEDGE, CONCESSION, REJECT, COMMENT = "acknowledge", "concession", "reject", "comment"
DECISIVE = (ACKNOWLEDGE, CONCESSION, REJECT)
SHORTEST_TEXT, LONGEST_TEXT = 5, 2000


def problems_of(*, kind: str, name: str, text: str) -> Mapping[str, str]:
    """What keeps an answer from being taken: the field and a code (`kind`, `name`, `missing`, `long`).

    A concession says which deviation is accepted, a rejection why, a comment what; receipt needs no words.
    """
    found = {}
    if kind not in (*DECISIVE, COMMENT):
        found["kind"] = "kind"
    if not 2 <= len(name.strip()) <= 120:
        found["name"] = "name"
    if len(text.strip()) > LONGEST_TEXT:
        found["text"] = "long"
    elif kind != ACKNOWLEDGE and len(text.strip()) < SHORTEST_TEXT:
        found["text"] = "missing"
    return found


def standing(kinds: Sequence[str]) -> str:
    """The answer that stands after all given ones, oldest first: the last that is not a comment, or nothing."""
    decisive = [kind for kind in kinds if kind in DECISIVE]
    return decisive[-1] if decisive else ""
