"""The label of an adopted channel: what other bots wrote beside their number, without the number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.stats.counters.counters import label_in


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Members\uff1a 12", "Members"),
        ("Members - 12", "Members"),
        ("Members \u2013 1,234", "Members"),
        ("👥 12 members", "👥 members"),
        ("Members (12)", "Members"),
        ("Members [12]", "Members"),
        ("「12」Members", "Members"),
        ("1.2k Members", "Members"),
        ("Members │ 12", "Members"),
        ("👥│members-12", "👥│members"),
        ("members_12", "members"),
        ("12 345 members", "members"),
        ("12/100 members", "members"),
        ("Members \uff11\uff12", "Members"),
        ("1️⃣2️⃣ members", "members"),
        ("💎 Boosts 5 💎", "💎 Boosts 💎"),
        ("Members → 12", "Members"),
        ("12", ""),
    ],
)
def test_an_old_number_is_no_part_of_the_label(name, label):
    assert label_in(name) == label


@pytest.mark.parametrize("name", ["member-count", "h4x0r", "3D printing", "1st members", "Members", "squad2"])
def test_a_digit_within_a_word_is_part_of_the_label(name):
    assert label_in(name) == name


def test_before_a_colon_a_number_is_part_of_the_label():
    assert label_in("Top 10: 5") == "Top 10"


@given(st.text(max_size=100), st.integers(0, 10**9))
def test_the_label_of_a_name_made_of_a_label_is_that_label(name, number):
    label = label_in(name)
    assert label_in(f"{label}: {number}") == label
