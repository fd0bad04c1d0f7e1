"""Lines are whole quarters; a quarter line is two bets of half the stake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.grading.grades import BetOutcome, halves
from steward.bots.bets.grading.lines import BadLine, graded, read_line, show_line

LINES = st.integers(-4000, 4000)


@pytest.mark.parametrize(
    ("text", "quarters"),
    [
        ("-0.75", -3),
        ("+1", 4),
        ("0", 0),
        ("-0", 0),
        ("220,5", 882),
        ("\N{MINUS SIGN}1.50", -6),
        (" 2.25 ", 9),
        ("3.0", 12),
    ],
)
def test_a_line_is_read_in_quarters(text, quarters):
    assert read_line(text) == quarters


@pytest.mark.parametrize("text", ["", "1.3", "half", "--1", "1e3", "1.250", "9" * 7, "½"])
def test_what_is_no_line_is_refused(text):
    with pytest.raises(BadLine, match="as a line"):
        read_line(text)


@given(LINES, st.booleans())
def test_reading_a_shown_line_gives_it_back(quarters, signed):
    shown = show_line(quarters, signed=signed)
    assert read_line(shown) == (quarters if signed else abs(quarters))
    assert shown.startswith("+") is (signed and quarters > 0)


@given(LINES)
def test_two_sides_of_a_line_mirror_each_other(excess):
    mirrored = {
        BetOutcome.WIN: BetOutcome.LOSE,
        BetOutcome.PUSH: BetOutcome.PUSH,
        BetOutcome.HALF_WIN: BetOutcome.HALF_LOSS,
    }
    mirrored |= {lost: won for won, lost in mirrored.items()}
    assert mirrored[graded(excess).outcome] is graded(-excess).outcome


@given(LINES.filter(lambda line: line % 2))
def test_a_quarter_line_is_graded_as_the_two_lines_beside_it(excess):
    assert graded(excess) == halves(graded(excess - 1), graded(excess + 1))
