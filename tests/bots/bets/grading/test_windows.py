"""How long bets wait for a game that was moved."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from steward.bots.bets.grading.windows import (
    LEAGUE_WEEK,
    LOCAL_DAY,
    TWO_DAYS,
    UNTIL_PLAYED,
    has_moved_away,
    last_start,
)

NEW_YORK = ZoneInfo("America/New_York")


def at(month, day, hour, minute=0, zone=NEW_YORK):
    return datetime(2024, month, day, hour, minute, tzinfo=zone)


@pytest.mark.parametrize(
    ("window", "listed", "started", "moved"),
    [
        (TWO_DAYS, at(9, 8, 13), at(9, 10, 13), False),
        (TWO_DAYS, at(9, 8, 13), at(9, 10, 13, 1), True),
        (TWO_DAYS, at(11, 2, 13), at(11, 4, 12), False),  # 48 hours are elapsed ones: clocks went back that night
        (TWO_DAYS, at(11, 2, 13), at(11, 4, 12, 1), True),
        (TWO_DAYS, at(9, 8, 13), at(9, 8, 9), False),
        (LOCAL_DAY, at(7, 4, 13), at(7, 4, 23, 59), False),
        (LOCAL_DAY, at(7, 4, 13), datetime(2024, 7, 5, 3, 59, tzinfo=UTC), False),
        (LOCAL_DAY, at(7, 4, 13), at(7, 5, 0), True),
        (LEAGUE_WEEK, at(9, 8, 13), at(9, 11, 23, 59), False),  # Sunday to Wednesday
        (LEAGUE_WEEK, at(9, 8, 13), at(9, 12, 0), True),  # Thursday
        (LEAGUE_WEEK, at(9, 5, 20), at(9, 11, 20), False),  # Thursday to Wednesday
        (LEAGUE_WEEK, at(9, 11, 20), at(9, 12, 0), True),
        (UNTIL_PLAYED, at(7, 4, 13), at(12, 31, 13), False),
    ],
)
def test_bets_stand_while_a_game_begins_within_its_window(window, listed, started, moved):
    assert has_moved_away(window, listed, started) is moved


def test_a_game_that_was_never_played_is_void_after_the_last_start():
    assert last_start(TWO_DAYS, at(9, 8, 13)) == at(9, 10, 13)
    assert last_start(LOCAL_DAY, at(9, 8, 13)) == at(9, 9, 0) - timedelta.resolution
    assert last_start(UNTIL_PLAYED, at(9, 8, 13)) is None
