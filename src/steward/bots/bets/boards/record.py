"""The record of one member: how their bets ended, streaks, sports, and profit over time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from steward.bots.bets.boards.leaderboard import COUNTED, SUMS, BetSum, added, sum_of
from steward.bots.bets.boards.streaks import BettingStreaks, betting_streaks
from steward.bots.bets.grading.grades import BetOutcome
from steward.bots.bets.section import BetsMode
from steward.runtime.wall_time import day_begins, wall_of
from steward.store import Transaction, from_millis

A_QUARTER_MS = 900_000
"""A quarter of an hour: the days of all zones begin with one, and the database knows none of them."""
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


def profit_by_day(
    tx: Transaction, guild_id: int, mode: BetsMode, zone: ZoneInfo, user_id: int | None = None
) -> list[ProfitPoint]:
    """Return the profit of a member, or of the whole guild, up to each day in a zone on which bets were settled."""
    who, values = (
        ("", [guild_id, mode.value]) if user_id is None else (" AND user_id = ?", [guild_id, mode.value, user_id])
    )
    rows = tx.all(
        f"SELECT settled_at - settled_at % {A_QUARTER_MS} AS quarter, SUM(payout - stake) FROM bet_bets"  # noqa: S608
        f" WHERE guild_id = ? AND mode = ? AND {COUNTED}{who} GROUP BY quarter ORDER BY quarter",
        values,
    )
    days: dict[date, int] = {}
    for quarter, profit in rows:
        day = wall_of(from_millis(int(quarter)), zone).date()
        days[day] = days.get(day, 0) + int(profit)
    return summed_up(days, zone)


def summed_up(days: Mapping[date, int], zone: ZoneInfo) -> list[ProfitPoint]:
    """Return the profit up to the end of each day, in their order, from zero at the beginning of the first."""
    points, profit = [ProfitPoint(day_begins(day, zone), 0) for day in days][:1], 0
    for day, of_day in days.items():
        profit += of_day
        points.append(ProfitPoint(day_begins(day + timedelta(days=1), zone), profit))
    return points
