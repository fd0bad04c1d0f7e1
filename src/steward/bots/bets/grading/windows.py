"""How far the start of a game may move before bets on it are void."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

WEEK = 7
THURSDAY = 4  # the ordinal of the first Thursday of the calendar


class WindowSpan(StrEnum):
    """What a window is measured in."""

    HOURS = "hours"
    LOCAL_DAY = "local_day"
    LEAGUE_WEEK = "league_week"
    """Thursday to Wednesday."""
    UNTIL_PLAYED = "until_played"


class VoidWindow(NamedTuple):
    """When a game must begin for its bets to stand; `hours` are counted from the listed start."""

    span: WindowSpan
    hours: int = 0


TWO_DAYS = VoidWindow(WindowSpan.HOURS, 48)
LOCAL_DAY = VoidWindow(WindowSpan.LOCAL_DAY)
LEAGUE_WEEK = VoidWindow(WindowSpan.LEAGUE_WEEK)
UNTIL_PLAYED = VoidWindow(WindowSpan.UNTIL_PLAYED)


def last_start(window: VoidWindow, listed: datetime) -> datetime | None:
    """
    Return the last moment at which a game may begin with its bets standing; None for any.

    A game that hasn't begun by then is void, whatever the feed says.

    Args:
        listed: its start when the bets were made, in the zone that the league keeps its days in.

    """
    if window.span is WindowSpan.UNTIL_PLAYED:
        return None
    if window.span is WindowSpan.HOURS:
        return listed.astimezone(UTC) + timedelta(hours=window.hours)
    day = listed.date() + timedelta(days=1)
    if window.span is WindowSpan.LEAGUE_WEEK:
        day += timedelta(days=(THURSDAY - day.toordinal()) % WEEK)
    return datetime.combine(day, time(), listed.tzinfo).astimezone(UTC) - timedelta.resolution


def has_moved_away(window: VoidWindow, listed: datetime, started: datetime) -> bool:
    """Whether a game began too late for its bets to stand."""
    last = last_start(window, listed)
    return last is not None and started > last
