"""How an entry is hashed, so that anybody can recompute a chain from an export.

entry hash = SHA-256 over the canonical JSON (RFC 8785) of the entry's fields, the hash of the entry
before it and a salted commitment to the payload. Destroying payload and salt leaves the chain
verifiable and the content unrecoverable (REQUIREMENTS, ruling 7).
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785

GENESIS = "0" * 64
DOMAIN = "goldseal.trail/1"


def commitment(salt: bytes, payload: Mapping[str, Any]) -> str:
    """Hex SHA-256 over a domain tag, the salt and the canonical payload."""
    return hashlib.sha256(b"goldseal.payload/1\0" + salt + rfc8785.dumps(dict(payload))).hexdigest()


def entry_hash(fields: Mapping[str, Any]) -> str:
    """Hex SHA-256 over the canonical JSON of the hashed fields (all strings and integers)."""
    return hashlib.sha256(rfc8785.dumps({"domain": DOMAIN, **fields})).hexdigest()


def around_place(fields: Mapping[str, Any]) -> tuple[str, str]:
    """The text that `entry_hash` digests, before and after what only the chain's head knows.

    Between the two parts stand `"previous":"…","sequence":…`, which the database fills in while it holds the
    head. No field can fake that mark: inside a text its quotation marks are escaped.
    """
    mark = '"previous":"","sequence":0'
    whole = rfc8785.dumps({"domain": DOMAIN, **fields, "previous": "", "sequence": 0}).decode()
    before, _mark, after = whole.partition(mark)
    return before, after


@dataclass(frozen=True, slots=True)
class ChainProblem:
    """The first entry at which a chain stops being what it was."""

    sequence: int
    reason: str


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One entry as the verifier needs it. `payload` and `salt` are None once destroyed."""

    sequence: int
    previous: str
    hash: str
    fields: Mapping[str, Any]
    commitment: str
    salt: bytes | None
    payload: Mapping[str, Any] | None


def first_problem(
    links: Iterable[ChainLink], *, head: tuple[int, str] | None, anchors: Mapping[int, str]
) -> tuple[int, ChainProblem | None]:
    """Walk a chain in order of sequence; returns (entries seen, first problem or None).

    `head` is the stored (sequence, hash) of the last entry, `anchors` maps a sequence to the hash
    that was signed for it: cutting off the tail or rewriting everything shows against these.
    """
    previous, seen = GENESIS, 0
    for link in links:
        seen += 1
        problem = _problem_of(link, expected_sequence=seen, previous=previous)
        if not problem and anchors.get(link.sequence, link.hash) != link.hash:
            problem = "differs from the signed anchor"
        if problem:
            return seen, ChainProblem(seen, problem)
        previous = link.hash
    beyond = [sequence for sequence in anchors if sequence > seen]
    if beyond:
        return seen, ChainProblem(seen + 1, f"is missing: a signed anchor covers entry {max(beyond)}")
    if head is not None and head != (seen, previous if seen else GENESIS):
        return seen, ChainProblem(seen + 1, "is missing: the chain's head is ahead of its entries")
    return seen, None


def _problem_of(link: ChainLink, *, expected_sequence: int, previous: str) -> str:
    if link.sequence != expected_sequence:
        return f"is missing: the next entry found is number {link.sequence}"
    if link.previous != previous:
        return "does not follow the entry before it"
    if (
        entry_hash(
            {
                **link.fields,
                "sequence": link.sequence,
                "previous": link.previous,
                "commitment": link.commitment,
            }
        )
        != link.hash
    ):
        return "was changed after it was written"
    if (
        link.payload is not None
        and link.salt is not None
        and commitment(link.salt, link.payload) != link.commitment
    ):
        return "has a payload that was changed after it was written"
    return ""
