"""Keys are secrets; what can't be one is said before anything is asked."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from steward.bots.bets.feeds.installed import BetFeeds, feed_client, installed_feeds
from steward.bots.bets.fixtures.leagues import CATALOGUE
from steward.bots.bets.fixtures.search import open_games
from steward.bots.bets.settings import LEAGUES, BetsSettings
from steward.settings.load import load
from steward.settings.problems import SettingsError
from steward.store import open_store
from tests.bots.bets.feeds.fakes import KEY
from tests.bots.bets.fixtures.kept import MIGRATIONS


def settings(folder, **given):
    environ = {"STEWARD_TOKEN": TOKEN, **{f"STEWARD_{name.upper()}": value for name, value in given.items()}}
    return load(environ, folder, sections_of=lambda names: ((BetsSettings,), True)).of(BetsSettings)


TOKEN = "MTA5ODc2NTQzMjEwOTg3NjU0Mw.GhIjKl.abcdefghijklmnopqrstuvwxyz0123456789AB"


async def test_without_any_setting_nobody_is_asked(clock, tmp_path):
    assert installed_feeds(settings(tmp_path), feed_client(clock), clock) == []


async def test_what_is_set_up_is_asked_within_its_budget(clock, tmp_path):
    found = settings(
        tmp_path,
        odds_api_key=KEY,
        api_sports_key=KEY,
        bets_csv_folder="data",
        bets_leagues="EPL nfl, epl",
        odds_api_requests_per_day="600",
    )
    assert found.bets_leagues == ("epl", "nfl")
    assert found.bets_csv_folder == Path("data")
    feeds = installed_feeds(found, feed_client(clock), clock)
    assert [(provider.title, budget.per_day, budget.per_minute) for provider, budget in feeds] == [
        ("The Odds API", 600, 10),
        ("API-Sports", 100, 10),
        ("CSV files", None, None),
    ]
    assert [league.key for league in await feeds[1][0].leagues()] == ["epl"]


async def test_files_of_an_operator_are_read_as_long_as_the_bot_runs(clock, tmp_path):
    text = "Div,Date,Time,HomeTeam,AwayTeam\nE0,10/01/2026,15:00,Arsenal,Chelsea\n"
    (tmp_path / "E0.csv").write_text(text)
    async with open_store(f"sqlite:///{tmp_path}/db", clock, migrations=MIGRATIONS) as store:
        assert not BetFeeds(store, clock, BetsSettings()).is_set_up
        feeds = BetFeeds(store, clock, settings(tmp_path, bets_csv_folder=str(tmp_path)))
        assert feeds.is_set_up
        (report,) = await feeds.reports()
        assert (report.state.succeeded_ms, feeds.problems) == (None, []), "nothing was asked yet"
        task = asyncio.create_task(feeds.run(games_with_bets=lambda _: (), on_final=lambda *_: None))
        await asyncio.sleep(60)
        (report,) = await feeds.reports()
        assert (report.title, feeds.problems) == ("CSV files", [])
        assert report.state.succeeded_ms is not None
        assert len(await store.read(lambda tx: open_games(tx, "arsenal"))) == 1
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def test_keys_are_never_shown(tmp_path):
    found = settings(tmp_path, odds_api_key=KEY, api_sports_key=KEY)
    assert KEY not in repr(found)
    assert KEY not in f"{found.odds_api_key}"
    assert found.odds_api_key.reveal() == KEY


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"odds_api_key": "your key"}, "is no key"),
        ({"api_sports_key": "abc"}, "is no key"),
        ({"bets_leagues": "epl, premier"}, "names no league 'premier'"),
        ({"bets_leagues": "bundesligaa"}, "Did you mean bundesliga"),
        ({"odds_api_region": "mars"}, "is not one of"),
        ({"odds_api_requests_per_day": "4"}, "is less than the minimum"),
    ],
)
def test_what_cannot_be_is_said(tmp_path, given, said):
    with pytest.raises(SettingsError, match=said) as problems:
        settings(tmp_path, **given)
    assert "your key" not in str(problems.value)


def test_each_league_that_is_known_can_be_chosen():
    assert tuple(CATALOGUE) == LEAGUES
