"""Providers are asked for what bets need, within their budgets, whatever one of them does."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from functools import partial

import pytest

from steward.bots.bets.feeds.api_sports import ApiSports
from steward.bots.bets.feeds.budget import FeedBudget
from steward.bots.bets.feeds.csv_files import CsvFiles
from steward.bots.bets.feeds.installed import feed_client
from steward.bots.bets.feeds.polling import FeedPolling
from steward.bots.bets.feeds.reports import USED_UP, feed_reports
from steward.bots.bets.feeds.the_odds_api import TheOddsApi
from steward.bots.bets.fixtures.games import find_games
from steward.bots.bets.fixtures.leagues import CATALOGUE
from steward.bots.bets.fixtures.market_prices import closing_prices, prices_of
from steward.bots.bets.fixtures.results import ready_result, waiting_results
from steward.bots.bets.fixtures.search import open_games
from steward.bots.bets.fixtures.unmatched import waiting
from steward.bots.bets.queue.deciding import decide_item
from steward.bots.bets.queue.decisions import ItemChoice, ItemDecision
from steward.settings.secret import Secret
from steward.store import ServerOptions, open_store, to_millis
from tests.bots.bets.feeds.fakes import (
    KEY,
    FakeApiSports,
    FakeOddsApi,
    answers,
    at,
    bookmaker,
    game,
    hangs,
    refusal,
    serving,
)
from tests.bots.bets.fixtures.kept import MIGRATIONS, feed_age

HOUR, DAY = 3600, 86_400
FREE_ODDS, FREE_SPORTS = FeedBudget(16, 10), FeedBudget(100, 10)
H2H = [("Arsenal", 2.1), ("Draw", 3.4), ("Chelsea", 3.6)]


class Polled:
    """What a polling run is made of, and what it has come to."""

    def __init__(self, clock, store):
        self.clock, self.store = clock, store
        self.finals, self.bets = [], []
        self.polling = self.fail = None
        self.feeds = ()

    async def read(self, function, *args):
        return await self.store.read(lambda tx: function(tx, *args))

    async def reports(self):
        return await self.read(feed_reports, self.feeds)

    async def games(self):
        found = await self.read(lambda tx: find_games(tx, [row[0] for row in tx.all("SELECT id FROM bet_games")]))
        return list(found.values())

    async def until(self, moment):
        await asyncio.sleep(max(0.0, (moment - self.clock.now()).total_seconds()))

    @asynccontextmanager
    async def running(self, *feeds, holder="one", store=None):
        self.polling = FeedPolling(
            store or self.store,
            self.clock,
            feeds,
            holder=holder,
            games_with_bets=lambda tx: self.bets,
            on_final=self.fail or (lambda tx, game, version: self.finals.append((game, version))),
        )
        self.feeds = feeds
        task = asyncio.create_task(self.polling.run())
        try:
            yield self.polling
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@asynccontextmanager
async def polled(clock, folder, *fakes):
    async with (
        serving(*fakes),
        feed_client(clock) as http,
        open_store(f"sqlite:///{folder}/db", clock, migrations=MIGRATIONS) as store,
    ):
        one = Polled(clock, store)
        one.http = http
        yield one


def odds_api(run, fake, *leagues, budget=FREE_ODDS, key=KEY):
    followed = [CATALOGUE[key] for key in leagues or ("epl",)]
    return TheOddsApi(run.http, Secret(key), followed, address=fake.url), budget


def api_sports(run, fake, budget=FREE_SPORTS):
    return ApiSports(run.http, Secret(KEY), [CATALOGUE["epl"]], address=fake.url), budget


def most_in_a_minute(moments):
    return max(sum(first <= each < first + timedelta(minutes=1) for each in moments) for first in moments)


async def test_a_game_from_its_listing_to_its_result(clock, tmp_path):
    fake = FakeOddsApi(clock)
    async with polled(clock, tmp_path, fake) as run:
        starts = at(clock, hours=30)
        event = fake.event("a", "Arsenal", "Chelsea", starts, bookmakers=[bookmaker("one", clock.now(), h2h=H2H)])
        async with run.running(odds_api(run, fake)) as polling:
            await run.until(starts - timedelta(hours=1))
            (found,) = await run.read(open_games, "chel")
            assert await run.read(feed_age, found.id) <= 600
            assert len(await run.read(prices_of, found.id)) == 3
            run.bets = [found.id]
            await run.until(starts + timedelta(minutes=112))
            event["completed"] = True
            event["scores"] = [{"name": "Chelsea", "score": "0"}, {"name": "Arsenal", "score": "2"}]
            await run.until(starts + timedelta(minutes=135))
            assert run.finals == [(found.id, 1)]
            assert (await run.read(ready_result, found.id)).result.regulation == (2, 0)
            assert len(await run.read(closing_prices, found)) == 3
            await run.until(starts + timedelta(days=1))
            assert run.finals == [(found.id, 1)]
            assert polling.problems == []
            (report,) = await run.reports()
            assert (report.title, report.budget.per_day) == ("The Odds API", 16)
            assert report.state.remaining == fake.credits - fake.used
            assert to_millis(clock.now()) - report.state.succeeded_ms <= HOUR * 1000
    by_day = Counter()
    for request, moment in zip(fake.asked, fake.at, strict=True):
        by_day[moment.date()] += {"events": 0, "odds": 3, "scores": 2}[request.path.rpartition("/")[2]]
    assert max(by_day.values()) <= 16
    assert most_in_a_minute(fake.at) <= 10


async def test_no_budget_is_exceeded_across_restarts(clock, tmp_path):
    fake = FakeApiSports(clock)
    async with polled(clock, tmp_path, fake) as run:
        fake.games = [game(number, "Arsenal", "Chelsea", at(clock, hours=60 * number + 3)) for number in range(4)]
        for _ in range(24):
            async with run.running(api_sports(run, fake, FeedBudget(20, 5))):
                await asyncio.sleep(HOUR)
    by_day = Counter(moment.date() for moment in fake.at)
    assert 2 <= max(by_day.values()) <= 15, "a quarter is kept for what bets wait for"
    assert most_in_a_minute(fake.at) <= 5


async def test_bets_may_have_the_whole_budget(clock, tmp_path):
    fake = FakeApiSports(clock)
    async with polled(clock, tmp_path, fake) as run:
        starts = at(clock, minutes=-110)
        fake.games = [game(1, "Arsenal", "Chelsea", starts, "2H", (1, 0))]
        async with run.running(api_sports(run, fake, FeedBudget(6, 10))):
            await run.until(at(clock, hours=4))
            (found,) = await run.games()
            run.bets = [found.id]
            await run.until(at(clock, hours=18))
            (report,) = await run.reports()
            assert report.spent == 6
            assert report.problems == [USED_UP]
    assert len(fake.asked) == 6


@pytest.mark.parametrize("trouble", [hangs, answers("", 503), answers("<html>"), answers({"errors": []})])
async def test_a_provider_in_trouble_holds_up_no_other_and_is_asked_less_and_less(clock, tmp_path, trouble):
    fake, well = FakeApiSports(clock), FakeOddsApi(clock)
    well.event("a", "Arsenal", "Chelsea", at(clock, days=3))
    async with polled(clock, tmp_path, fake, well) as run:
        fake.trouble = [trouble] * 1000
        async with run.running(api_sports(run, fake, FeedBudget(None, 10)), odds_api(run, well)) as polling:
            await asyncio.sleep(DAY)
            assert len(polling.problems) == 1
            assert 24 <= len(fake.asked) <= 400
            assert len(await run.games()) == 1
            gaps = [
                (later - sooner).total_seconds() for sooner, later in zip(fake.at[-20:], fake.at[-19:], strict=False)
            ]
            assert max(gaps) > 300
            fake.trouble = []
            fake.games = [game(1, "Arsenal", "Chelsea", at(clock, days=2))]
            await asyncio.sleep(HOUR)
            assert polling.problems == []
            assert len(well.asked) > 200


async def test_a_refused_key_is_said_and_tried_once_an_hour(clock, tmp_path):
    fake = FakeOddsApi(clock)
    fake.event("a", "Arsenal", "Chelsea", at(clock, days=3))
    async with polled(clock, tmp_path, fake) as run, run.running(odds_api(run, fake, key="f" * 32)) as polling:
        await asyncio.sleep(10 * HOUR)
        assert polling.problems == ["The Odds API refuses the key (INVALID_KEY). Check STEWARD_ODDS_API_KEY."]
        assert 9 <= len(fake.asked) <= 11


async def test_a_league_that_is_refused_holds_up_no_other(clock, tmp_path):
    fake = FakeOddsApi(clock)
    fake.event("a", "Arsenal", "Chelsea", at(clock, days=3))
    async with polled(clock, tmp_path, fake) as run, run.running(odds_api(run, fake, "nfl", "epl")) as polling:
        await asyncio.sleep(10 * HOUR)
        assert len(await run.games()) == 1
        by_sport = Counter(request.path.split("/")[2] for request in fake.asked)
        assert by_sport["americanfootball_nfl"] == 1
        assert by_sport["soccer_epl"] > 100
        (report,) = await run.reports()
        assert report.problems == ["The Odds API has nothing for NFL (UNKNOWN_SPORT)."]
        assert polling.problems == report.problems, "of a league too"


async def test_a_fault_of_ours_is_its_own_leagues_only(clock, tmp_path):
    fake = FakeOddsApi(clock)
    fake.event("a", "Arsenal", "Chelsea", at(clock, days=3))

    def breaks_down(tx, game, version):
        raise ZeroDivisionError

    async with polled(clock, tmp_path, fake) as run:
        run.fail = breaks_down
        scores = [{"name": "Bayern", "score": "2"}, {"name": "Mainz", "score": "0"}]
        event = fake.event("b", "Bayern", "Mainz", at(clock, minutes=-120), "soccer_germany_bundesliga")
        async with run.running(odds_api(run, fake, "bundesliga", "epl", budget=FeedBudget(None, 10))):
            await asyncio.sleep(HOUR)
            event |= {"completed": True, "scores": scores}
            await asyncio.sleep(3 * HOUR)
            (report,) = await run.reports()
            assert report.problems == ["What The Odds API tells of Bundesliga can't be kept."]
            (found,) = await run.read(open_games, "")
            assert await run.read(feed_age, found.id) <= 600


async def test_credits_that_are_used_up_pause_what_costs(clock, tmp_path):
    fake = FakeOddsApi(clock, quota=3)
    fake.event("a", "Arsenal", "Chelsea", at(clock, days=3), bookmakers=[bookmaker("one", clock.now(), h2h=H2H)])
    async with (
        polled(clock, tmp_path, fake) as run,
        run.running(odds_api(run, fake, budget=FeedBudget(500, 10))) as polling,
    ):
        await asyncio.sleep(DAY)
        assert fake.used == 3
        assert fake.paths()["odds"] <= 5
        assert polling.problems == ["The Odds API takes no more requests now (OUT_OF_USAGE_CREDITS)."]


async def test_too_many_requests_at_once_pause_for_two_minutes(clock, tmp_path):
    fake = FakeOddsApi(clock)
    fake.event("a", "Arsenal", "Chelsea", at(clock, days=3))
    async with polled(clock, tmp_path, fake) as run:
        fake.trouble = [lambda request: refusal(429, "EXCEEDED_FREQ_LIMIT")]
        async with run.running(odds_api(run, fake)):
            await asyncio.sleep(600)
    assert (fake.at[1] - fake.at[0]).total_seconds() == pytest.approx(120, abs=2)


async def test_two_providers_tell_of_one_game_and_agree_on_its_end(clock, tmp_path):
    sports, odds = FakeApiSports(clock), FakeOddsApi(clock)
    starts = at(clock, hours=8)
    event = odds.event("a", "Arsenal", "Chelsea", starts, bookmakers=[bookmaker("one", clock.now(), h2h=H2H)])
    sports.games = [game(1, "Arsenal FC", "Chelsea", starts)]
    async with (
        polled(clock, tmp_path, sports, odds) as run,
        run.running(api_sports(run, sports), odds_api(run, odds, budget=FREE_SPORTS)),
    ):
        await run.until(starts - timedelta(hours=1))
        (found,) = await run.games()
        run.bets = [found.id]
        await run.until(starts + timedelta(minutes=115))
        event |= {
            "completed": True,
            "scores": [{"name": "Arsenal", "score": "2"}, {"name": "Chelsea", "score": "2"}],
        }
        sports.games = [game(1, "Arsenal FC", "Chelsea", starts, "FT", (2, 1), halftime=(1, 0), fulltime=(2, 1))]
        await run.until(starts + timedelta(hours=3))
        (waits,) = await run.read(waiting_results)
        assert (waits.id, run.finals) == (found.id, [(found.id, None)])
        event["scores"][1]["score"] = "1"
        await run.until(starts + timedelta(hours=5))
        assert run.finals == [(found.id, None), (found.id, 1)]
        result = (await run.read(ready_result, found.id)).result
        assert (result.regulation, result.periods) == ((2, 1), {"h1": (1, 0)})


async def test_a_postponed_game_locks_at_once_and_comes_back(clock, tmp_path):
    fake = FakeApiSports(clock)
    starts = at(clock, hours=5)
    fake.games = [game(1, "Arsenal", "Chelsea", starts)]
    async with polled(clock, tmp_path, fake) as run, run.running(api_sports(run, fake)):
        await run.until(starts - timedelta(hours=1))
        assert len(await run.read(open_games, "")) == 1
        fake.games = [game(1, "Arsenal", "Chelsea", starts, "PST")]
        await run.until(starts - timedelta(minutes=30))
        assert await run.read(open_games, "") == []
        fake.games = [game(1, "Arsenal", "Chelsea", starts + timedelta(days=9))]
        await run.until(starts + timedelta(days=1))
        (found,) = await run.read(open_games, "")
        assert found.starts_ms - found.listed_ms == 9 * DAY * 1000


async def test_what_a_person_has_decided_is_found_at_the_next_look(clock, tmp_path):
    text = "Div,Date,Time,HomeTeam,AwayTeam\nE0,10/01/2026,15:00,{},Chelsea\n"
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "E0.csv").write_text(text.format("Man United"))
    fake = FakeApiSports(clock)
    async with polled(clock, tmp_path, fake) as run:
        async with run.running((CsvFiles(tmp_path / "csv", clock), FeedBudget())):
            await asyncio.sleep(60)
        fake.games = [game(1, "Manchester United", "Chelsea", clock.now().replace(day=10, hour=15, minute=0, second=0))]
        async with run.running(api_sports(run, fake, FeedBudget(None, 10))):
            await asyncio.sleep(HOUR)
            (item,) = await run.read(waiting)
            assert (await run.reports())[0].state.waiting == 1
            (found,) = await run.games()
            await run.store.write(lambda tx: decide_item(tx, item.id, ItemDecision(ItemChoice.TEAM, found.home)))
            await asyncio.sleep(2 * HOUR)
            assert await run.read(waiting) == []
            assert len(await run.games()) == 1


async def test_files_alone_carry_a_game_to_its_result(clock, tmp_path):
    folder = tmp_path / "csv"
    folder.mkdir()
    header = "Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,HTHG,HTAG,AvgH,AvgD,AvgA\n"
    (folder / "E0.csv").write_text(header + "E0,06/01/2026,15:00,Arsenal,Chelsea,,,,,2.1,3.4,3.6\n")
    async with polled(clock, tmp_path) as run, run.running((CsvFiles(folder, clock), FeedBudget())) as polling:
        await asyncio.sleep(HOUR)
        (found,) = await run.read(open_games, "ars")
        assert await run.read(feed_age, found.id) <= 600
        assert len(await run.read(prices_of, found.id)) == 3
        (folder / "E0.csv").write_text(header + "E0,06/01/2026,15:00,Arsenal,Chelsea,2,1,1,0,2.1,3.4,3.6\n")
        await asyncio.sleep(DAY)
        assert run.finals == [(found.id, 1)]
        assert (await run.read(ready_result, found.id)).result.periods == {"h1": (1, 0)}
        (folder / "E0.csv").unlink()
        folder.rmdir()
        await asyncio.sleep(600)
        assert polling.problems[0].startswith(f"The CSV files of bets in {folder} can't be read")


async def test_of_two_processes_on_one_database_one_asks_and_the_other_takes_over(clock, database, tmp_path):
    fake = FakeApiSports(clock)
    fake.games = [game(1, "Arsenal", "Chelsea", at(clock, hours=20))]
    shared = partial(open_store, str(database), clock, migrations=MIGRATIONS)
    async with polled(clock, tmp_path, fake) as run, AsyncExitStack() as stack:
        first = await stack.enter_async_context(shared(server=ServerOptions(processes=2, owner="a")))
        stores = [first, first]
        if first.shared:
            stores[1] = await stack.enter_async_context(shared(server=ServerOptions(processes=2, owner="b")))
        async with run.running(api_sports(run, fake, FeedBudget(None, 10)), holder="two", store=stores[1]):
            async with run.running(api_sports(run, fake, FeedBudget(None, 10)), holder="one", store=stores[0]):
                await asyncio.sleep(2 * HOUR)
                alone = len(fake.asked)
            await asyncio.sleep(6 * HOUR)
        gaps = [(b - a).total_seconds() for a, b in zip(fake.at[1:], fake.at[2:], strict=False)]
        assert 1 <= alone <= 2, "every two hours, by one of them"
        assert len(fake.asked) > alone + 2
        assert min(gaps) > 540


async def test_the_limit_of_a_minute_holds_over_a_restart(clock, tmp_path):
    fake = FakeOddsApi(clock)
    leagues = [key for key, league in CATALOGUE.items() if "the_odds_api" in league.refs]
    for key in leagues:
        fake.events[CATALOGUE[key].refs["the_odds_api"]] = []
    async with polled(clock, tmp_path, fake) as run:
        for _ in range(3):
            async with run.running(odds_api(run, fake, *leagues)):
                await asyncio.sleep(5)
        assert len(fake.asked) == 10
        async with run.running(odds_api(run, fake, *leagues)):
            await asyncio.sleep(120)
    assert len(fake.asked) == len(leagues)
    assert most_in_a_minute(fake.at) <= 10


class OddFeed(ApiSports):
    """One whose answers break its reader in a way that nobody has thought of."""

    async def fetch(self, kind, league, now):
        raise RecursionError


async def test_a_feed_that_cannot_be_read_at_all_holds_up_no_other(clock, tmp_path):
    fake = FakeOddsApi(clock)
    async with polled(clock, tmp_path, fake) as run:
        fake.event("a", "Arsenal", "Chelsea", at(clock, hours=30), bookmakers=[])
        odd = OddFeed(run.http, Secret(KEY), [CATALOGUE["epl"]], address=fake.url)
        async with run.running((odd, FREE_SPORTS), odds_api(run, fake)) as polling:
            await run.until(at(clock, hours=2))
            assert len(await run.read(open_games, "chel")) == 1
            assert polling.problems == ["What API-Sports tells can't be read."]
