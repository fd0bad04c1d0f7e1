"""`/limits` on the whole product: what a member sets themselves, and breaks that nobody shortens."""

import asyncio
from functools import partial

import pytest

from steward.bots.bets.care.limits import require_may_bet
from steward.bots.bets.care.rules import OnBreak, OverOwnLimit
from steward.bots.bets.section import BetsSection
from tests.bots.bets.fixtures.kept import DAY
from tests.scenarios.bets.test_placing import playing, refused
from tests.scenarios.test_privacy import texts_with
from tests.stage import QUIET, admin, stage

ALONE = {"STEWARD_BOTS": "bets"}
A_DAY = 86_400


async def may_bet(scene, steward, member, stake):
    """Raise what a member would be told who bets so much."""
    ask = partial(require_may_bet, guild_id=scene.guild.id, user_id=member.id, stake=stake, section=BetsSection())
    await steward.store.read(ask)


def shown(reply):
    return {field["name"]: field["value"] for field in reply.embeds[0]["fields"]}


async def test_a_lower_limit_counts_at_once_and_a_higher_one_after_24_hours(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        await admin(scene, steward)
        ada = scene.guild.join("ada")
        assert "None. `/limits stake`" in shown(await ada.run("/limits show"))["Limits"]
        told = await ada.run("/limits stake", amount="500", per="day")
        assert (told.ephemeral, told.content) == (True, "From now on: you can stake at most 500 points a day.")
        told = await ada.run("/limits stake", amount="1k", per="day")
        assert told.content.startswith("From <t:")
        assert "on: you can stake at most 1,000 points a day. Until then it stays at 500 points." in told.content
        line = shown(await ada.run("/limits show"))["Limits"]
        assert line.startswith("you can stake at most 500 points a day; 500 points left. From <t:")
        with pytest.raises(OverOwnLimit):
            await may_bet(scene, steward, ada, 501)
        await asyncio.sleep(A_DAY)
        await may_bet(scene, steward, ada, 1000)
        told = await ada.run("/limits loss", amount="none", per="week")
        assert told.content == "From now on: no limit of what you lose a week."
        await ada.run("/limits loss", amount="200", per="week")
        with pytest.raises(OverOwnLimit):
            await may_bet(scene, steward, ada, 201)
        lines = shown(await ada.run("/limits show"))["Limits"].splitlines()
        assert [line.partition(";")[0] for line in lines] == [
            "you can stake at most 1,000 points a day",
            "you can lose at most 200 points a week",
        ]
        for amount, why in (("half", "a number here"), ("-5", "can't read"), ("½", "a number here")):
            await asyncio.sleep(60)
            assert why in (await ada.run("/limits stake", amount=amount, per="week")).content


async def test_a_cool_off_begins_after_a_question_and_ends_by_itself(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        await admin(scene, steward)
        ada = scene.guild.join("ada")
        question = await ada.run("/limits cool-off", days=3)
        assert "Nobody can shorten it, not even an admin." in question.content
        assert (await ada.click(question, "Cancel")).content == "Okay, everything stays as it is."
        await may_bet(scene, steward, ada, 5)
        question = await ada.run("/limits cool-off", days=3)
        taken = await ada.click(question, "Take the break")
        assert "You're taking a break from betting until <t:" in taken.content
        assert "settled as usual" in taken.content
        with pytest.raises(OnBreak):
            await may_bet(scene, steward, ada, 5)
        assert "have 1,000 points now" in (await ada.run("/wallet claim")).content  # only betting is paused
        await asyncio.sleep(3 * A_DAY + 60)
        await may_bet(scene, steward, ada, 5)
        assert "None." in shown(await ada.run("/limits show"))["Break from betting"]


async def test_an_exclusion_outlives_being_forgotten_and_a_shorter_break(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE, **QUIET) as scene, scene.steward() as steward:
        await admin(scene, steward)
        ada = scene.guild.join("ada")
        await ada.run("/limits stake", amount="5", per="day")
        first = await ada.click(await ada.run("/limits exclude", length=183), "Take the break")
        again = await ada.click(await ada.run("/limits cool-off", days=1), "Take the break")
        assert again.content == first.content
        about = (await ada.run("/privacy show")).content
        assert "- 1 limit of your betting that you set" in about
        assert "- your break from betting, until it ends" in about
        await asyncio.sleep(60)
        question = await ada.run("/privacy forget-me")
        assert "This stays too: your break from betting, until it ends." in question.content
        done = await ada.click(question, "Delete")
        assert "1 limit of your betting" in done.content
        assert "This stays: your break from betting, until it ends." in done.content
        assert (await texts_with(steward, str(ada.id))).keys() == {"opt_outs"}
        assert "until <t:" in shown(await ada.run("/limits show"))["Break from betting"]
        with pytest.raises(OnBreak):
            await may_bet(scene, steward, ada, 1)
        await asyncio.sleep(60)
        assert "betting_break" in str(await steward.privacy.export(scene.guild.id, ada.id, clock.now()))


async def test_where_units_are_tracked_there_are_breaks_and_no_limits(clock, tmp_path):
    async with stage(clock, tmp_path, **ALONE) as scene, scene.steward() as steward:
        olga, ada = await admin(scene, steward), scene.guild.join("ada")
        form = await olga.click(await olga.run("/setup"), "Betting")
        await olga.click(await olga.submit(form, mode="units", parlays="one_per_event"), "Save")
        assert "tracks units" in (await ada.run("/limits stake", amount="5", per="day")).content
        await ada.click(await ada.run("/limits cool-off", days=1), "Take the break")
        with pytest.raises(OnBreak):
            await may_bet(scene, steward, ada, 1)


async def test_a_slip_is_refused_that_is_more_than_a_limit_leaves_and_taken_24_hours_after_it_is_raised(
    clock, tmp_path
):
    async with playing(clock, tmp_path) as played:
        game, ada = await played.lists(after=2 * DAY), played.scene.guild.join("ada")
        await played.grants(1000, ada)
        await ada.run("/limits stake", amount="150", per="week")
        await ada.click(await played.slip(ada, game, stake="100"), "Confirm")
        slip = await played.slip(ada, game, stake="100")
        assert "is 150 points staked a week, and you've staked 100 points." in refused(slip)
        await ada.run("/limits stake", amount="none", per="week")
        assert "150 points staked a week" in refused(await played.slip(ada, game, stake="51"))
        await asyncio.sleep(A_DAY)
        await played.hears()
        await ada.click(await played.slip(ada, game, stake="100"), "Confirm")
        assert [bet.stake for bet in (await played.bets()).values()] == [100, 100]


async def test_a_slip_is_not_confirmed_in_a_break_and_the_open_bet_stays(clock, tmp_path):
    async with playing(clock, tmp_path) as played:
        game, ada, ben = (
            await played.lists(after=4 * DAY),
            played.scene.guild.join("ada"),
            played.scene.guild.join("ben"),
        )
        await played.grants(1000, ada)
        await ada.click(await played.slip(ada, game, stake="100"), "Confirm")
        waiting = await played.slip(ada, game, stake="200")
        await ada.click(await ada.run("/limits cool-off", days=2), "Take the break")
        assert "taking a break from betting" in refused(await ada.click(waiting, "Confirm"))
        assert "taking a break from betting" in refused(await played.slip(ada, game, stake="5"))
        assert [(bet.stake, bet.status) for bet in (await played.bets()).values()] == [(100, "open")]
        await asyncio.sleep(2 * A_DAY)
        await played.hears()
        gift = await ada.run("/wallet give", member=ben, amount="5")
        assert "gave" in gift.content
        await ada.click(await played.slip(ada, game, stake="5"), "Confirm")
        assert len(await played.bets()) == 2
