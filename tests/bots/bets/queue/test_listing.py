"""What waits, page by page, and what each thing may be, the likeliest first."""

from dataclasses import replace

from steward.bots.bets.fixtures.fixture import FeedResult
from steward.bots.bets.fixtures.unmatched import waiting
from steward.bots.bets.grading.results import GameResult, GameStatus
from steward.bots.bets.queue.listing import game_choices, team_choices, waiting_page
from tests.bots.bets.fixtures.kept import DAY, HOUR, keeping

AWARDED = FeedResult(GameResult(GameStatus.AWARDED))


async def test_results_come_first_and_each_thing_stands_on_one_page(clock, database):
    async with keeping(clock, database) as kept:
        assert await kept.read(waiting_page, 3) == (0, 0, [], [])
        games = [kept.fixture(f"g{n}", f"Home {n:02}", f"Away {n:02}", n * HOUR) for n in range(12)]
        await kept.tell(*games)
        await kept.tell(*(replace(game, status="AWD", result=AWARDED, tells_results=True) for game in games))
        names = [kept.fixture(f"x{n}", f"Name {n:02}", "Home 00", n * HOUR) for n in range(11)]
        await kept.tell(*names, provider="api")
        pages = [await kept.read(waiting_page, number) for number in range(3)]
        assert [(page.number, page.total) for page in pages] == [(0, 23), (1, 23), (2, 23)]
        assert [page.has_more for page in pages] == [True, True, False]
        assert [len(page.results) for page in pages] == [10, 2, 0]
        assert [len(page.items) for page in pages] == [0, 8, 3]
        assert [one.home_name for page in pages for one in page.results] == [game.home for game in games]
        assert [one.name for page in pages for one in page.items] == [one.home for one in names]
        assert await kept.read(waiting_page, 99) == pages[-1]
        assert await kept.read(waiting_page, -1) == pages[0]


async def test_who_plays_such_a_game_comes_first_among_the_teams(clock, tmp_path):
    async with keeping(clock, f"sqlite:///{tmp_path}/db") as kept:
        played = [("a", "Arsenal", "Burnley", DAY), ("b", "Wolves", "Chelsea", DAY), ("c", "Chelsea", "Leeds", 9 * DAY)]
        await kept.tell(*(kept.fixture(*one) for one in played))
        await kept.tell(kept.fixture("x", "Chelsea", "Wanderers"), provider="api")
        (item,) = await kept.read(waiting)
        names = [team.name for team in await kept.read(team_choices, item)]
        assert names == ["Wolves", "Arsenal", "Burnley", "Chelsea", "Leeds"]


async def test_the_game_that_was_found_comes_first_then_those_of_the_teams_and_of_the_day(clock, tmp_path):
    async with keeping(clock, f"sqlite:///{tmp_path}/db") as kept:
        played = [
            ("a", "Arsenal", "Burnley", DAY),
            ("b", "Arsenal", "Chelsea", DAY + 4 * HOUR),
            ("c", "Leeds", "Wolves", 9 * DAY),
        ]
        await kept.tell(*(kept.fixture(*one) for one in played))
        await kept.tell(kept.fixture("x", "Chelsea", "Arsenal"), provider="api")
        (item,) = await kept.read(waiting)
        games = await kept.read(game_choices, item)
        assert [(game.home_name, game.away_name) for game in games] == [("Arsenal", "Chelsea"), ("Arsenal", "Burnley")]
