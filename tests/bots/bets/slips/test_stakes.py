"""A stake is whole points, or a sentence why not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.slips.stakes import BadStake, read_stake

MARKS = [",", ".", "'", "\N{RIGHT SINGLE QUOTATION MARK}", " ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "_"]


@pytest.mark.parametrize(
    ("text", "stake"),
    [
        ("250", 250),
        (" 1 ", 1),
        ("007", 7),
        ("1,000", 1000),
        ("1.000", 1000),
        ("1 000", 1000),
        ("1'000", 1000),
        ("1.000.000", 1_000_000),
        ("٢٥٠", 250),
        ("all", 501),
        ("All in", 501),
        ("half", 250),
    ],
)
def test_a_stake_is_read_as_members_write_it(text, stake):
    assert read_stake(text, 501) == stake


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0", "at least 1 point"),
        ("-5", "at least 1 point"),
        ("\N{MINUS SIGN}5", "at least 1 point"),
        ("1.5", "whole points"),
        ("1,50", "whole points"),
        ("0.000", "whole points"),
        ("½", "whole points"),
        ("2½", "whole points"),
        ("1e9", "couldn't read"),
        ("1,000.000", "couldn't read"),
        ("1,00,000", "couldn't read"),
        ("+5", "couldn't read"),
        ("5%", "couldn't read"),
        ("10²", "couldn't read"),
        ("", "couldn't read"),
        ("everything", "couldn't read"),
        ("9" * 19, "Nobody has"),
    ],
)
def test_what_is_no_stake_is_answered_with_a_sentence(text, sentence):
    with pytest.raises(BadStake, match=sentence):
        read_stake(text, 501)


@pytest.mark.parametrize(("text", "balance"), [("all", 0), ("half", 1), ("all", -40)])
def test_there_is_no_stake_in_an_empty_wallet(text, balance):
    with pytest.raises(BadStake, match="nothing to stake"):
        read_stake(text, balance)


@given(st.text() | st.from_regex(r"[-+]?[0-9]{0,25}[.,' ½e]?[0-9]{0,25}", fullmatch=True), st.integers(-10, 10**6))
def test_any_text_is_a_stake_or_a_sentence(text, balance):
    try:
        stake = read_stake(text, balance)
    except BadStake as refused:
        assert refused.sentence
    else:
        assert 1 <= stake < 10**18


@given(st.integers(1, 10**18 - 1), st.sampled_from(MARKS))
def test_digits_in_groups_of_three_are_one_number(stake, mark):
    assert read_stake(f"{stake:,}".replace(",", mark), 0) == stake
