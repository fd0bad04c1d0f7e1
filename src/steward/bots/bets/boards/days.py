"""The games of a day: each on the day that its league keeps, however late it begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from steward.bots.bets.errors import BetsError
from steward.bots.bets.fixtures.games import GAMES, Game, game_of
from steward.bots.bets.fixtures.leagues import LeagueRow
from steward.runtime.wall_time import day_begins
from steward.store import Transaction, Value, marks, to_millis
from steward.text.bad_time import BadTime

A_PAGE = 10
END_OF_DAY = time(23, 59)
TODAY, TOMORROW, YESTERDAY = "today", "tomorrow", "yesterday"
_NEAR = {TODAY: 0, TOMORROW: 1, YESTERDAY: -1, "": 0}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
FIRST_DAY, LAST_DAY = date(1971, 1, 1), date(9998, 12, 31)
"""Days on whose boundaries any clock in the world can be read."""
HOW = "Write a day like `today`, `saturday`, `24 december` or `2026-12-24`."


class DayGames(NamedTuple):
    """A page of the games of a day, and whether there is a next one."""

    day: date
    games: tuple[Game, ...]
    page: int
    has_more: bool


def read_day(text: str, now: datetime, zone: ZoneInfo) -> date:
    """
    Return the day that a member means; an empty text is today.

    Args:
        zone: theirs.

    Raises:
        BetsError: it is none.

    """
    typed, today = text.strip().lower(), now.astimezone(zone).date()
    if typed in _NEAR:
        return today + timedelta(days=_NEAR[typed])
    try:
        if _DATE.fullmatch(typed):
            found = date.fromisoformat(typed)
            if not FIRST_DAY <= found <= LAST_DAY:
                raise BetsError(f"I know nothing of {typed}.", remedy=HOW)
            return found
        from steward.text.times import understand  # rarely needed

        return understand(typed, now, zone, unsaid=END_OF_DAY).wall.date()
    except BadTime as error:
        raise BetsError(error.sentence, remedy=HOW) from None
    except ValueError:
        raise BetsError(f"There's no day {typed}.", remedy=HOW) from None


def day_numbered(ordinal: int) -> date:
    """Return a day by its proleptic ordinal; of a number that is out of range, the nearest day."""
    return date.fromordinal(min(max(ordinal, FIRST_DAY.toordinal()), LAST_DAY.toordinal()))


def day_bounds(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """Return when a day begins and ends in a zone, in milliseconds; the end is not in it."""
    begin, end = (day_begins(day + timedelta(days=days), zone) for days in (0, 1))
    return to_millis(begin), to_millis(end)


def games_of_day(tx: Transaction, some: Sequence[LeagueRow], day: date, page: int, size: int = A_PAGE) -> DayGames:
    """Return a page of the games that some leagues have on a day, the earliest first; pages count from 0."""
    in_zone: dict[str, list[int]] = {}
    for league in some:
        in_zone.setdefault(league.zone, []).append(league.id)
    values: list[Value] = []
    parts = []
    for zone, ids in in_zone.items():
        parts.append(f"(g.league IN ({marks(ids)}) AND g.starts_at >= ? AND g.starts_at < ?)")
        values += [*ids, *day_bounds(day, ZoneInfo(zone))]
    if not parts:
        return DayGames(day, (), 0, has_more=False)
    sql = f"{GAMES} WHERE {' OR '.join(parts)} ORDER BY g.starts_at, g.id LIMIT ? OFFSET ?"
    rows = tx.all(sql, (*values, size + 1, max(0, page) * size))
    return DayGames(day, tuple(map(game_of, rows[:size])), max(0, page), has_more=len(rows) > size)
