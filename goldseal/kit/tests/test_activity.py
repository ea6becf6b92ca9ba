"""Facts of an entry read in the language of the page: days, decimals, changes from one to the other."""

import pytest
from django.utils import translation

from goldseal.kit import activity


@pytest.mark.parametrize(
    ("language", "facts", "said"),
    [
        ("en", {"due": "2026-03-21", "rate": "0.42", "number": "NC-2026-000001"}, "due 21 Mar 2026, rate 0.42, number NC-2026-000001"),
        ("bn", {"due": "2026-03-21", "rate": "0.42", "number": "NC-2026-000001"}, "due ২১ মার্চ ২০২৬, rate ০.৪২, number NC-2026-000001"),
        ("bn", {"due": ["2026-03-21", "2026-04-02"], "rate": ["1.00", "0.50"], "number": 7}, "due ২১ মার্চ ২০২৬ → ২ এপ্রি. ২০২৬, rate ১.০০ → ০.৫০, number ৭"),
        ("bn", {"due": "2026-13-45", "rate": "HC-220", "number": "7001"}, "due 2026-13-45, rate HC-220, number 7001"),
    ],
)  # fmt: skip
def test_days_and_decimals_read_as_the_page(
    monkeypatch: pytest.MonkeyPatch, language: str, facts: dict[str, object], said: str
) -> None:
    monkeypatch.setitem(activity._SENTENCES, "test.due", "due {due}, rate {rate}, number {number}")
    with translation.override(language):
        assert activity.sentence_for("test.due", facts) == said
