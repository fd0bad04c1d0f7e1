"""Stakes in units are 0.25 to 5, kept in hundredths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.errors import BetsError
from steward.bots.bets.section import BetsMode, BetsSection
from steward.bots.bets.slips.stakes import read_units


@pytest.mark.parametrize(
    ("typed", "hundredths"),
    [
        ("1", 100),
        ("0.25", 25),
        ("0,5", 50),
        (".5", 50),
        ("5", 500),
        ("5.00", 500),
        ("1.250", None),
        (" 2.5U ", 250),
        ("2 units", 200),
        ("1 unit", 100),
        ("\u00bd", 50),
        ("\u00be", 75),
        ("+3", 300),
        ("\u0661", None),
        ("", None),
        ("u", None),
        (".", None),
        ("0.24", None),
        ("5.01", None),
        ("6", None),
        ("-1", None),
        ("all", None),
        ("1.255", None),
        ("1e1", None),
        ("1,000", None),
        ("9" * 4000, None),
    ],
)
def test_stakes_in_units(typed, hundredths):
    if hundredths is None:
        with pytest.raises(BetsError, match="units"):
            read_units(typed)
    else:
        assert read_units(typed) == hundredths


@given(st.integers(25, 500))
def test_a_stake_that_is_shown_can_be_typed(hundredths):
    assert read_units(BetsSection().amount(hundredths, BetsMode.UNITS)) == hundredths
