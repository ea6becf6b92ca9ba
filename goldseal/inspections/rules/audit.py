"""An audit of a system: what its answers amount to, section by section and over all, and whether it passes.

Findings are graded as ISO 19011:2018 (6.4.8) lets one grade them: major nonconformity, minor nonconformity; an
observation is worth saying and no nonconformity.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import rfc8785

from goldseal.inspections.rules import checklists
from goldseal.inspections.rules.findings import Reason
from goldseal.inspections.rules.metrics import rounded
from goldseal.inspections.rules.reasons import reason_in_bangla

MAJOR, MINOR, OBSERVATION = "major", "minor", "observation"
GRADES = (MAJOR, MINOR, OBSERVATION)
NOT_APPLICABLE = "na"
NOTE_MIN = 3
DOMAIN = "goldseal.audit/1"

SECTION_TITLES: Mapping[str, tuple[str, str]] = {
    "documents": ("Documents and responsibilities", "ডকুমেন্ট ও দায়িত্ব"),
    "incoming": ("Incoming goods and suppliers", "আগত মাল ও সরবরাহকারী"),
    "process": ("Process control on the line", "লাইনে প্রসেস নিয়ন্ত্রণ"),
    "measuring": ("Measuring and calibration", "মাপ ও ক্যালিব্রেশন"),
    "nonconforming": ("Nonconforming goods and corrective action", "ত্রুটিপূর্ণ মাল ও সংশোধনমূলক ব্যবস্থা"),
    "product_safety": ("Product safety: needles, metal, mould", "পণ্যের নিরাপত্তা: সুই, ধাতু, ছত্রাক"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is on record for a question: the answer as text, the grade of its finding ("" for none), note, photos."""

    value: str
    grade: str = ""
    note: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """Answers that conform, of those that apply. Both are counts, so that sections can be added up."""

    conforming: int = 0
    applicable: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(self.conforming + other.conforming, self.applicable + other.applicable)

    @property
    def percent(self) -> str:
        """Conforming / applicable × 100 with one decimal, halves upwards; "" where nothing applies."""
        if not self.applicable:
            return ""
        return str(rounded(Fraction(100 * self.conforming, self.applicable), places=1))

    def is_below(self, pass_at_pct: int) -> bool:
        """Whether the exact share, not the rounded one, is below so many per cent."""
        return 100 * self.conforming < pass_at_pct * self.applicable


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One question that is asked. `result`: pass, fail, na, pending, or none where no answer is right or wrong."""

    key: str
    section: str
    is_answered: bool
    result: str
    grade: str


@dataclass(frozen=True, slots=True)
class SectionFacts:
    """One section: its score, how many questions are asked and answered, and how many findings of each grade."""

    key: str
    score: Score
    asked: int
    answered: int
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class AuditDecision:
    """What the answers amount to so far. `is_complete`: nothing is left to be answered, so it may be submitted."""

    items: tuple[ItemFacts, ...]
    sections: tuple[SectionFacts, ...]
    score: Score
    verdict: str
    is_complete: bool
    reasons: tuple[Reason, ...]

    @property
    def answered(self) -> int:
        """How many of the questions asked are answered."""
        return sum(item.is_answered for item in self.items)

    def count(self, grade: str) -> int:
        """How many findings there are of a grade."""
        return sum(item.grade == grade for item in self.items)


def decide(
    *, items: Sequence[checklists.Item], answers: Mapping[str, Answer], pass_at_pct: int
) -> AuditDecision:
    """Judge an audit as far as it is answered; `answers` holds the newest of each question, by its key.

    A question counts where an answer can be wrong; "not applicable" and optional questions without an answer are
    left out. The audit fails with any major nonconformity, at once, and, when nothing is open any more, with a
    score below `pass_at_pct` (1 to 100). While something is open it is pending.
    """
    if not 1 <= pass_at_pct <= 100:
        raise ValueError(f"An audit passes from 1 to 100 per cent (got {pass_at_pct})")
    bodies = {str(item["key"]): _body(item, answers) for item in items}
    judged = checklists.decide(items=items, answers=bodies)
    asked = {str(item["key"]): item for item in items}
    facts = tuple(_facts(asked[fact.key], fact, answers.get(fact.key)) for fact in judged.items)
    sections = tuple(_sections(facts))
    score = sum((section.score for section in sections), Score())
    open_reasons = [reason for reason in judged.reasons if reason.verdict == "pending"]
    reasons = [*_failing(facts, asked), *open_reasons]
    if not open_reasons and not score.applicable:
        reasons.append(
            Reason("nothing_applicable", "", "pending", "No question applies; there is nothing to judge")
        )
    is_complete = not any(reason.verdict == "pending" for reason in reasons)
    if is_complete and score.is_below(pass_at_pct):
        words = f"Score {score.percent} % is below {pass_at_pct} %"
        reasons.insert(0, Reason("score_below", "", "fail", words))
    verdict = "pass" if is_complete else "pending"
    if any(reason.verdict == "fail" for reason in reasons):
        verdict = "fail"
    return AuditDecision(facts, sections, score, verdict, is_complete, tuple(reasons))


def answer_problems(*, item: checklists.Item, answer: Answer) -> dict[str, str]:
    """What keeps an answer from being recorded: field → code; empty where nothing does.

    A wrong answer needs its grade and a note that says what was found; any other may carry an observation, and
    then needs the note too. Codes: answer_missing, not_offered, unreadable, grade_missing, grade_too_grave,
    grade_unknown, note_missing.
    """
    judged = checklists.decide(
        items=[{**item, "only_if": None}], answers={item["key"]: body_of(item, answer)}
    )
    codes = {reason.code for reason in judged.reasons}
    if "item_not_offered" in codes or "item_unreadable" in codes:
        return {"answer": "not_offered" if "item_not_offered" in codes else "unreadable"}
    fact = judged.items[0]
    if not fact.is_answered:
        return {"photos" if item["kind"] == "photo" else "answer": "answer_missing"}
    problems: dict[str, str] = {}
    if answer.grade and answer.grade not in GRADES:
        problems["grade"] = "grade_unknown"
    elif fact.is_failing and not answer.grade:
        problems["grade"] = "grade_missing"
    elif not fact.is_failing and answer.grade in (MAJOR, MINOR):
        problems["grade"] = "grade_too_grave"
    if (fact.is_failing or answer.grade) and len(answer.note.strip()) < NOTE_MIN:
        problems["note"] = "note_missing"
    return problems


def can_fail(item: checklists.Item) -> bool:
    """Whether an answer to this question can be wrong; only such questions count for the score."""
    return bool(item.get("failing")) or item.get("min") is not None or item.get("max") is not None


def _body(item: checklists.Item, answers: Mapping[str, Answer]) -> dict[str, Any]:
    answer = answers.get(str(item["key"]))
    return body_of(item, answer) if answer else {}


def body_of(item: checklists.Item, answer: Answer) -> dict[str, Any]:
    """The answer as the rules of checklists read it."""
    body: dict[str, Any] = {"photos": list(answer.photos)}
    if item["kind"] != "photo":
        body[checklists.FIELD_OF[item["kind"]]] = answer.value
    return body


def _facts(item: checklists.Item, fact: checklists.ItemFacts, answer: Answer | None) -> ItemFacts:
    if not can_fail(item):
        result = "none"
    elif not fact.is_answered:
        result = "pending" if item.get("is_required", True) else "none"
    elif fact.value == NOT_APPLICABLE and item["kind"] == "yes_no_na" and not fact.is_failing:
        result = "na"
    else:
        result = "fail" if fact.is_failing else "pass"
    return ItemFacts(fact.key, fact.section, fact.is_answered, result, answer.grade if answer else "")


def _sections(facts: Sequence[ItemFacts]) -> Iterable[SectionFacts]:
    for key in dict.fromkeys(fact.section for fact in facts):
        own = [fact for fact in facts if fact.section == key]
        conforming = sum(fact.result == "pass" for fact in own)
        yield SectionFacts(
            key=key,
            score=Score(conforming, conforming + sum(fact.result == "fail" for fact in own)),
            asked=len(own),
            answered=sum(fact.is_answered for fact in own),
            grades={grade: sum(fact.grade == grade for fact in own) for grade in GRADES},
        )


def _failing(facts: Sequence[ItemFacts], asked: Mapping[str, checklists.Item]) -> Iterable[Reason]:
    for fact in facts:
        if fact.grade == MAJOR:
            words = f"{asked[fact.key]['label_en']}: major nonconformity"
            yield Reason("major_found", fact.section, "fail", words)


def reason_words(*, reason: Reason, items: Sequence[checklists.Item]) -> tuple[str, str]:
    """A reason in English and in Bangla, led by its section and, where it is about a question, by that."""
    bangla = reason_in_bangla(reason, {})
    for item in items:
        if reason.section == item["section"] and reason.message.startswith(f"{item['label_en']}: "):
            bangla = f"{item.get('label_bn') or item['label_en']}: {bangla}"
            break
    title = SECTION_TITLES.get(reason.section)
    return (f"{title[0]}: {reason.message}", f"{title[1]}: {bangla}") if title else (reason.message, bangla)


def content_hash(*, facts: Mapping[str, Any], answers: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 in hex over the canonical JSON (RFC 8785) of what was planned and every answer ever given, in order."""
    whole = {"domain": DOMAIN, **facts, "answers": [dict(answer) for answer in answers]}
    return hashlib.sha256(rfc8785.dumps(whole)).hexdigest()
