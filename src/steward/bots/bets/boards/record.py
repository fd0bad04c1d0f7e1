"""The record of one member: how their bets ended, streaks, sports, and profit over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from steward.bots.bets.boards.leaderboard import BetSum, added, sums_by
from steward.bots.bets.boards.settled_bets import COUNTED, settled_bets
from steward.bots.bets.boards.streaks import BettingStreaks, betting_streaks
from steward.bots.bets.grading.grades import BetResult
from steward.bots.bets.section import BetsMode
from steward.runtime.wall_time import day_begins, wall_of
from steward.store import Transaction, from_millis

A_QUARTER_MS = 900_000
"""A quarter of an hour: the days of all zones begin with one, and the database knows none of them."""
_OPEN = "SELECT COUNT(*), COALESCE(SUM(stake), 0) FROM {table} WHERE guild_id = ? AND user_id = ? AND status = 'open'"
_BESIDE = {BetsMode.HOUSE: "bet_market_stakes", BetsMode.UNITS: "bet_manual_slips"}


class BetRecord(NamedTuple):
    """
    A member's record.

    Attributes:
        results: how many bets ended how; void ones are in no sum.
        sports: sums by sport, the one with most bets first.
        open_bets, open_stake: what is still open.

    """

    results: Mapping[BetResult, int]
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
    settled = settled_bets(guild_id, mode, user_id=user_id)
    results: Counter[BetResult] = Counter()
    for sql, values in settled:
        for result, number in tx.all(f"SELECT result, COUNT(*) FROM ({sql}) s GROUP BY result", values):  # noqa: S608
            results[BetResult(result)] += int(number)
    sums = sums_by(tx, settled, "sport")
    sports = dict(sorted(sums.items(), key=lambda one: (-one[1].bets, one[0])))
    of_games = tx.one(f"{_OPEN.format(table='bet_bets')} AND mode = ?", (guild_id, user_id, mode.value)) or (0, 0)
    beside = tx.one(_OPEN.format(table=_BESIDE[mode]), (guild_id, user_id)) or (0, 0)
    return BetRecord(
        results,
        added(sports.values()),
        sports,
        betting_streaks(tx, guild_id, user_id, mode),
        *(int(one) + int(other) for one, other in zip(of_games, beside, strict=True)),
    )


def profit_by_day(
    tx: Transaction, guild_id: int, mode: BetsMode, zone: ZoneInfo, user_id: int | None = None
) -> list[ProfitPoint]:
    """Return the profit of a member, or of the whole guild, up to each day in a zone on which bets were settled."""
    days: Counter[date] = Counter()
    for sql, values in settled_bets(guild_id, mode, user_id=user_id):
        rows = tx.all(
            f"SELECT settled_at - settled_at % {A_QUARTER_MS} AS quarter, SUM(payout - stake) FROM ({sql}) s"  # noqa: S608
            f" WHERE {COUNTED} GROUP BY quarter",
            values,
        )
        for quarter, profit in rows:
            days[wall_of(from_millis(int(quarter)), zone).date()] += int(profit)
    return summed_up(dict(sorted(days.items())), zone)


def summed_up(days: Mapping[date, int], zone: ZoneInfo) -> list[ProfitPoint]:
    """Return the profit up to the end of each day, in their order, from zero at the beginning of the first."""
    points, profit = [ProfitPoint(day_begins(day, zone), 0) for day in days][:1], 0
    for day, of_day in days.items():
        profit += of_day
        points.append(ProfitPoint(day_begins(day + timedelta(days=1), zone), profit))
    return points
