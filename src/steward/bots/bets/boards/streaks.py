"""Streaks of a member: bets won or lost one after the other, counted by the database."""

from __future__ import annotations

from typing import NamedTuple

from steward.bots.bets.boards.settled_bets import settled_bets
from steward.bots.bets.section import BetsMode
from steward.store import Transaction


class BettingStreaks(NamedTuple):
    """The current streak, of wins above 0 and of losses below, and the longest of each."""

    current: int = 0
    wins: int = 0
    losses: int = 0


# Within a streak both numbers grow by one with each bet, so that their difference stays, and is its own.
_STREAKS = """
    WITH decided AS (
        SELECT id, settled_at, CASE WHEN result = 'won' THEN 1 ELSE 0 END AS won
        FROM ({settled}) s
        WHERE result IN ('won', 'lost')
    ), numbered AS (
        SELECT won, ROW_NUMBER() OVER (ORDER BY settled_at, id) AS of_all,
            ROW_NUMBER() OVER (PARTITION BY won ORDER BY settled_at, id) AS of_its_kind
        FROM decided
    ), streaks AS (
        SELECT won, COUNT(*) AS bets, MAX(of_all) AS ended FROM numbered GROUP BY won, of_all - of_its_kind
    )
    SELECT (SELECT CASE WHEN won = 1 THEN bets ELSE -bets END FROM streaks ORDER BY ended DESC LIMIT 1),
        MAX(CASE WHEN won = 1 THEN bets END), MAX(CASE WHEN won = 0 THEN bets END)
    FROM streaks
"""


def betting_streaks(tx: Transaction, guild_id: int, user_id: int, mode: BetsMode) -> BettingStreaks:
    """Return the streaks of a member's bets as they were settled first; push and void neither go on nor end one."""
    settled = settled_bets(guild_id, mode, user_id=user_id)
    values = [value for one in settled for value in one.values]
    row = tx.one(_STREAKS.format(settled=" UNION ALL ".join(one.sql for one in settled)), values)
    return BettingStreaks(*(int(number or 0) for number in row or ()))
