"""What is wrong with a pack, as sentences with their line, in the language of the page."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from goldseal.kit.wording import in_digits_of_page
from goldseal.reports.packs.lines import Lines, Place

SAID_MAX, NAMED_MAX, KNOWN_MAX = 20, 80, 30


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a pack: the line (from 1), the place, and a sentence."""

    line: int
    place: str
    sentence: str

    def __str__(self) -> str:
        line = _("Line %(line)s:") % {"line": in_digits_of_page(str(self.line))}
        return " ".join(part for part in (line, self.place and f"{self.place}:", self.sentence) if part)


class PackError(ValueError):
    """The pack cannot be used; `problems` names the first places by line, `more` counts those left unsaid."""

    def __init__(self, problems: Sequence[Problem], *, more: int = 0) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        self.more = more
        super().__init__(" ".join(str(problem) for problem in self.problems[:8]))

    def sentences(self) -> list[str]:
        """What to tell: each problem, and how many more there are."""
        said = [str(problem) for problem in self.problems]
        if self.more:
            said.append(
                _("Problems besides these: %(count)s.") % {"count": in_digits_of_page(str(self.more))}
            )
        return said


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem not yet told by line: what was written and what is known there become a suggestion."""

    place: Place
    sentence: str
    wrong: str = ""
    known: Sequence[str] = ()


def one_problem(sentence: str, *, line: int = 1, place: str = "") -> PackError:
    """The error for a single thing that is wrong."""
    return PackError([Problem(line, place, sentence)])


def refused(findings: Sequence[Finding], text: str) -> PackError:
    """The first problems by line in words; words cost time, so the rest is only counted."""
    lines = Lines(text)
    placed = sorted(((lines.of(one.place), one) for one in findings), key=lambda pair: pair[0])
    said = [Problem(line, _dotted(one.place), _ended(_with_hint(one))) for line, one in placed[:SAID_MAX]]
    return PackError(said, more=max(0, len(placed) - SAID_MAX))


def shortened(text: str) -> str:
    """A text that may be long, short enough to be named in a sentence."""
    return text if len(text) <= NAMED_MAX else f"{text[:NAMED_MAX]}…"


def _with_hint(one: Finding) -> str:
    near = difflib.get_close_matches(one.wrong[:NAMED_MAX], one.known, n=1, cutoff=0.6)
    if near:
        return _("%(problem)s; did you mean %(near)s?") % {"problem": one.sentence, "near": near[0]}
    if one.known:
        return _("%(problem)s; there are %(known)s") % {
            "problem": one.sentence,
            "known": ", ".join(one.known[:KNOWN_MAX]),
        }
    return one.sentence


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(("?", ".", "।")) else sentence + _(".")


def _dotted(place: Place) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{shortened(part)}" for part in place).lstrip(
        "."
    )
