"""The record of one member: how their bets ended, streaks, sports, and profit over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from steward.bots.bets.boards.leaderboard import COUNTED, SUMS, BetSum, added, sum_of
from steward.bots.bets.boards.streaks import BettingStreaks, betting_streaks
from steward.bots.bets.section import BetsMode
from steward.bots.bets.settlement.grades import BetOutcome
from steward.store import Transaction, from_millis

DAY_MS = 86_400_000
_OWN = "guild_id = ? AND user_id = ? AND mode = ? AND status = 'settled'"


class BetRecord(NamedTuple):
    """
    A member's record.

    Attributes:
        outcomes: how many bets ended how; void ones are in no sum.
        sports: sums by sport, the one with most bets first.
        open_bets, open_stake: what is still open.

    """

    outcomes: Mapping[BetOutcome, int]
    total: BetSum
    sports: Mapping[str, BetSum]
    streaks: BettingStreaks
    open_bets: int = 0
    open_stake: int = 0


class ProfitPoint(NamedTuple):
    """The profit up to the end of a day."""

    at: datetime
    profit: int


def bet_record(tx: Transaction, guild_id: int, user_id: int, mode: BetsMode) -> BetRecord:
    """Return the record of a member."""
    own = (guild_id, user_id, mode.value)
    counts = tx.all(f"SELECT outcome, COUNT(*) FROM bet_bets WHERE {_OWN} GROUP BY outcome", own)  # noqa: S608 - ours
    rows = tx.all(
        f"SELECT sport, {SUMS} FROM bet_bets WHERE {_OWN} AND {COUNTED} GROUP BY sport ORDER BY COUNT(*) DESC, sport",  # noqa: S608
        own,
    )
    sports = {row[0]: sum_of(row[1:]) for row in map(tuple, rows)}
    open_bets, open_stake = tuple(
        tx.one(
            "SELECT COUNT(*), COALESCE(SUM(stake), 0) FROM bet_bets"
            " WHERE guild_id = ? AND user_id = ? AND mode = ? AND status = 'open'",
            own,
        )
        or (0, 0)
    )
    return BetRecord(
        {BetOutcome(outcome): int(number) for outcome, number in counts},
        added(sports.values()),
        sports,
        betting_streaks(tx, guild_id, user_id, mode),
        int(open_bets),
        int(open_stake),
    )


def profit_by_day(tx: Transaction, guild_id: int, mode: BetsMode, user_id: int | None = None) -> list[ProfitPoint]:
    """Return the profit of a member, or of the whole guild, up to each day on which bets were settled; days in UTC."""
    who, values = (
        ("", [guild_id, mode.value]) if user_id is None else (" AND user_id = ?", [guild_id, mode.value, user_id])
    )
    rows = tx.all(
        "SELECT changed_at - changed_at % 86400000 AS day, SUM(payout - stake) FROM bet_bets"  # noqa: S608 - ours
        f" WHERE guild_id = ? AND mode = ? AND {COUNTED}{who} GROUP BY day ORDER BY day",
        values,
    )
    return summed_up([(int(day), int(profit)) for day, profit in rows])


def summed_up(days: Sequence[tuple[int, int]]) -> list[ProfitPoint]:
    """Return the profit up to each day, from zero on the day before the first."""
    if not days:
        return []
    points, profit = [ProfitPoint(from_millis(days[0][0]), 0)], 0
    for day, of_day in days:
        profit += of_day
        points.append(ProfitPoint(from_millis(day + DAY_MS), profit))
    return points
