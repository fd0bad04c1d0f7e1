"""Who is ahead: sums of settled bets by member, over a week, a month or a season."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from steward.bots.bets.boards.settled_bets import COUNTED, SettledBets, settled_bets
from steward.bots.bets.ledger.seasons import last_close
from steward.bots.bets.ledger.standings import ranked, roi_bps
from steward.bots.bets.section import BetsMode
from steward.runtime.wall_time import day_begins, wall_of
from steward.store import Transaction, to_millis

A_PAGE = 10
RANKED = 100
"""So many are looked at: of whoever has left the server nothing is shown."""
SEVERAL = "several"
"""Stands for the sport of a parlay on games of more than one."""


class BoardPeriod(StrEnum):
    """What a leaderboard is of; weeks begin on Monday."""

    WEEK = "week"
    MONTH = "month"
    SEASON = "season"


class BoardOrder(StrEnum):
    """What a leaderboard ranks by."""

    PROFIT = "profit"
    ROI = "roi"
    CLOSING = "closing"


class BetSum(NamedTuple):
    """
    Settled bets together; void ones are not counted.

    Attributes:
        staked, returned: points, or in units mode hundredths of a unit.
        valued: bets of which the closing line value is known; closing: its sum, in basis points.

    """

    bets: int = 0
    staked: int = 0
    returned: int = 0
    valued: int = 0
    closing: int = 0

    @property
    def profit(self) -> int:
        return self.returned - self.staked

    @property
    def roi_bps(self) -> int | None:
        """The profit in basis points of what was staked; None where nothing was."""
        return roi_bps(self.staked, self.returned)

    @property
    def closing_bps(self) -> int | None:
        """The average closing line value, rounded down; None where it is known of no bet."""
        return self.closing // self.valued if self.valued else None

    def plus(self, other: BetSum) -> BetSum:
        return BetSum(*map(sum, zip(self, other, strict=True)))


SUMS = "COUNT(*), COALESCE(SUM(stake), 0), COALESCE(SUM(payout), 0), COUNT(closing_bps), COALESCE(SUM(closing_bps), 0)"


class BoardPlace(NamedTuple):
    """A place; whoever is as good has the same."""

    place: int
    user_id: int
    total: BetSum


class Leaderboard(NamedTuple):
    """
    A page of a leaderboard; pages count from 0.

    Attributes:
        total: of all members, those who have left or were forgotten included; members: how many they are.
        short: members who are left out, for they have too few bets.

    """

    places: tuple[BoardPlace, ...]
    page: int
    has_more: bool
    total: BetSum
    members: int
    short: int = 0


def begins_ms(tx: Transaction, guild_id: int, period: BoardPeriod, zone: ZoneInfo) -> int:
    """Return when a period that is on has begun by a guild's clock, in milliseconds."""
    if period is BoardPeriod.SEASON:
        at = tx.value("SELECT at FROM bet_transactions WHERE id = ?", (last_close(tx, guild_id),))
        return 0 if at is None else int(at)
    return to_millis(beginning(period, tx.now, zone))


def beginning(period: BoardPeriod, now: datetime, zone: ZoneInfo) -> datetime:
    """Return when the week or the month that is on has begun in a zone."""
    today = wall_of(now, zone).date()
    back = today.weekday() if period is BoardPeriod.WEEK else today.day - 1
    return day_begins(today - timedelta(days=back), zone)


def sums_by_member(
    tx: Transaction, guild_id: int, mode: BetsMode, since_ms: int, sport: str = ""
) -> dict[int | None, BetSum]:
    """Return the sums of each member; None stands for all who were forgotten."""
    return sums_by(tx, settled_bets(guild_id, mode, since_ms=since_ms), "user_id", sport)


def sums_by(tx: Transaction, settled: Iterable[SettledBets], column: str, sport: str = "") -> dict[Any, BetSum]:
    """Return the sums of settled bets by what is in a column; of one sport, or of all."""
    found: dict[Any, BetSum] = {}
    of_sport, more = (" AND sport = ?", (sport,)) if sport else ("", ())
    for sql, values in settled:
        sums = f"SELECT {column}, {SUMS} FROM ({sql}) s WHERE {COUNTED}{of_sport} GROUP BY {column}"  # noqa: S608 - ours
        for row in map(tuple, tx.all(sums, (*values, *more))):
            found[row[0]] = found.get(row[0], BetSum()).plus(BetSum(*map(int, row[1:])))
    return found


def sports_of(tx: Transaction, guild_id: int, mode: BetsMode) -> list[str]:
    """Return the sports of a guild's settled bets."""
    found = {
        sport
        for sql, values in settled_bets(guild_id, mode)
        for (sport,) in tx.all(f"SELECT DISTINCT sport FROM ({sql}) s WHERE {COUNTED} AND sport <> ''", values)  # noqa: S608
    }
    return sorted(found)


def candidates(sums: dict[int | None, BetSum], order: BoardOrder, least: int) -> list[tuple[int, BetSum]]:
    """
    Return the first of those who have a place, the best first.

    Args:
        least: bets that it takes, but for profit, for which every bet counts.

    """
    needed = 1 if order is BoardOrder.PROFIT else least
    found = [
        (user_id, total)
        for user_id, total in sums.items()
        if user_id is not None and total.bets >= needed and value_of(total, order) is not None
    ]
    found.sort(key=lambda one: (-(value_of(one[1], order) or 0), one[0]))
    return found[:RANKED]


def leaderboard(
    sums: dict[int | None, BetSum], order: BoardOrder, least: int, page: int, absent: Collection[int]
) -> Leaderboard:
    """Return a page of those who are still there; ties share a place, and the next is skipped (1, 1, 3)."""
    here = [one for one in candidates(sums, order, least) if one[0] not in absent]
    places = [
        BoardPlace(place, user_id, sums[user_id])
        for place, user_id, _ in ranked((user_id, value_of(total, order) or 0) for user_id, total in here)
    ]
    page = min(max(0, page), max(0, len(places) - 1) // A_PAGE)
    shown = places[page * A_PAGE : (page + 1) * A_PAGE]
    short = 0 if order is BoardOrder.PROFIT else sum(total.bets < least for total in sums.values())
    return Leaderboard(tuple(shown), page, len(places) > (page + 1) * A_PAGE, added(sums.values()), len(sums), short)


def value_of(total: BetSum, order: BoardOrder) -> int | None:
    """Return what a sum is ranked by; None where there is nothing to rank."""
    if order is BoardOrder.ROI:
        return total.roi_bps
    return total.closing_bps if order is BoardOrder.CLOSING else total.profit


def added(sums: Iterable[BetSum]) -> BetSum:
    """Return several sums as one."""
    total = BetSum()
    for one in sums:
        total = total.plus(one)
    return total
