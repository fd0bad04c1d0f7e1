"""A market as it is written in a form: outcomes one a line, with odds behind an @ where the house pays them."""

from __future__ import annotations

import re

from steward.bots.bets.errors import BetsError
from steward.bots.bets.markets.draft import MOST_OUTCOMES
from steward.bots.bets.markets.market import MarketOutcome
from steward.bots.bets.odds.prices import read_odds
from steward.client.embeds import quoted
from steward.text.plurals import counted

FEWEST_OUTCOMES = 2
LONGEST_OUTCOME, LONGEST_QUESTION, LONGEST_SOURCE = 60, 200, 300
LONGEST_ODDS = 30
LONGEST_VOID_REASON = 200
HOW = "Write two to ten, one a line, such as `Yes` and `No`."
_WITH_ODDS = re.compile(r"(.*\S)\s+@\s*(\S+)")


def read_outcomes(text: str) -> tuple[MarketOutcome, ...]:
    """
    Read the outcomes of a market.

    Raises:
        BetsError: they are too few, too many, too long, twice the same, or only some have odds.
        BadOdds: one has odds that can't be read.

    """
    lines = [line for written in text.splitlines() if (line := " ".join(written.split()))]
    if not FEWEST_OUTCOMES <= len(lines) <= MOST_OUTCOMES:
        raise BetsError(
            f"You wrote {counted(len(lines), 'outcome')}; a market has {FEWEST_OUTCOMES} to {MOST_OUTCOMES}.",
            remedy=HOW,
        )
    outcomes = tuple(_read(number, line) for number, line in enumerate(lines, 1))
    labels = {outcome.label.casefold() for outcome in outcomes}
    if len(labels) < len(outcomes):
        raise BetsError("Two of the outcomes are the same.", remedy="Write each once.")
    if len({outcome.odds is None for outcome in outcomes}) > 1:
        raise BetsError(
            "Only some of the outcomes have odds.",
            remedy="Write odds behind each, such as `Yes @ 2.50`, or behind none for a pool.",
        )
    return outcomes


def read_line(text: str, what: str, remedy: str) -> str:
    """
    Read a question or a source: one line, not empty.

    Raises:
        BetsError: there is nothing in it.

    """
    line = " ".join(text.split())
    if not line:
        raise BetsError(f"{what} is empty.", remedy=remedy)
    return line


def _read(number: int, line: str) -> MarketOutcome:
    priced = _WITH_ODDS.fullmatch(line)
    label = line if priced is None else priced[1]
    if len(label) > LONGEST_OUTCOME:
        raise BetsError(f"“{quoted(label)}” is too long: an outcome has up to {LONGEST_OUTCOME} characters.")
    if priced is None:
        return MarketOutcome(number, label)
    return MarketOutcome(number, label, read_odds(priced[2][: 2 * LONGEST_ODDS]))
