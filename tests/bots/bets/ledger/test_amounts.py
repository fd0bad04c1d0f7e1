"""Amounts as members type them; nothing that is typed is a fault."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.errors import BetsError
from steward.bots.bets.ledger.amounts import read_points
from steward.bots.bets.section import MOST_POINTS


@pytest.mark.parametrize(
    ("typed", "points"),
    [
        ("250", 250),
        (" 250 ", 250),
        ("+5", 5),
        ("007", 7),
        ("1,000", 1000),
        ("1.000", 1000),
        ("1 000", 1000),
        ("1\u202f000", 1000),
        ("1'000", 1000),
        ("1_000", 1000),
        ("1,234,567", 1_234_567),
        ("12.0", 12),
        ("1,00", 1),
        ("2k", 2000),
        ("2.5k", 2500),
        ("2,5 K", 2500),
        ("1.25m", 1_250_000),
        ("1e3", 1000),
        ("1E9", 1_000_000_000),
        ("２５０", 250),  # noqa: RUF001 - as some keyboards write it
        ("all", 801),
        ("MAX", 801),
        ("½", 400),
        ("half", 400),
        ("1/2", 400),
        ("¼", 200),
        ("2 / 3", 534),
        ("30%", 240),
        ("100 %", 801),
    ],
)
def test_what_members_type_is_understood(typed, points):
    assert read_points(typed, 801) == points


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            " ",
            "-5",
            "0",
            "0%",
            "101%",
            "3/2",
            "1/0",
            "1.5",
            "1,5",
            "0.500",
            "0,500",
            f"1{' ' * 40}2",
            "1.2345k",
            "1e-3",
            "1e99",
            "9" * 32,
            "9" * 5000,
        ),
        *("nan", "inf", "∞", "0x10", "ten", "1,000.5", "1.000,000", "k", "e9", "--1", "½½", "1\x00", "٣x"),
    ],
)
def test_what_is_no_amount_is_refused_with_a_sentence(typed):
    with pytest.raises(BetsError) as refused:
        read_points(typed, 801)
    assert refused.value.remedy


def test_a_share_of_nothing_is_refused():
    for balance in (0, 1, -200, None):
        with pytest.raises(BetsError):
            read_points("half", balance)
    assert read_points("all", 1) == 1


@given(st.text(max_size=40), st.integers(-(2**40), 2**40))
def test_whatever_is_typed_is_an_amount_or_refused(typed, balance):
    with suppress(BetsError):
        assert 1 <= read_points(typed, balance) <= MOST_POINTS


@given(st.integers(1, MOST_POINTS))
def test_an_amount_as_we_write_it_is_read_again(points):
    assert read_points(f"{points:,}") == points
