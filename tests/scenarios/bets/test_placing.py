"""`/bet` and `/parlay` on the whole product: from a game to a bet, and back until it locks."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count

import pytest

from steward.bots.bets.care.limits import take_break
from steward.bots.bets.commands.betting.finding import picked
from steward.bots.bets.fixtures.fixture import FeedPrice, PricedMarket
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.ledger.accounts import ISSUANCE, wallet
from steward.bots.bets.ledger.posting import Movement, post
from steward.bots.bets.odds.prices import read_odds
from steward.bots.bets.placing.bets import find_bets
from steward.bots.bets.placing.preferences import prefer
from steward.bots.bets.section import BetsMode, ParlayPreset, SlipTheme
from steward.charts.render import ChartFailed, ChartRenderer
from tests.bots.bets.fixtures.kept import DAY, HOUR, MINUTE, one_x_two
from tests.parts import bets_of
from tests.scenarios.bets.games import heard, kept_by
from tests.scenarios.bets.test_markets import made
from tests.scenarios.bets.test_wallets import ALONE, adds_up, balance, text
from tests.scenarios.test_privacy import texts_with
from tests.stage import QUIET, admin, stage, until

HOME, OVER = "1x2|home||", "total|over|10|"


def total(over="1.91", under="1.95", line=10):
    prices = FeedPrice("over", read_odds(over), line), FeedPrice("under", read_odds(under), line)
    return PricedMarket("total", prices)


class Played:
    """A running bot with games that a feed tells of, and members with points."""

    def __init__(self, scene, steward, clock):
        self.scene = scene
        self.steward = steward
        self.feed = kept_by(steward, clock)
        self.listed = {}
        self.grants_made = count()

    async def lists(self, ref="derby", home="Arsenal", away="Chelsea", after=DAY, markets=None, **more):
        """Have the feed list a game, beside those that it did; `after` now, in milliseconds."""
        markets = (one_x_two("2.10", "3.40", "3.60"), total()) if markets is None else markets
        self.listed[ref] = self.feed.fixture(ref, home, away, after, markets=markets, **more)
        await self.feed.tell(*self.listed.values())
        await heard(self.feed)
        return next(game for game in await self.feed.games() if game.home_name == home)

    async def hears(self, ref="derby", **changes):
        """Have the feed tell of a game otherwise."""
        self.listed[ref] = replace(self.listed[ref], **changes)
        await self.feed.tell(*self.listed.values())
        await heard(self.feed)

    async def grants(self, points, *members):
        def work(tx):
            for member in members:
                entries = {ISSUANCE: -points, wallet(member.id): points}
                post(tx, self.scene.guild.id, [Movement(f"grant:{next(self.grants_made)}", "grant", entries)])

        await self.steward.store.write(work)

    async def bets(self):
        """Return all bets by their number."""

        def work(tx):
            return find_bets(tx, [number for (number,) in tx.all("SELECT id FROM bet_bets")])

        return await self.steward.store.read(work)

    async def slip(self, member, game, pick=HOME, stake="100"):
        return await member.run("/bet", game=picked(game), pick=pick, stake=stake)


@asynccontextmanager
async def playing(clock, folder):
    async with stage(clock, folder, **ALONE, **QUIET) as scene, scene.steward() as steward:
        await admin(scene, steward)
        yield Played(scene, steward, clock)
        await adds_up(steward)


def refused(reply):
    return reply.embeds[0]["description"].splitlines()[0] if reply.embeds else reply.content


def figures(reply):
    return {one["name"]: one["value"] for one in reply.embeds[0]["fields"]}


async def test_a_bet_takes_three_clicks_and_nothing_is_typed_but_the_stake(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        game, ada = await played.lists(), played.scene.guild.join("ada")
        await played.grants(1000, ada)
        (offered,) = (await ada.autocomplete("/bet", game="ars")).choices
        assert offered.startswith("Arsenal v Chelsea, ")
        picks = (await ada.autocomplete("/bet", game=picked(game), pick="")).choices
        assert picks == [
            "Arsenal (Result after regular time), 2.10",
            "Draw (Result after regular time), 3.40",
            "Chelsea (Result after regular time), 3.60",
            "Over 2.5 (Total), 1.91",
            "Under 2.5 (Total), 1.95",
        ]
        slip = await played.slip(ada, game, stake="½")
        assert (slip.ephemeral, slip.embeds[0]["title"]) == (True, "Your slip")
        said = text(slip)
        assert "**Arsenal v Chelsea** · Premier League" in said
        assert "Arsenal (Result after regular time) at **2.10**" in said
        assert "Settled on: 90 minutes plus stoppage time" in said
        assert f"<t:{game.starts_ms // 1000}:F>" in said
        assert "when bets lock" in said
        assert figures(slip) == {
            "Odds": "2.10",
            "Stake": "500 points",
            "Returns if it wins": "1,050 points, rounded down",
        }
        assert "Play money" in slip.embeds[0]["footer"]["text"]
        assert slip.buttons == ["Confirm", "Change stake", "Cancel"]
        placed = await ada.click(slip, "Confirm")
        assert "is placed" in placed.embeds[0]["title"]
        (bet,) = (await played.bets()).values()
        assert (bet.stake, bet.returned, bet.user_id) == (500, 1050, ada.id)
        assert await balance(played.scene, played.steward, ada) == 500


async def test_a_first_bet_without_a_wallet_says_how_to_get_one(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        game, ada = await played.lists(), played.scene.guild.join("ada")
        bare = await played.lists("bare", "Leeds", "Burnley", markets=())
        told = "⚠️ You don't have a wallet here yet. `/wallet claim` gets you started."
        assert refused(await played.slip(ada, game)) == told
        await asyncio.sleep(30)
        assert "There are no odds for Leeds v Burnley" in refused(await played.slip(ada, bare))
        offered = (await ada.autocomplete("/bet", game="")).choices
        assert [name.split(",")[0] for name in offered] == ["Arsenal v Chelsea"]
        await ada.run("/wallet claim")
        await ada.click(await played.slip(ada, game), "Confirm")
        (bet,) = (await played.bets()).values()
        history = text(await ada.run("/wallet history"))
        assert f"**-100 points** staked on Arsenal v Chelsea (bet {bet.id}) · 900 points" in history


async def test_a_stake_that_is_none_is_asked_for_again_and_nothing_else(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        game, ada = await played.lists(), played.scene.guild.join("ada")
        await played.grants(1000, ada)
        for typed, told in (
            ("lots", "can't read"),
            ("-5", "can't read"),
            ("1e9", "You have 1,000 points"),
            ("0", "can't"),
        ):
            slip = await played.slip(ada, game, stake=typed)
            assert told in refused(slip)
            with pytest.raises(LookupError, match="disabled"):
                await ada.click(slip, "Confirm")
            form = await ada.click(slip, "Set stake")
            assert form.modal.data["components"][0]["component"]["value"] == typed
            await asyncio.sleep(30)
        slip = await ada.submit(form, stake="1.000")
        assert figures(slip)["Stake"] == "1,000 points"
        await ada.click(slip, "Confirm")
        assert await balance(played.scene, played.steward, ada) == 0


async def test_two_hundred_members_who_press_twice_have_one_bet_each(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        game = await played.lists()
        members = [played.scene.guild.join(f"m{number}") for number in range(200)]
        await played.grants(100, *members)

        async def press_twice(member):
            slip = await played.slip(member, game, stake="all")
            return await asyncio.gather(member.click(slip, "Confirm"), member.click(slip, "Confirm"))

        for first, second in await asyncio.gather(*map(press_twice, members)):
            assert first.embeds[0]["title"] == second.embeds[0]["title"]
        bets = await played.bets()
        assert sorted(bet.user_id for bet in bets.values()) == sorted(member.id for member in members)


async def test_a_shorter_price_is_shown_before_it_is_taken(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        game, ada = await played.lists(), played.scene.guild.join("ada")
        await played.grants(1000, ada)
        slip = await played.slip(ada, game)
        await played.hears(markets=(one_x_two("1.80", "3.60", "4.50"), total()))
        fresh, again = await asyncio.gather(ada.click(slip, "Confirm"), ada.click(slip, "Confirm"))
        assert "price has moved" in text(fresh)
        assert "at **1.80**" in text(fresh)
        assert "It was Arsenal (Result after regular time) at 2.10." in text(fresh)
        assert "changed since" in text(again)
        assert await played.bets() == {}
        await ada.click(fresh, "Confirm")
        (bet,) = (await played.bets()).values()
        assert bet.returned == 180


@pytest.mark.parametrize(("opted_out", "wait", "asked"), [(False, 20, False), (False, 90, True), (True, 20, True)])
async def test_a_longer_price_is_taken_while_the_slip_is_fresh(clock, tmp_path, opted_out, wait, asked):
    async with playing(clock, tmp_path) as played:
        game, ada = await played.lists(), played.scene.guild.join("ada")
        await played.grants(1000, ada)
        if opted_out:
            choose = partial(prefer, guild_id=played.scene.guild.id, user_id=ada.id, takes_better=False)
            await played.steward.store.write(choose)
        slip = await played.slip(ada, game)
        await asyncio.sleep(wait)
        await played.hears(markets=(one_x_two("2.50", "3.30", "3.00"), total()))
        answer = await ada.click(slip, "Confirm")
        assert ("price has moved" in text(answer)) is asked
        if asked:
            await ada.click(answer, "Confirm")
        assert [bet.returned for bet in (await played.bets()).values()] == [250]


async def test_a_line_that_moved_is_another_bet(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        game, ada = await played.lists(), played.scene.guild.join("ada")
        await played.grants(1000, ada)
        slip = await played.slip(ada, game, OVER)
        await played.hears(markets=(one_x_two("2.10", "3.40", "3.60"), total("2.05", "1.80", 11)))
        fresh = await ada.click(slip, "Confirm")
        assert "Over 2.75 (Total) at **2.05**" in text(fresh)
        assert "It was Over 2.5 (Total) at 1.91." in text(fresh)
        await ada.click(fresh, "Confirm")
        (bet,) = (await played.bets()).values()
        assert bet.legs[0].pick == BetPick("total", "over", 11)


async def test_between_slip_and_confirm_a_game_may_lock(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        game, ada = await played.lists(after=HOUR), played.scene.guild.join("ada")
        away = await played.lists("north", "Leeds", "Burnley")
        await played.grants(1000, ada)
        early, put_off = await played.slip(ada, game), await played.slip(ada, away)
        assert "isn't there any more" in refused(await ada.click(early, "Confirm")), "a member has one slip"
        await played.hears("north", status="PST")
        assert "isn't open" in refused(await ada.click(put_off, "Confirm"))
        early = await played.slip(ada, game)
        await played.hears(starts_ms=played.feed.now - MINUTE)
        assert "it has started" in refused(await ada.click(early, "Confirm"))
        await asyncio.sleep(30)
        last = await played.lists("last", "Everton", "Fulham", 10 * MINUTE)
        slip = await played.slip(ada, last)
        await asyncio.sleep(601)
        await heard(played.feed)
        assert "it has started" in refused(await ada.click(slip, "Confirm"))
        assert "it has started" in refused(await played.slip(ada, last))
        assert await played.bets() == {}


async def test_no_bet_is_taken_on_odds_that_nobody_has_confirmed_for_long(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        game, ada = await played.lists(after=HOUR), played.scene.guild.join("ada")
        await played.grants(1000, ada)
        slip = await played.slip(ada, game)
        await asyncio.sleep(700)
        assert "11 minutes ago" in refused(await ada.click(slip, "Confirm"))
        await heard(played.feed)
        assert "is placed" in (await ada.click(slip, "Confirm")).embeds[0]["title"]


async def test_prices_that_are_too_old_are_no_prices_that_cannot_be_right(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        game, ada = await played.lists(after=8 * HOUR), played.scene.guild.join("ada")
        await played.grants(1000, ada)
        slip = await played.slip(ada, game)
        await asyncio.sleep(5 * HOUR / 1000)
        await heard(played.feed)
        assert "The odds are too old, so bets on this game are paused." in refused(await ada.click(slip, "Confirm"))
        await played.hears(markets=(one_x_two("1.10", "1.40", "1.60"), total()))
        assert "These odds can't be right, so bets on them are paused." in refused(await ada.click(slip, "Confirm"))


async def test_a_slip_is_its_members_alone_and_a_bet_is_cancelled_by_its_own(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        game, ada, ben = await played.lists(), played.scene.guild.join("ada"), played.scene.guild.join("ben")
        await played.grants(1000, ada, ben)
        slip = await played.slip(ada, game)
        with pytest.raises(PermissionError):
            await ben.click(slip, "Confirm")
        placed = await ada.click(slip, "Confirm")
        once, twice = await asyncio.gather(ada.click(placed, "Cancel bet"), ada.click(placed, "Cancel bet"))
        for answer in (once, twice):
            assert "is cancelled" in answer.embeds[0]["title"]
            assert "100 points is back" in text(answer)
        assert await balance(played.scene, played.steward, ada) == 1000


async def test_a_bet_is_not_cancelled_once_its_game_has_begun(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        game, ada = await played.lists(after=HOUR), played.scene.guild.join("ada")
        await played.grants(1000, ada)
        placed = await ada.click(await played.slip(ada, game), "Confirm")
        await asyncio.sleep(3601)
        told = (await ada.click(placed, "Cancel bet")).content
        assert told == "It's too late to cancel. Arsenal v Chelsea: Bets on this game are closed: it has started."
        assert await balance(played.scene, played.steward, ada) == 900


async def test_a_slip_and_a_bet_work_after_a_restart(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene:
        async with scene.steward() as steward:
            await admin(scene, steward)
            play, ada = Played(scene, steward, clock), scene.guild.join("ada")
            game = await play.lists()
            await play.grants(1000, ada)
            slip = await play.slip(ada, game)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            play = Played(scene, steward, clock)
            await heard(play.feed)
            placed = await ada.click(slip, "Confirm")
            assert len(await play.bets()) == 1
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            play = Played(scene, steward, clock)
            await heard(play.feed)
            assert "is cancelled" in (await ada.click(placed, "Cancel bet")).embeds[0]["title"]
            await adds_up(steward)


async def test_a_parlay_is_built_leg_by_leg_on_one_slip_that_is_kept(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        derby, ada = await played.lists(), played.scene.guild.join("ada")
        north = await played.lists("north", "Leeds", "Burnley", 2 * DAY)
        await played.grants(1000, ada)
        assert "Add a leg" in text(await ada.run("/parlay"))
        slip = await ada.run("/parlay", game=picked(derby), pick=HOME)
        assert slip.embeds[0]["title"] == "Your parlay, 1 of up to 10 legs"
        slip = await ada.run("/parlay", game=picked(derby), pick=OVER)
        assert refused(slip) == (
            "⚠️ “Arsenal v Chelsea: Arsenal (Result after regular time)” and “Arsenal v Chelsea: Over 2.5 (Total)”"
            " depend on each other, so they can't be on one ticket. Bet on them one by one."
        )
        slip = await ada.run("/parlay", game="leeds", pick="over", stake="33")
        assert figures(slip) == {
            "Odds": "4.01",
            "Stake": "33 points",
            "Returns if it wins": "132 points, rounded down",
        }
        slip = await ada.select(slip, "0")
        with pytest.raises(LookupError, match="disabled"):
            await ada.click(slip, "Confirm")
        await asyncio.sleep(60)
        slip = await ada.run("/parlay", game=picked(derby), pick="draw")
        slip = await ada.submit(await ada.click(slip, "Change stake"), stake="1e2")
        placed = await ada.click(slip, "Confirm")
        assert "is placed" in placed.embeds[0]["title"]
        (bet,) = (await played.bets()).values()
        assert [(leg.game, leg.pick.selection) for leg in bet.legs] == [(north.id, "over"), (derby.id, "draw")]
        assert bet.returned == 649
        assert "0 of up to 10" in (await ada.run("/parlay")).embeds[0]["title"]


async def test_a_leg_that_moved_while_a_parlay_grows_says_so_until_it_is_confirmed(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        derby, ada = await played.lists(), played.scene.guild.join("ada")
        north = await played.lists("north", "Leeds", "Burnley", 2 * DAY)
        south = await played.lists("south", "Everton", "Fulham", 2 * DAY)
        await played.grants(1000, ada)
        await ada.run("/parlay", game=picked(derby), pick=OVER)
        await played.hears(markets=(one_x_two("2.10", "3.40", "3.60"), total("2.05", "1.80", 11)))
        for game in (north, south):
            slip = await ada.run("/parlay", game=picked(game), pick=HOME, stake="10")
            assert "Over 2.75 (Total) at **2.05**" in text(slip)
            assert "It was Over 2.5 (Total) at 1.91." in text(slip)
            assert text(slip).startswith("⚠️ The price has moved")
        await played.hears(markets=(one_x_two("2.10", "3.40", "3.60"), total()))
        back = await ada.run("/parlay")
        assert "Over 2.5 (Total) at **1.91**" in text(back)
        assert "has moved" not in text(back)
        await ada.click(back, "Confirm")
        (bet,) = (await played.bets()).values()
        assert bet.legs[0].pick == BetPick("total", "over", 10)


async def test_limits_are_told_in_the_guilds_own_currency(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        game, ada = await played.lists(), played.scene.guild.join("ada")
        await played.grants(10_000, ada)
        book = bets_of(played.steward).section
        limits = {"stake_limit": 200, "return_limit": 410, "game_limit": 300, "daily_limit": 320, "currency": "coins"}
        await book.change(played.scene.guild.id, ada.id, lambda now: replace(now, **limits))
        for stake, pick, told in (
            ("201", HOME, "The largest stake here is 200 coins."),
            ("200", HOME, "could return 420 coins, and the most here is 410 coins"),
        ):
            assert told in refused(await played.slip(ada, game, pick, stake))
            await asyncio.sleep(30)
        await ada.click(await played.slip(ada, game, HOME, "190"), "Confirm")
        assert "You can bet 300 coins on one game here. Left: 110 coins." in refused(
            await played.slip(ada, game, OVER, "111")
        )
        other = await played.lists("north", "Leeds", "Burnley")
        await asyncio.sleep(30)
        assert "You can bet 320 coins in a day here. Left: 130 coins." in refused(
            await played.slip(ada, other, OVER, "131")
        )
        slip = await played.slip(ada, other, OVER, "130")
        await book.change(played.scene.guild.id, ada.id, lambda now: replace(now, daily_limit=200))
        assert "200 coins in a day" in refused(await ada.click(slip, "Confirm"))


async def test_in_units_the_same_slip_takes_no_wallet(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        game, ada = await played.lists(), played.scene.guild.join("ada")
        slip = await played.slip(ada, game)
        book = bets_of(played.steward).section
        await book.change(played.scene.guild.id, ada.id, lambda now: replace(now, mode=BetsMode.UNITS))
        assert "0.25 to 5 units" in refused(await played.slip(ada, game, stake="6"))
        slip = await played.slip(ada, game, stake="1,25")
        assert figures(slip)["Returns if it wins"] == "2.62 units, rounded down"
        await ada.click(slip, "Confirm")
        (bet,) = (await played.bets()).values()
        assert (bet.mode, bet.stake, bet.returned) == (BetsMode.UNITS, 125, 262)
        assert await balance(played.scene, played.steward, ada) is None


async def test_a_member_chooses_how_odds_are_written_and_it_is_forgotten_with_them(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        game, ada = await played.lists(), played.scene.guild.join("ada")
        await played.grants(1000, ada)
        told = (await ada.run("/bets format", odds="american", better_prices="ask")).content
        assert told == (
            "You read american odds, such as +150. A price that gets better while you look at your slip is shown to"
            " you first. When you win you aren't mentioned."
        )
        assert (await ada.run("/bets format")).content == told
        picks = (await ada.autocomplete("/bet", game=picked(game), pick="over")).choices
        assert picks == ["Over 2.5 (Total), -110"]
        slip = await played.slip(ada, game)
        assert figures(slip)["Odds"] == "+110"
        shown = (await ada.run("/privacy show")).content
        assert "that you read american odds" in shown
        assert "a bet slip that you haven't confirmed" in shown
        await ada.click(await ada.run("/privacy forget-me"), "Delete")
        assert (await texts_with(played.steward, str(ada.id))).keys() == {"opt_outs"}


async def test_a_server_chooses_how_odds_are_written_and_for_how_long_a_bet_can_be_cancelled(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        olga = await admin(played.scene, played.steward, "otto")
        form = await olga.click(await olga.run("/setup"), "Betting")
        panel = await olga.submit(form, odds_format="american", cancel_minutes="a while")
        assert "up to 10,080 whole minutes" in text(panel)
        panel = await olga.submit(await olga.click(panel, "Betting"), cancel_minutes="15 min")
        told = {one["name"]: one["value"] for one in panel.embeds[0]["fields"]}
        assert told["Odds"] == "american, such as +150"
        assert told["Cancelling a bet"] == "for 15 minutes after it's placed, and never once it has locked"
        await olga.click(panel, "Save")
        game, ada, ben = await played.lists(), played.scene.guild.join("ada"), played.scene.guild.join("ben")
        await played.grants(1000, ada)
        assert "**+110**" in str((await ada.run("/odds", game=picked(game))).embeds)
        assert "such as +150, as this server writes them" in (await ada.run("/bets format")).content
        assert "such as 2.50." in (await ben.run("/bets format", odds="decimal")).content
        assert "**2.10**" in str((await ben.run("/odds", game=picked(game))).embeds)
        assert "as this server writes them" in (await ben.run("/bets format", odds="server")).content
        slip = await ada.click(await played.slip(ada, game), "Confirm")
        assert f"You can cancel it until <t:{int(clock.now().timestamp()) + 15 * 60}:t>, unless it locks" in text(slip)
        assert (await ada.run("/bets open")).message.components
        await asyncio.sleep(15 * 60)
        refusal = await ada.click(slip, "Cancel bet")
        assert "In this server a bet can be cancelled for 15 minutes after it's placed" in refusal.content
        assert not (await ada.run("/bets open")).message.components
        post = await made(olga, played.scene.guild.add_text_channel("hall"), outcomes="Yes @ 2.50\nNo @ 1.50")
        assert post.embeds[0]["fields"][0]["value"] == "0 points in 0 bets, pays +150"


async def test_limits_are_set_up_in_discord(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        olga = await admin(played.scene, played.steward, "otto")
        panel = await olga.run("/setup")
        form = await olga.click(panel, "Limits")
        panel = await olga.submit(form, stake_limit="1k", return_limit="", game_limit="lots", daily_limit="2,000")
        assert "can't read that as an amount" in text(panel)
        form = await olga.click(panel, "Betting")
        panel = await olga.submit(form, mode="house", parlays="us_classic")
        told = {one["name"]: one["value"] for one in panel.embeds[0]["fields"]}
        assert told["Limits on bets"] == "1,000 points a bet, 2,000 points a member a day"
        await olga.click(panel, "Save")
        section = bets_of(played.steward).section.of(played.scene.guild.id)
        assert (section.stake_limit, section.return_limit, section.parlays) == (1000, 0, ParlayPreset.US_CLASSIC)
        derby, ada = await played.lists(), played.scene.guild.join("ada")
        await ada.run("/parlay", game=picked(derby), pick=HOME)
        slip = await ada.run("/parlay", game=picked(derby), pick=OVER)
        assert slip.embeds[0]["title"] == "Your parlay, 2 of up to 10 legs"


async def test_what_a_member_has_ruled_out_is_no_bet_even_if_it_was_after_the_slip(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        game, ada = await played.lists(), played.scene.guild.join("ada")
        await played.grants(1000, ada)
        slip = await played.slip(ada, game)
        pause = partial(
            take_break, guild_id=played.scene.guild.id, user_id=ada.id, until=clock.now() + timedelta(days=2)
        )
        await played.steward.store.write(pause)
        for answer in (await ada.click(slip, "Confirm"), await played.slip(ada, game)):
            assert "break" in refused(answer)
        assert await played.bets() == {}


async def test_an_open_bet_is_cancelled_from_its_list_until_it_locks(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        game, ada, ben = await played.lists(after=HOUR), played.scene.guild.join("ada"), played.scene.guild.join("ben")
        later = await played.lists("north", "Leeds", "Burnley")
        await played.grants(1000, ada)
        for one in (game, later):
            await ada.click(await played.slip(ada, one), "Confirm")
        first, second = sorted(await played.bets())
        shown = await ada.run("/bets open")
        asked = await ada.select(shown, str(first))
        assert asked.content == (
            f"Cancel bet {first}, Arsenal (Result after regular time)?"
            " Your stake of 100 points goes back to your wallet."
        )
        assert (await ada.click(asked, "Cancel")).content == "Okay, your bet stays."
        asked = await ada.select(shown, str(first))
        once, twice = await asyncio.gather(ada.click(asked, "Cancel the bet"), ada.click(asked, "Cancel the bet"))
        assert (
            once.content
            == twice.content
            == f"Bet {first} is cancelled. Your stake of 100 points is back in your wallet."
        )
        assert await balance(played.scene, played.steward, ada) == 900
        assert "Try `/bet`" in text(await ben.run("/bets open"))
        await asyncio.sleep(DAY / 1000 + 1)
        assert "too late to cancel" in (await ada.select(shown, str(second))).content
        with pytest.raises(LookupError):
            await ada.select(await ada.run("/bets open"), str(second))
        assert await balance(played.scene, played.steward, ada) == 900


async def pictured(played, theme):
    book = bets_of(played.steward).section
    await book.change(played.scene.guild.id, 1, lambda now: replace(now, slip_pictures=theme))


def pictures(reply):
    return [one["filename"] for one in reply.message.attachments]


async def test_a_bet_has_a_picture_where_the_server_wants_one_and_the_text_does_not_wait(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        game, ada = await played.lists(), played.scene.guild.join("ada")
        await played.grants(1000, ada)
        plain = await ada.click(await played.slip(ada, game), "Confirm")
        await pictured(played, SlipTheme.DARK)
        placed = await ada.click(await played.slip(ada, game), "Confirm")
        assert "is placed" in placed.embeds[0]["title"]
        assert pictures(placed) == []
        await until(lambda: pictures(placed))
        _, second = sorted(await played.bets())
        assert pictures(placed) == [f"bet{second}.png"]
        assert (placed.embeds[0]["title"], placed.buttons) == (f"Bet {second} is placed", ["Cancel bet"])
        assert pictures(plain) == []
        cancelled = await ada.click(placed, "Cancel bet")
        await until(lambda: pictures(cancelled))
        assert "is cancelled" in cancelled.embeds[0]["title"]
        assert "Returns if it wins" not in figures(cancelled)


async def test_a_picture_that_is_late_never_stands_under_what_a_bet_is_no_more(clock, tmp_path, monkeypatch):
    drawn, drawing = asyncio.Event(), []

    async def render(self, *drawings):
        drawing.append(self)
        if len(drawing) > 1:
            raise ChartFailed("There is no memory for it.")
        await drawn.wait()
        return [b"png"]

    monkeypatch.setattr(ChartRenderer, "render_svg", render)
    async with playing(clock, tmp_path) as played:
        game, ada = await played.lists(), played.scene.guild.join("ada")
        await played.grants(1000, ada)
        await pictured(played, SlipTheme.LIGHT)
        placed = await ada.click(await played.slip(ada, game), "Confirm")
        await until(lambda: drawing)
        cancelled = await ada.click(placed, "Cancel bet")
        await until(lambda: len(drawing) > 1)
        drawn.set()
        await asyncio.sleep(5)
        assert "is cancelled" in cancelled.embeds[0]["title"]
        assert pictures(cancelled) == []
