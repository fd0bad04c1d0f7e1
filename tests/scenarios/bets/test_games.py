"""`/odds` and `/schedule` on the whole product."""

import asyncio
from datetime import UTC, datetime

import pytest

from steward.bots.bets.commands.betting.finding import picked
from steward.bots.bets.fixtures.fixture import FeedPrice, PricedMarket
from steward.bots.bets.odds.prices import read_odds
from steward.store import to_millis
from tests.bots.bets.fixtures.kept import DAY, HOUR, final, one_x_two
from tests.scenarios.bets.games import derby, kept_by
from tests.stage import QUIET, admin, stage

ALONE = {"STEWARD_BOTS": "bets"}


def embed(reply):
    return reply.embeds[0]


def text(reply):
    return embed(reply)["description"]


def offers(reply):
    return [(choice["name"], choice["value"]) for choice in reply.interaction.choices]


def two_ways(market, *selections):
    return PricedMarket(market, tuple(FeedPrice(side, read_odds(odds), line) for side, line, odds in selections))


async def test_a_member_sees_all_markets_of_a_game_that_they_find_by_a_team(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        await admin(scene, steward)
        ada = scene.guild.join("ada")
        markets = (
            two_ways("total", ("under", 10, "1.95"), ("over", 10, "1.91")),
            one_x_two("2.10", "3.40", "3.60"),
            two_ways("asian_handicap", ("home", -2, "2.02"), ("away", 2, "1.86")),
        )
        game = await derby(steward, clock, markets=markets)
        assert "I know no game “lee”" in (await ada.run("/odds", game="lee")).content
        ((name, value),) = offers(await ada.autocomplete("/odds", game="ars"))
        assert value == picked(game)
        assert name.startswith("Arsenal v Chelsea, ")
        shown = await ada.run("/odds", game=value)
        assert (shown.ephemeral, embed(shown)["title"]) == (True, "Arsenal v Chelsea")
        assert f"Premier League, <t:{game.starts_ms // 1000}:F>" in text(shown)
        assert "Bets lock when it starts" in text(shown)
        assert [(one["name"], one["value"]) for one in embed(shown)["fields"]] == [
            ("Result after regular time", "Arsenal **2.10**\nDraw **3.40**\nChelsea **3.60**"),
            ("Asian handicap", "Arsenal -0.5 **2.02**\nChelsea +0.5 **1.86**"),
            ("Total", "Over 2.5 **1.91**\nUnder 2.5 **1.95**"),
        ]
        await asyncio.sleep(5 * 3600)
        assert "so bets on this game are paused" in text(await ada.run("/odds", game="arsenal"))
        await asyncio.sleep(DAY / 1000)
        assert "it has started" in text(await ada.run("/odds", game=picked(game)))


async def test_hostile_names_of_teams_stay_text_and_within_bounds(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        await admin(scene, steward)
        ada = scene.guild.join("ada")
        home, away = "@everyone **boom** [x](http://evil.example)", "W" * 100
        await derby(steward, clock)
        kept = kept_by(steward, clock)
        await kept.tell(kept.fixture("b", home, away, markets=(one_x_two("2", "3.4", "3.6"),)))
        ((name, value),) = offers(await ada.autocomplete("/odds", game="everyone"))
        assert len(name) <= 100
        shown = embed(await ada.run("/odds", game=value))
        assert "@everyone" not in shown["title"]
        assert "\\*\\*boom" in shown["title"]
        assert "W" * 70 not in str(shown)


@pytest.mark.parametrize("typed", ["0", "9" * 18, "9" * 40, "-1", "' OR 1=1", "²"])
async def test_a_game_that_is_none_gets_one_sentence(clock, tmp_path, typed):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        await admin(scene, steward)
        ada = scene.guild.join("ada")
        await derby(steward, clock)
        assert "I know no game" in (await ada.run("/odds", game=typed)).content


@pytest.mark.evening
async def test_the_schedule_is_of_a_day_on_the_members_clock_and_paged(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        await admin(scene, steward)
        ada, ben = scene.guild.join("ada"), scene.guild.join("ben")
        kept = kept_by(steward, clock)
        noon = to_millis(datetime.combine(clock.now().date(), datetime.min.time(), UTC)) + 12 * HOUR - kept.now
        games = [kept.fixture(f"g{at}", f"Home {at}", f"Away {at}", noon + DAY) for at in range(12)]
        over = kept.fixture("over", "Leeds", "Burnley", -3 * HOUR, status="FT", result=final(2, 1), tells_results=True)
        await kept.tell(*games, over)
        assert "No games that day" in text(await ada.run("/schedule", day="2026-03-01"))
        await ada.run("/timezone set", place="Auckland")
        first = await ben.run("/schedule", day="tomorrow")
        assert len(text(first).splitlines()) == 10
        assert "Premier League" in text(first)
        second = await ben.click(first, "Later")
        assert len(text(second).splitlines()) == 2
        ((_, value),) = offers(await ben.autocomplete("/schedule", league="prem"))
        one = await ben.run("/schedule", league=value, day="tomorrow")
        assert embed(one)["title"].startswith("Premier League, ")
        assert "Premier League" not in text(one)
        # In Auckland it is tomorrow already.
        assert embed(await ada.run("/schedule", league="epl"))["title"] == embed(one)["title"]
        assert "I know no games of a league" in (await ben.run("/schedule", league="quidditch")).content
        assert "Write a day like" in (await ben.run("/schedule", day="blah")).content
        offered = offers(await ben.autocomplete("/schedule", day="t"))
        assert [value for _, value in offered] == ["today", "tomorrow"]


async def test_digits_that_are_typed_are_a_team_and_no_number_of_a_game(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        await admin(scene, steward)
        ada = scene.guild.join("ada")
        kept = kept_by(steward, clock)
        pairs = (("Arsenal", "Chelsea"), ("Leeds", "Burnley"), ("TSV 2 München", "Schalke 1"))
        await kept.tell(*(kept.fixture(f"a{at}", *pair, (at + 2) * DAY) for at, pair in enumerate(pairs)))
        assert [game.id for game in await kept.games()] == [1, 2, 3]
        for typed in ("1", "2"):
            assert embed(await ada.run("/odds", game=typed))["title"] == "TSV 2 München v Schalke 1"
        ((name, value),) = offers(await ada.autocomplete("/odds", game="leeds"))
        assert name.startswith("Leeds v Burnley")
        assert embed(await ada.run("/odds", game=value))["title"] == "Leeds v Burnley"
