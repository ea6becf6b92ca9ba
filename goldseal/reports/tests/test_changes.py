"""What changed between two records, said in both languages; and the answers to the public."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.reports.rules.answers import Answer, answer_of_file, answer_of_record
from goldseal.reports.rules.changes import LONGEST, describe_changes
from goldseal.reports.tests import example

SHAS = ["a" * 64, "b" * 64]


def _edited(change):
    after = copy.deepcopy(example.record(shas=SHAS))
    change(after)
    return after


def _drop_and_add(record):
    record["defects"][0]["pieces"] = 9
    record["defects"][2:4] = []


CASES = [
    (lambda r: None, "The record is unchanged; issued anew.", "তথ্য একই আছে; নতুন করে ইস্যু করা হয়েছে।"),
    (lambda r: r["verdict"].update(overall="pass"), "Verdict: fail → pass.", "ফলাফল: ফেল → পাস।"),
    (
        lambda r: r["header"].update(ship_quantity=3190),
        "Ship quantity: 3198 → 3190.",
        "শিপ পরিমাণ: 3198 → 3190।",
    ),
    (lambda r: r["header"].update(port=""), "Port: Chattogram → –.", "বন্দর: Chattogram → –।"),
    (lambda r: r["counts"][1].update(counted=2), "Major counted: 3 → 2.", "মেজর গণনা: 3 → 2।"),
    (_drop_and_add, "Defects: 2 removed, 1 changed.", "ত্রুটি: ২টি বাদ গেছে, ১টি বদলেছে।"),
    (lambda r: r["photos"].pop(), "Photos: 1 removed.", "ছবি: ১টি বাদ গেছে।"),
    (lambda r: r["sections"][5].update(verdict="pass"), "Workmanship: fail → pass.", "কারিগরি মান: ফেল → পাস।"),
    (
        lambda r: r["sections"][1].update(remarks="Seen again."),
        "Shipping marks: answers or remarks changed.",
        "শিপিং মার্ক: উত্তর বা মন্তব্য বদলেছে।",
    ),
    (lambda r: r["report"].update(language="bn"), "Language: English → Bangla.", "ভাষা: ইংরেজি → বাংলা।"),
    (lambda r: r.pop("measurement"), "Measurement: changed.", "মাপ: বদলেছে।"),
    (
        lambda r: r["pareto"].pop(),
        "The record is unchanged; issued anew.",
        "তথ্য একই আছে; নতুন করে ইস্যু করা হয়েছে।",
    ),
]


@pytest.mark.parametrize(("change", "english", "bangla"), CASES)
def test_change_in_words(change, english, bangla) -> None:
    before, after = example.record(shas=SHAS), _edited(change)
    if before["counts"][1]["counted"] != 3 and "Major" in english:
        before["counts"][1]["counted"] = 3
    assert describe_changes(before=before, after=after, language="en") == english
    assert describe_changes(before=before, after=after, language="bn") == bangla
    assert describe_changes(before=before, after=after, language="both") == f"{english} / {bangla}"


@given(
    st.dictionaries(st.text(max_size=12), st.text(max_size=300), max_size=60),
    st.dictionaries(st.text(max_size=12), st.text(max_size=300), max_size=60),
    st.sampled_from(["en", "bn", "both"]),
)
def test_words_fit_the_record_whatever_changed(old, new, language) -> None:
    said = describe_changes(before={"header": old}, after={"header": new}, language=language)
    assert 0 < len(said) <= LONGEST + 10
    assert ("unchanged" in said) == (old == new) or language == "bn"


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        ("sealed", Answer.VALID),
        ("superseded", Answer.SUPERSEDED),
        ("withdrawn", Answer.WITHDRAWN),
        ("erased", Answer.WITHDRAWN),
        ("queued", Answer.UNKNOWN),
        ("failed", Answer.UNKNOWN),
        (None, Answer.UNKNOWN),
    ],
)
def test_only_an_intact_file_gets_the_answer_of_its_record(state, answer) -> None:
    assert answer_of_record(state) is answer
    assert answer_of_file(examined="intact", state=state) is answer
    assert answer_of_file(examined="altered", state=state) is Answer.ALTERED
    # The certificate of an erased workspace is gone with it; the digest of the very bytes is still on record.
    without_certificate = Answer.WITHDRAWN if state == "erased" else Answer.UNKNOWN
    for other in ("foreign", "unsigned", "anything"):
        assert answer_of_file(examined=other, state=state) is without_certificate
