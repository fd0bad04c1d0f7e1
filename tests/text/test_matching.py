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
def test_the_same_name_comes_before_those_that_begin_with_it_and_these_before_those_that_contain_it(typed, found):
    assert best_matches(typed, [(name, name) for name in NAMES]) == found


@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=1, unique_by=lambda name: name.casefold()), st.data())
def test_whatever_is_found_contains_what_was_typed_and_a_whole_name_is_always_found(names, data):
    name = data.draw(st.sampled_from(names))
    assert name in best_matches(name, [(one, one) for one in names])


def test_the_start_of_a_word_comes_before_its_middle():
    days = ["Thu 8 Jan", "Sun 18 Jan"]
    assert best_matches("8 jan", [(day, day) for day in days]) == ["Thu 8 Jan"]
