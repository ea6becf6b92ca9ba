"""Canonical JSON against the examples of RFC 8785 and an independent serialisation."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.reports.engine.canonical import NotCanonicalError, canonical_json, content_hash

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=0x7F)), inner, max_size=4)
    ),
    max_leaves=12,
)


def test_published_example():
    # RFC 8785 §3.2.2 and §3.2.3
    record = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    expected = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    assert canonical_json(record=record) == expected.encode()


@given(st.dictionaries(st.text(st.characters(max_codepoint=0x7F)), plain, max_size=5))
def test_agrees_with_an_independent_serialisation(record):
    # For ASCII keys and whole numbers, sorted compact JSON is the canonical form.
    independent = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert canonical_json(record=record) == independent


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800", object()])
def test_what_json_cannot_say_is_refused(value):
    with pytest.raises(NotCanonicalError, match="canonical JSON"):
        canonical_json(record={"value": value})


def test_hash_is_sha256_of_the_bytes():
    assert content_hash(canonical=b"{}") == hashlib.sha256(b"{}").hexdigest()
