"""A result as a person types it: scores, checked by the rules of the sport."""

from __future__ import annotations

import re

from steward.bots.bets.errors import BetsError
from steward.bots.bets.grading.results import GameResult, GameStatus, Score
from steward.bots.bets.grading.rules import rule_for

LONGEST_SCORE = 11
_SCORE = re.compile(r"([0-9]{1,3}) ?[-:–] ?([0-9]{1,3})")  # noqa: RUF001 - a dash that people type
HOW = "Write home and away like `2-1`."
VOID_RESULT = GameResult(GameStatus.CANCELLED)
"""It doesn't count: stakes go back."""


def read_score(typed: str) -> Score:
    """
    Read a score such as `2-1`.

    Raises:
        BetsError: it is none.

    """
    found = _SCORE.fullmatch(typed.strip())
    if found is None:
        raise BetsError("I can't read that score.", remedy=HOW)
    return int(found[1]), int(found[2])


def maybe_score(typed: str) -> Score | None:
    """
    Read a score that may be left out; None if it is.

    Raises:
        BetsError: it is none.

    """
    return read_score(typed) if typed.strip() else None


def typed_result(
    sport: str, regular: Score, after: Score | None = None, half: Score | None = None, shootout: str = ""
) -> GameResult:
    """
    Return the result that somebody has typed.

    Args:
        regular: after regular time; after: after overtime, with what was scored before; None if there was none.
        half: at half-time; None if they don't know it.
        shootout: who won it, `home` or `away`; empty if there was none.

    Raises:
        BetsError: it contradicts itself, or a game of that sport can't end so.

    """
    last = regular if after is None else after
    if any(now < then for now, then in zip(last, regular, strict=True)):
        raise BetsError("After overtime a side can't have less than before.", remedy="Write the whole score of both.")
    if half is not None and any(now < then for now, then in zip(regular, half, strict=True)):
        raise BetsError("At half-time a side can't have more than after regular time.", remedy="Check both scores.")
    goes_on = not rule_for(sport, "moneyline").may_tie
    if goes_on and after is not None and regular[0] != regular[1]:
        raise BetsError("There is no overtime where regular time isn't level.", remedy="Check both scores.")
    if goes_on and shootout and last[0] != last[1]:
        raise BetsError(
            "There is no shoot-out where the score isn't level.", remedy="Leave it out, or check the score."
        )
    if goes_on and not shootout and last[0] == last[1]:
        raise BetsError("A game of this sport goes on until one side wins.", remedy="Write the score after overtime.")
    overtime = last[0] - regular[0], last[1] - regular[1]
    return GameResult(
        regulation=regular, overtime=overtime, shootout=shootout, periods={} if half is None else {"h1": half}
    )
