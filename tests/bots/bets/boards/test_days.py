"""Days as members mean them, and as leagues keep them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from steward.bots.bets.boards.days import games_of_day, read_day
from steward.bots.bets.errors import BetsError
from steward.bots.bets.fixtures.leagues import leagues
from steward.store import to_millis
from tests.bots.bets.fixtures.kept import HOUR, keeping

NEW_YORK = ZoneInfo("America/New_York")
NIGHT = datetime(2026, 12, 2, 2, tzinfo=UTC)  # 21:00 of the first in New York


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("", date(2026, 12, 1)),
        ("Today", date(2026, 12, 1)),
        ("tomorrow", date(2026, 12, 2)),  # 15 of the complaints
        ("yesterday", date(2026, 11, 30)),
        ("saturday", date(2026, 12, 5)),
        ("24 december", date(2026, 12, 24)),
        ("2026-11-07", date(2026, 11, 7)),
        ("morgen", date(2026, 12, 2)),
    ],
)
def test_a_day_is_read_on_the_members_own_clock(typed, day):
    assert read_day(typed, NIGHT, NEW_YORK) == day


@pytest.mark.parametrize("typed", ["blah", "2026-13-40", "'; DROP TABLE", "9" * 50, "0001-01-01", "9999-12-31"])
def test_what_is_no_day_gets_one_sentence_that_says_how(typed):
    with pytest.raises(BetsError) as refused:
        read_day(typed, NIGHT, NEW_YORK)
    assert "Write a day like" in str(refused.value)


async def test_a_late_game_is_on_the_day_of_its_league(clock, database):
    # 16 of the complaints
    async with keeping(clock, database) as kept:
        midnight = to_millis(datetime(2026, 12, 2, 5, tzinfo=UTC)) - kept.now  # in New York
        late = kept.fixture("a", "Lakers", "Kings", midnight - 90 * 60_000)
        early = kept.fixture("b", "Nets", "Celtics", midnight + 12 * HOUR)
        await kept.tell(late, early, league="nba")
        await kept.tell(kept.fixture("c", after=midnight + 15 * HOUR))

        def shown(tx, day, keys):
            every = [league for league in leagues(tx) if league.key in keys]
            return [game.home_name for game in games_of_day(tx, every, day, 0).games]

        first, second = date(2026, 12, 1), date(2026, 12, 2)
        assert await kept.read(shown, first, {"nba"}) == ["Lakers"]
        assert await kept.read(shown, second, {"nba"}) == ["Nets"]
        assert await kept.read(shown, second, {"nba", "epl"}) == ["Nets", "Arsenal"]
        assert await kept.read(shown, second, ()) == []


async def test_a_day_has_pages(clock, database):
    async with keeping(clock, database) as kept:
        start = to_millis(datetime(2026, 12, 5, 15, tzinfo=UTC)) - kept.now
        await kept.tell(*(kept.fixture(f"g{at}", f"Home {at}", f"Away {at}", start) for at in range(12)))

        def pages(tx):
            day = date(2026, 12, 5)
            return [
                (len(page.games), page.has_more) for at in (0, 1) for page in [games_of_day(tx, leagues(tx), day, at)]
            ]

        assert await kept.read(pages) == [(10, True), (2, False)]
