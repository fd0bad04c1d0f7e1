"""How alike names are: against the table that the definition gives, worked out cell by cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.music.catalogue.likeness import ALIKE, likeness, most_alike, possible, possible_lengths

WORDS = st.text(alphabet="abcdé🦊 ", max_size=30)


def longest_common(one, other):
    row = [0] * (len(other) + 1)
    for letter in one:
        before, row = row, [0]
        for index, beside in enumerate(other):
            row.append(before[index] + 1 if letter == beside else max(row[-1], before[index + 1]))
    return row[-1]


@given(WORDS, WORDS)
def test_it_is_what_the_definition_gives(one, other):
    lengths = len(one) + len(other)
    expected = 200 * longest_common(one, other) / lengths if lengths else 100
    assert likeness(one, other) == pytest.approx(expected)
    assert likeness(one, other) == likeness(other, one)
    if likeness(one, other) >= ALIKE and lengths:
        assert possible(len(one), len(other))
        assert len(other) in possible_lengths(len(one))


@pytest.mark.parametrize(
    ("typed", "name"),
    [("boards of canda", "boards of canada"), ("metalica", "metallica"), ("the beatels", "the beatles")],
)
def test_a_slip_of_the_hand_is_alike(typed, name):
    assert most_alike(typed, ["someone else", name, "another"])[0] == name


@pytest.mark.parametrize("typed", ["abba", "q", "", "nobody knows these"])
def test_what_is_only_a_little_alike_is_not(typed):
    assert most_alike(typed, ["abbey", "aqua", "boards of canada"]) is None


def test_of_two_that_are_equally_alike_the_first_counts():
    assert most_alike("abcdefghijk", ["abcdefghijx", "abcdefghijy"])[0] == "abcdefghijx"
