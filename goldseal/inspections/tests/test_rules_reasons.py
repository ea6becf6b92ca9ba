"""Every reason that a rule can give has its words in Bangla."""

import ast
from pathlib import Path

import pytest

from goldseal.inspections.rules import reasons
from goldseal.inspections.rules.findings import Reason
from goldseal.inspections.rules.switching import _SENTENCES

RULES = Path(reasons.__file__).parent
# These modules yield (code, …) tuples that become reasons.
YIELDING = ("four_point", "packing", "checklists")


def codes_in(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        first: ast.expr | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            first = node.args[0] if node.func.id in ("Reason", "pending") else None
        elif isinstance(node, ast.Yield | ast.Return) and path.stem in YIELDING:
            first = node.value.elts[0] if isinstance(node.value, ast.Tuple) else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            found.add(first.value)
    return found


@pytest.mark.parametrize("path", sorted(RULES.glob("*.py")), ids=lambda path: path.stem)
def test_every_code_has_bangla_words(path: Path) -> None:
    for code in codes_in(path):
        words = reasons.reason_in_bangla(Reason(code, "", "pending", ""), {})
        assert words, code
        assert any("\u0980" <= sign <= "\u09ff" for sign in words), code


def test_the_scan_finds_the_codes() -> None:
    assert {"roll_over_limit", "too_few_rolls"} <= codes_in(RULES / "four_point.py")
    assert {"ratio_wrong", "barcode_mismatch"} <= codes_in(RULES / "packing.py")
    assert "conflict" in codes_in(RULES / "findings.py")
    assert "nothing_measured" in codes_in(RULES / "verdict.py")


def test_words_are_led_by_the_section() -> None:
    reason = Reason("ratio_wrong", "packing", "fail", "")
    assert reasons.reason_in_bangla(reason, {"packing": ("Packing", "প্যাকিং")}) == "প্যাকিং: কার্টনের অ্যাসোর্ট ভুল"
    assert reasons.reason_in_bangla(Reason("unheard_of", "packing", "fail", ""), {}) == ""


def test_why_switching_stands_has_bangla_words() -> None:
    for code in (*_SENTENCES, "two_of_five_rejected"):
        assert reasons.switching_in_bangla(code)
    assert reasons.switching_in_bangla("unheard_of") == ""
