"""Checklists: what is asked, what an answer leads to, and what is wrong with a template."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.catalog.rules import questions
from goldseal.inspections.rules import checklists


def item(key: str, **change: Any) -> dict[str, Any]:
    return {
        "key": key,
        "section": "Trims",
        "label_en": key.title(),
        "kind": "yes_no_na",
        "failing": ["no"],
    } | change


ZIP = item("zip")
TEETH = item("teeth", only_if={"key": "zip", "is": ["no"]})
COLOUR = item("colour", kind="choice", choices=["as approved", "off"], failing=["off"])
WEIGHT = item("weight", kind="number", min="280", max="300", failing=[])
PHOTO = item("label", kind="photo", failing=[])


def codes(items: list[dict[str, Any]], answers: dict[str, Any]) -> list[tuple[str, str, str]]:
    got = checklists.decide(items=items, answers=answers)
    return [(reason.code, reason.section, reason.verdict) for reason in got.reasons]


def test_a_full_checklist_passes() -> None:
    answers = {
        "zip": {"answer": "yes"},
        "colour": {"choice": "as approved"},
        "weight": {"number": "280"},
        "label": {"photos": ["a" * 64]},
    }
    got = checklists.decide(items=[ZIP, TEETH, COLOUR, WEIGHT, PHOTO], answers=answers)
    assert got.reasons == ()
    assert got.answered == 4
    assert [fact.value for fact in got.items] == ["yes", "as approved", "280", "1"]


def test_unanswered_items_are_pending_where_required() -> None:
    items = [ZIP, item("remark", kind="text", failing=[], is_required=False), PHOTO]
    assert codes(items, {}) == [("item_unanswered", "Trims", "pending")] * 2
    assert checklists.decide(items=items, answers={}).reasons[0].message == "Zip: not answered yet"


def test_an_answer_to_a_hidden_item_counts_nothing() -> None:
    answers = {"zip": {"answer": "yes"}, "teeth": {"answer": "no"}}
    assert codes([ZIP, TEETH], answers) == []
    assert len(codes([ZIP, TEETH], answers | {"zip": {"answer": "no"}})) == 2
    # What a hidden item would open stays hidden.
    deeper = item("slider", only_if={"key": "teeth", "is": ["no"]})
    shown = checklists.visible_items(items=[ZIP, TEETH, deeper], answers=answers)
    assert [one["key"] for one in shown] == ["zip"]


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("280", []),
        ("300", []),
        ("279.9", [("item_fail", "Trims", "fail")]),
        ("300.1", [("item_fail", "Trims", "fail")]),
        ("1e999999999", [("item_unreadable", "Trims", "pending")]),
    ],
)
def test_numbers_have_a_range(number: str, found: list[tuple[str, str, str]]) -> None:
    assert codes([WEIGHT], {"weight": {"number": number}}) == found


def test_hold_and_automatic_fail() -> None:
    no = {"zip": {"answer": "no"}}
    assert codes([item("zip", severity_on_fail="hold")], no) == [("item_hold", "Trims", "hold")]
    assert codes([item("zip", is_auto_fail=True)], no) == [("auto_fail", "", "fail")]
    assert checklists.decide(items=[item("zip", is_auto_fail=True)], answers=no).is_auto_failed
    assert not checklists.decide(items=[ZIP], answers=no).is_auto_failed
    assert codes([ZIP], {"zip": {"answer": "na"}}) == []


def test_photos_on_demand() -> None:
    on_fail = item("zip", needs_photo="on_fail")
    assert codes([on_fail], {"zip": {"answer": "yes"}}) == []
    missing = ("item_photo_missing", "Trims", "pending")
    assert codes([on_fail], {"zip": {"answer": "no"}}) == [("item_fail", "Trims", "fail"), missing]
    assert codes([item("zip", needs_photo="always")], {"zip": {"answer": "yes"}}) == [missing]
    assert codes([item("zip", needs_photo="always")], {"zip": {"answer": "yes", "photos": ["a"]}}) == []


def test_an_answer_the_item_does_not_offer() -> None:
    assert codes([COLOUR], {"colour": {"choice": "blue"}}) == [("item_not_offered", "Trims", "pending")]


def test_a_sound_template_has_no_problems() -> None:
    assert questions.check_template(items=[ZIP, TEETH, COLOUR, WEIGHT, PHOTO]) == []


@pytest.mark.parametrize(
    ("items", "problem"),
    [
        ([ZIP, ZIP], "Item 2 (zip): the key zip is used twice"),
        ([TEETH, ZIP], "Item 1 (teeth): its condition names 'zip', which is no earlier item"),
        ([item("zip", only_if={"key": "zip", "is": ["no"]})], "which is no earlier item"),
        (
            [ZIP, item("t", only_if={"key": "zip", "is": ["maybe"]})],
            "asks for 'maybe', which zip cannot have",
        ),
        ([ZIP, item("t", only_if={"key": "zip", "is": []})], "its condition names no answer"),
        ([WEIGHT, item("t", only_if={"key": "weight", "is": ["1"]})], "neither yes/no nor choice"),
        ([item("c", kind="choice", failing=[])], "a choice needs choices, each named once"),
        ([item("c", kind="choice", choices=["a", "a"], failing=[])], "a choice needs choices"),
        ([COLOUR | {"failing": ["red"]}], "the failing answer 'red' cannot be given"),
        ([WEIGHT | {"min": 301}], "min 301 is above max 300"),
        ([WEIGHT | {"min": "much"}], "'much' is no number"),
        ([WEIGHT | {"failing": ["290"]}], "a number has min and max"),
        ([item("zip", max=3)], "min and max are for numbers"),
        ([item("zip", kind="tick")], "kind must be one of yes_no_na, number"),
        ([item("zip", needs_photo="maybe")], "needs_photo must be one of always, on_fail (got 'maybe')"),
        ([item("zip", severity_on_fail="warn")], "severity_on_fail must be one of fail, hold (got 'warn')"),
        ([item("")], "Item 1: a key is needed"),
        ([item("zip", section="")], "a section is needed"),
        ([item("zip", label_en="")], "an English label is needed"),
    ],
)
def test_what_is_wrong_with_a_template(items: list[dict[str, Any]], problem: str) -> None:
    problems = questions.check_template(items=items)
    assert any(problem in sentence for sentence in problems), problems


yes_no = st.sampled_from(["yes", "no", "na"])
chains = st.lists(st.sampled_from(["yes", "no"]), min_size=1, max_size=6)


@given(chains, st.lists(yes_no, max_size=6))
def test_a_chain_of_conditions_is_shown_as_far_as_it_holds(wanted: list[str], given_: list[str]) -> None:
    items = [
        item(f"k{place}", **({"only_if": {"key": f"k{place - 1}", "is": [wanted[place]]}} if place else {}))
        for place in range(len(wanted))
    ]
    assert questions.check_template(items=items) == []
    answers = {f"k{place}": {"answer": answer} for place, answer in enumerate(given_)}
    shown = 1
    while shown < len(wanted) and shown <= len(given_) and given_[shown - 1] == wanted[shown]:
        shown += 1
    assert len(checklists.visible_items(items=items, answers=answers)) == shown
