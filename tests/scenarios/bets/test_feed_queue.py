"""`/feeds` on the whole product: what feeds leave open waits for the operator, who decides it with clicks."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from steward.bots.bets.fixtures.fixture import FeedResult
from steward.bots.bets.fixtures.unmatched import waiting
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.grading.results import GameResult, GameStatus
from steward.bots.bets.odds.prices import Odds
from steward.bots.bets.placing.bets import BetLeg, place
from steward.bots.bets.section import BetsMode
from tests.bots.bets.fixtures.kept import DAY, HOUR
from tests.scenarios.bets.test_csv_files import HOURS, season
from tests.scenarios.bets.test_placing import HOME, Played
from tests.scenarios.bets.test_settling import FeedsOfBot
from tests.scenarios.bets.test_wallets import ALONE, adds_up, balance
from tests.stage import QUIET, admin, stage, until

GUNNERS = "Which team is “Gunners”?"
ALREADY = "Somebody has decided that already."
AWARDED = FeedResult(GameResult(GameStatus.AWARDED))


@dataclass
class Waiting:
    """A running bot, what feeds tell it, and two operators of it."""

    scene: Any
    steward: Any
    kept: Any
    olga: Any
    otto: Any

    async def unknown(self, name="Gunners", ref="x", **more):
        """Have a second feed tell of a game of a team that nobody knows."""
        await self.kept.tell(self.kept.fixture(ref, name, "Chelsea", **more), provider="api_sports")

    async def result_waits(self, ref, home, away):
        """Have a game played, and its result told in doubt; Ada and Ben have bet on it."""
        told = self.kept.fixture(ref, home, away)
        await self.kept.tell(told)
        game = next(game for game in await self.kept.games() if game.home_name == home)
        members = [self.scene.guild.join(f"{name} of {ref}") for name in ("ada", "ben")]
        for member, side in zip(members, ("home", "away"), strict=True):
            await member.run("/wallet claim")
            legs = [BetLeg(game.id, BetPick("1x2", side), Odds(5, 2), told.starts_ms)]
            placed = partial(place, stake=100, legs=legs, mode=BetsMode.HOUSE, key=f"place:{member.id}")
            await self.steward.store.write(
                lambda tx, member=member, placed=placed: placed(tx, self.scene.guild.id, member.id)
            )
        await asyncio.sleep((DAY + 2 * HOUR) / 1000)
        await self.kept.tell(replace(told, status="AWD", result=AWARDED, tells_results=True))
        return members

    async def balances(self, members):
        return [await balance(self.scene, self.steward, one) for one in members]


async def operator(scene, steward, name="olga"):
    """Return a member who runs the bot: an administrator of its home server."""
    member = await admin(scene, steward, name)
    member.give(scene.guild.add_role("Operators", "administrator").id)
    return member


@asynccontextmanager
async def queue(clock, folder, source="csv", **settings):
    async with stage(clock, folder, **ALONE, **QUIET, **settings) as scene, scene.steward() as steward:
        olga, otto = await operator(scene, steward), await operator(scene, steward, "otto")
        kept = FeedsOfBot(steward.store, clock)
        known = kept.fixture("derby"), kept.fixture("far", "Leeds", "Burnley", 8 * DAY)
        await kept.tell(*known, provider=source)
        yield Waiting(scene, steward, kept, olga, otto)
        await adds_up(steward)


def said(view):
    """Return the text of a view, whatever part of it has it."""
    embeds = view.embeds or []
    texts = [view.content, *(embed.get("title", "") for embed in embeds)]
    texts += [embed.get("description", "") for embed in embeds]
    return "\n".join([*texts, *(field["value"] for embed in embeds for field in embed.get("fields", ()))])


def options(view):
    """Return what the menu of a view offers."""
    menus = [one for row in view.message.components for one in row["components"] if one["type"] == 3]
    return [option["label"] for menu in menus for option in menu["options"]]


async def asked_about(who, label):
    return await who.select(await who.run("/feeds"), label)


async def test_an_unknown_team_waits_until_the_operator_says_which_it_is_and_its_game_is_bet_on_and_paid(
    clock, tmp_path
):
    files = tmp_path / "football"
    files.mkdir()
    async with queue(clock, tmp_path, "api_sports", STEWARD_BETS_CSV_FOLDER=str(files)) as its:
        start = (clock.now() + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
        season(files, start, home="Gunners")
        async with asyncio.timeout(2 * HOURS):
            while GUNNERS not in said(view := await its.olga.run("/feeds")):
                await asyncio.sleep(60)
        ada = its.scene.guild.join("ada")
        assert not (await ada.autocomplete("/bet", game="ars")).choices
        assert "🟢 **CSV files** answered" in said(view)
        view = await its.olga.select(view, GUNNERS)
        assert "CSV files told of Gunners v Chelsea" in said(view)
        view = await its.olga.select(view, "Arsenal")
        assert view.content == "**“Gunners” is Arsenal.** You can't take it back."
        view = await its.olga.click(view, "Decide")
        assert view.content == "“Gunners” is Arsenal."
        assert "Nothing waits for you." in said(view)
        async with asyncio.timeout(10 * 60):
            while not (await ada.autocomplete("/bet", game="ars")).choices:
                await asyncio.sleep(60)
        played = Played(its.scene, its.steward, clock)
        await played.grants(1000, ada)
        game = next(game for game in await its.kept.games() if game.home_name == "Arsenal")
        await ada.click(await played.slip(ada, game, HOME), "Confirm")
        await asyncio.sleep((start - clock.now()).total_seconds() + 2 * HOURS)
        season(files, start, "2,1", home="Gunners")
        async with asyncio.timeout(2 * HOURS):
            while await balance(its.scene, its.steward, ada) != 1110:
                await asyncio.sleep(60)


async def test_of_two_operators_who_decide_at_once_one_does_and_the_other_is_told(clock, tmp_path):
    async with queue(clock, tmp_path) as its:
        await its.unknown()
        ask, other = [await asked_about(who, GUNNERS) for who in (its.olga, its.otto)]
        sure, other = await its.olga.select(ask, "Arsenal"), await its.otto.click(other, "New team")
        assert other.content == "**“Gunners” is a team that is new here.** You can't take it back."
        views = await asyncio.gather(its.olga.click(sure, "Decide"), its.otto.click(other, "Decide"))
        told = [view.content for view in views]
        assert told.count(ALREADY) == 1
        assert set(told) - {ALREADY} < {"“Gunners” is Arsenal.", "“Gunners” is a team that is new here."}
        assert all("Nothing waits for you." in said(view) for view in views)


async def test_a_press_about_what_was_decided_never_decides_what_came_after_it_under_the_same_number(clock, tmp_path):
    async with queue(clock, tmp_path) as its:
        await its.unknown()
        listed = await its.otto.run("/feeds")
        sure = await its.olga.select(await asked_about(its.olga, GUNNERS), "Arsenal")
        await its.otto.click(await its.otto.click(await asked_about(its.otto, GUNNERS), "New team"), "Decide")
        await asyncio.sleep(60)
        await its.unknown("Spurs", "y")
        (spurs,) = await its.kept.read(waiting)
        assert spurs.id == 1, "the database gives the number again"
        late = await its.olga.click(sure, "Decide")
        assert late.content == ALREADY
        assert "Which team is “Spurs”?" in said(late)
        assert (await its.otto.select(listed, GUNNERS)).content == ALREADY


async def test_what_is_ignored_waits_no_more_and_nothing_is_decided_before_it_is_asked_once_more(clock, tmp_path):
    async with queue(clock, tmp_path) as its:
        await its.unknown()
        view = await its.olga.click(await asked_about(its.olga, GUNNERS), "Ignore")
        assert view.content == "**“Gunners” isn't asked about for two weeks.** You can't take it back."
        view = await its.olga.click(await its.olga.click(view, "Back"), "Back")
        assert "1 thing waits for you" in said(view)
        view = await its.olga.click(await its.olga.click(await its.olga.select(view, GUNNERS), "Ignore"), "Decide")
        assert "Nothing waits for you." in said(view)
        await its.unknown()
        assert "Nothing waits for you." in said(await its.olga.run("/feeds"))


async def test_a_game_with_its_sides_swapped_is_linked_or_new(clock, tmp_path):
    async with queue(clock, tmp_path) as its:

        async def turned(ref):
            await its.kept.tell(its.kept.fixture(ref, "Chelsea", "Arsenal"), provider=ref)

        asked = "Which game is Chelsea v Arsenal?"
        await turned("api_sports")
        view = await asked_about(its.olga, asked)
        assert "home and away are the other way round" in said(view)
        assert options(view) == ["Arsenal v Chelsea", "Arsenal v Chelsea, sides swapped"]
        view = await its.olga.select(view, "Arsenal v Chelsea, sides swapped")
        expected = "Chelsea v Arsenal of API-Sports is Arsenal v Chelsea, with home and away the other way round."
        assert view.content == f"**{expected}** You can't take it back."
        assert (await its.olga.click(view, "Decide")).content == expected
        await turned("api_sports")
        assert "Nothing waits for you." in said(await its.olga.run("/feeds"))
        assert len(await its.kept.games()) == 2
        await turned("the_odds_api")
        view = await its.olga.click(await asked_about(its.olga, asked), "New game")
        view = await its.olga.click(view, "Decide")
        assert view.content == "Chelsea v Arsenal of The Odds API is a game that is new here."
        assert len(await its.kept.games()) == 3


async def test_a_result_that_waits_is_written_in_a_form_and_pays_the_bets(clock, tmp_path):
    async with queue(clock, tmp_path) as its:
        members = await its.result_waits("derby", "Arsenal", "Chelsea")
        view = await asked_about(its.olga, "Arsenal v Chelsea")
        assert "decided elsewhere than on the pitch" in said(view)
        assert "CSV files: awarded" in said(view)
        form = await its.olga.click(view, "Write the result")
        refused = await its.olga.submit(form, regular="2-1", after="1-1", half="", shootout="none")
        assert "After overtime a side can't have less" in refused.content
        form = await its.olga.click(refused, "Edit and try again")
        sure = await its.olga.submit(form, regular="2-1", after="", half="1:0", shootout="none")
        assert sure.content.startswith("**Arsenal v Chelsea: 2-1. Bets are settled by that in every server")
        assert await its.balances(members) == [900, 900]
        done = await its.olga.click(sure, "Decide")
        assert "Nothing waits for you." in said(done)
        await asyncio.sleep(60)
        assert await its.balances(members) == [1150, 900]


async def test_of_two_operators_who_write_results_at_once_one_counts_and_a_void_gives_stakes_back(clock, tmp_path):
    async with queue(clock, tmp_path) as its:
        members = await its.result_waits("derby", "Arsenal", "Chelsea")
        label = "Arsenal v Chelsea"
        void = await its.olga.click(await asked_about(its.olga, label), "Void")
        form = await its.otto.click(await asked_about(its.otto, label), "Write the result")
        late = await its.otto.submit(form, regular="0-2", after="", half="", shootout="none")
        views = await asyncio.gather(its.olga.click(void, "Decide"), its.otto.click(late, "Decide"))
        told = [view.content for view in views]
        assert told.count(ALREADY) == 1
        await asyncio.sleep(60)
        paid = [1000, 1000] if told[1] == ALREADY else [900, 1150]
        assert await its.balances(members) == paid


async def test_what_waits_is_shown_page_by_page_with_what_fails(clock, tmp_path):
    missing = tmp_path / "nowhere"
    async with queue(clock, tmp_path, STEWARD_BETS_CSV_FOLDER=str(missing)) as its:
        told = [its.kept.fixture(f"x{n}", f"Team {n:02}", "Chelsea", after=n * HOUR) for n in range(1, 24)]
        await its.kept.tell(*told, provider="api_sports")
        view = await its.olga.run("/feeds")
        assert "🔴 **CSV files** never answered" in said(view)
        assert "can't be read: No such file or directory" in said(view)
        assert "23 things wait for you" in said(view)
        assert options(view) == [f"Which team is “Team {n:02}”?" for n in range(1, 11)]
        for _ in range(2):
            view = await its.olga.click(view, "Later")
        assert options(view) == [f"Which team is “Team {n:02}”?" for n in range(21, 24)]
        assert len(options(await its.olga.click(view, "Earlier"))) == 10


async def test_a_team_of_a_large_league_is_found_by_its_name(clock, tmp_path):
    async with queue(clock, tmp_path) as its:
        many = [its.kept.fixture(f"g{n}", f"Home {n:02}", f"Away {n:02}", after=9 * DAY) for n in range(20)]
        await its.kept.tell(its.kept.fixture("derby"), *many)  # of 44 teams, with those of the other game
        await its.unknown()
        view = await asked_about(its.olga, GUNNERS)
        assert len(options(view)) == 25
        assert "Home 19" not in options(view)
        assert options(view)[:1] == ["Arsenal"], "who plays Chelsea then comes first"
        form = await its.olga.click(view, "Find a team")
        none = await its.olga.submit(form, team="Nobody")
        assert "No team of this league is called so" in none.content
        view = await its.olga.submit(await its.olga.click(none, "Edit and try again"), team="home 1")
        assert options(view) == [f"Home {n}" for n in range(10, 20)]
        view = await its.olga.click(await its.olga.select(view, "Home 19"), "Decide")
        assert view.content == "“Gunners” is Home 19."


async def test_feeds_are_of_the_whole_installation_so_who_manages_one_server_decides_nothing(clock, tmp_path):
    async with queue(clock, tmp_path) as its:
        await its.unknown()
        view = await its.olga.run("/feeds")
        assert view.ephemeral
        with pytest.raises(PermissionError):
            await its.scene.guild.join("ada").run("/feeds")
        other = its.scene.sim.add_guild("Seagulls", members=5)
        other.add_text_channel("general")
        await until(lambda: len(its.steward.client.guilds) == 2)
        gus = other.join("gus")
        gus.give(other.add_role("Admins", "administrator").id)
        assert (await gus.run("/feeds")).content.startswith("`/feeds` is for whoever runs the bot.")
        sure = await its.olga.select(await its.olga.select(view, GUNNERS), "Arsenal")
        for role in list(its.olga.role_ids):
            its.olga.take(role)
        assert "is for whoever runs the bot" in (await its.olga.click(sure, "Decide")).content
        assert len(await its.kept.read(waiting)) == 1
