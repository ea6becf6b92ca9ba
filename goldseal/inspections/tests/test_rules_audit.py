"""An audit's score and verdict: examples counted by hand, and what holds for any answers."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.catalog.choices import AuditSection
from goldseal.inspections.rules.audit import (
    SECTION_TITLES,
    Answer,
    Score,
    answer_problems,
    content_hash,
    decide,
    reason_words,
)


def ask(key: str, section: str = "documents", **more) -> dict:
    asked = {"key": key, "section": section, "label_en": key.title(), "kind": "yes_no_na", "failing": ["no"]}
    return {**asked, "is_required": True, **more}


ITEMS = [
    ask("a"),
    ask("b"),
    ask("c", "process"),
    ask("d", "process"),
    ask("e", "process"),
    ask("lux", "measuring", kind="number", failing=[], min="1000", max=None),
    ask("words", "measuring", kind="text", failing=[], is_required=False),
]
YES, NA = Answer("yes"), Answer("na")
MINOR = Answer("no", "minor", "Not found")
MAJOR = Answer("no", "major", "Not found")


def judged(pass_at: int = 80, **answers: Answer):
    return decide(items=ITEMS, answers=answers, pass_at_pct=pass_at)


def test_counted_by_hand() -> None:
    got = judged(a=YES, b=MINOR, c=YES, d=NA, e=YES, lux=Answer("1200"))
    # documents 1 of 2, process 2 of 2 (one does not apply), measuring 1 of 1: 4 of 5.
    counts = {s.key: (s.score.conforming, s.score.applicable, s.score.percent) for s in got.sections}
    assert counts == {"documents": (1, 2, "50.0"), "process": (2, 2, "100.0"), "measuring": (1, 1, "100.0")}
    # Summed and not averaged: the mean of the three sections would be 83.3.
    assert (got.score, got.score.percent) == (Score(4, 5), "80.0")
    assert (got.verdict, got.is_complete, got.reasons) == ("pass", True, ())
    below = judged(81, a=YES, b=MINOR, c=YES, d=NA, e=YES, lux=Answer("1200"))
    assert (below.verdict, [r.code for r in below.reasons]) == ("fail", ["score_below"])
    assert below.reasons[0].message == "Score 80.0 % is below 81 %"


def test_the_exact_share_decides_and_not_the_rounded_one() -> None:
    assert Score(1699, 2000).percent == "85.0"  # 84.95
    assert Score(1699, 2000).is_below(85)
    assert not Score(17, 20).is_below(85)
    assert Score().percent == ""


def test_a_major_nonconformity_fails_at_once_and_whatever_the_score() -> None:
    early = judged(1, a=MAJOR)
    assert (early.verdict, early.is_complete) == ("fail", False)
    late = judged(1, a=MAJOR, b=YES, c=YES, d=YES, e=YES, lux=Answer("1000"))
    assert (late.verdict, late.score.percent, late.count("major")) == ("fail", "83.3", 1)
    assert [(r.code, r.section) for r in late.reasons] == [("major_found", "documents")]


def test_what_is_open_keeps_it_pending_and_optional_questions_do_not() -> None:
    got = judged(a=YES, b=YES, c=YES, d=YES, e=YES)
    assert (got.verdict, [r.code for r in got.reasons]) == ("pending", ["item_unanswered"])
    assert judged(a=YES, b=YES, c=YES, d=YES, e=YES, lux=Answer("1000")).verdict == "pass"


def test_a_number_outside_its_range_counts_as_wrong() -> None:
    got = judged(100, a=YES, b=YES, c=YES, d=YES, e=YES, lux=Answer("999", "minor", "Two tables"))
    assert got.score == Score(5, 6)
    assert next(i for i in got.items if i.key == "lux").result == "fail"


def test_nothing_applicable_is_no_pass() -> None:
    items = [ask("a"), ask("b")]
    got = decide(items=items, answers={"a": NA, "b": NA}, pass_at_pct=85)
    assert (got.verdict, got.is_complete) == ("pending", False)
    assert [r.code for r in got.reasons] == ["nothing_applicable"]


def test_a_question_that_is_no_longer_asked_counts_for_nothing() -> None:
    items = [ask("a", failing=[]), ask("b", only_if={"key": "a", "is": ["yes"]}), ask("c")]
    answers = {"a": Answer("no"), "b": MAJOR, "c": YES}
    got = decide(items=items, answers=answers, pass_at_pct=100)
    assert (got.verdict, got.score, got.count("major")) == ("pass", Score(1, 1), 0)


def test_a_missing_photo_keeps_it_open() -> None:
    items = [ask("a", needs_photo="on_fail")]
    assert decide(items=items, answers={"a": YES}, pass_at_pct=1).is_complete
    assert [r.code for r in decide(items=items, answers={"a": MINOR}, pass_at_pct=1).reasons] == [
        "item_photo_missing"
    ]
    shown = Answer("no", "minor", "Not found", ("0" * 64,))
    assert decide(items=items, answers={"a": shown}, pass_at_pct=1).is_complete


@pytest.mark.parametrize(
    ("item", "answer", "problems"),
    [
        (ask("a"), YES, {}),
        (ask("a"), MINOR, {}),
        (ask("a"), Answer("yes", "observation", "Very tidy"), {}),
        (ask("a"), Answer(""), {"answer": "answer_missing"}),
        (ask("a"), Answer("maybe"), {"answer": "not_offered"}),
        (ask("a"), Answer("no"), {"grade": "grade_missing", "note": "note_missing"}),
        (ask("a"), Answer("no", "minor", " x "), {"note": "note_missing"}),
        (ask("a"), Answer("no", "huge", "Found"), {"grade": "grade_unknown"}),
        (ask("a"), Answer("yes", "major", "Found"), {"grade": "grade_too_grave"}),
        (ask("a"), Answer("yes", "observation"), {"note": "note_missing"}),
        (ITEMS[5], Answer("bright"), {"answer": "unreadable"}),
        (ITEMS[5], Answer("900"), {"grade": "grade_missing", "note": "note_missing"}),
        (ask("p", kind="photo", failing=[]), Answer(""), {"photos": "answer_missing"}),
        (ask("b", only_if={"key": "a", "is": ["yes"]}), YES, {}),
    ],
)
def test_what_an_answer_needs(item, answer, problems) -> None:
    assert answer_problems(item=item, answer=answer) == problems


def test_a_threshold_outside_its_range_is_refused() -> None:
    with pytest.raises(ValueError, match="from 1 to 100"):
        judged(0)


@given(st.lists(st.sampled_from(["yes", "no", "na", ""]), min_size=1, max_size=40), st.integers(1, 100))
def test_any_answers(given_answers: list[str], pass_at: int) -> None:
    sections = list(AuditSection.values)
    items = [ask(f"k{n}", sections[n % 6]) for n in range(len(given_answers))]
    answers = {
        f"k{n}": Answer(value, "minor" if value == "no" else "", "Seen" if value == "no" else "")
        for n, value in enumerate(given_answers)
        if value
    }
    got = decide(items=items, answers=answers, pass_at_pct=pass_at)
    good, bad = given_answers.count("yes"), given_answers.count("no")
    assert got.score == Score(good, good + bad)
    assert sum((s.score for s in got.sections), Score()) == got.score
    assert (got.verdict == "pending") == ("" in given_answers or not good + bad)
    if got.is_complete:
        share = Decimal(100 * good) / Decimal(good + bad)
        assert got.verdict == ("fail" if share < pass_at else "pass")
        assert got.score.percent == str(share.quantize(Decimal("0.1"), ROUND_HALF_UP))


@given(st.integers(0, 9), st.integers(0, 9), st.integers(1, 100))
def test_a_better_answer_never_makes_it_worse(good: int, bad: int, pass_at: int) -> None:
    if bad and not Score(good, good + bad).is_below(pass_at):
        assert not Score(good + 1, good + bad).is_below(pass_at)


def test_reasons_name_their_question_in_both_languages() -> None:
    items = [ask("a", label_en="Posted: on the wall?", label_bn="টাঙানো?"), ask("b", "process")]
    got = decide(items=items, answers={"a": MAJOR}, pass_at_pct=50)
    assert [reason_words(reason=reason, items=items) for reason in got.reasons] == [
        (
            "Documents and responsibilities: Posted: on the wall?: major nonconformity",
            "ডকুমেন্ট ও দায়িত্ব: টাঙানো?: গুরুতর অসঙ্গতি (মেজর) পাওয়া গেছে",
        ),
        (
            "Process control on the line: B: not answered yet",
            "লাইনে প্রসেস নিয়ন্ত্রণ: B: একটি প্রশ্নের উত্তর দেওয়া হয়নি",
        ),
    ]


def test_titles_are_those_of_the_catalog() -> None:
    assert {key: english for key, (english, _bangla) in SECTION_TITLES.items()} == dict(AuditSection.choices)


def test_the_hash_sees_every_answer_and_their_order() -> None:
    one, two = {"id": "1", "answer": "yes"}, {"id": "2", "answer": "no"}
    facts = {"audit": "x"}
    hashes = {content_hash(facts=facts, answers=rows) for rows in ([], [one], [one, two], [two, one], [two])}
    assert len(hashes) == 5
    assert content_hash(facts={"audit": "y"}, answers=[]) not in hashes
