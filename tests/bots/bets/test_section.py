"""Amounts as the members of a guild read them."""

import pytest

from steward.bots.bets.section import BetsMode, BetsSection


@pytest.mark.parametrize(
    ("section", "amount", "shown"),
    [
        (BetsSection(), 1, "1 point"),
        (BetsSection(), -1234, "-1,234 points"),
        (BetsSection(currency="Bus"), 1, "1 Bus"),
        (BetsSection(currency="Busse", currency_one="Bus"), 1, "1 Bus"),
        (BetsSection(currency="Busse", currency_one="Bus"), 2, "2 Busse"),
        (BetsSection(sign="🐟"), -5, "-🐟 5"),
    ],
)
def test_points_have_a_singular_and_a_plural(section, amount, shown):
    assert section.amount(amount, BetsMode.HOUSE) == shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (100, "+1 unit"),
        (-100, "-1 unit"),
        (-150, "-1.5 units"),
        (-25, "-0.25 units"),
        (0, "0 units"),
        (123_456, "+1,234.56 units"),
    ],
)
def test_a_profit_in_units_has_its_sign_below_zero_too(amount, shown):
    assert BetsSection().amount(amount, BetsMode.UNITS, signed=True) == shown
