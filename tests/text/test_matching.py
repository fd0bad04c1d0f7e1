"""Matching of typed names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.text.matching import best_matches

NAMES = ("Raid", "Raid night", "The great raid", "Café")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("raid", ["Raid"]),
        ("raid n", ["Raid night"]),
        ("  RAID   night ", ["Raid night"]),
        ("rai", ["Raid", "Raid night"]),
        ("great", ["The great raid"]),
        ("rea", ["The great raid"]),
        ("ＣＡＦÉ", ["Café"]),
        ("quiz", []),
        ("   ", []),
    ],
)
def test_equal_names_come_before_prefixes_and_these_before_substrings(typed, found):
    assert best_matches(typed, [(name, name) for name in NAMES]) == found


@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=1, unique_by=lambda name: name.casefold()), st.data())
def test_matches_contain_the_typed_text_and_full_names_are_always_found(names, data):
    name = data.draw(st.sampled_from(names))
    assert name in best_matches(name, [(one, one) for one in names])


def test_the_start_of_a_word_comes_before_its_middle():
    days = ["Thu 8 Jan", "Sun 18 Jan"]
    assert best_matches("8 jan", [(day, day) for day in days]) == ["Thu 8 Jan"]
