"""Without the Server Members intent (F14): the bot runs from Discord's counts, and says so everywhere."""

import asyncio

import pytest

from steward.bots.stats.counts.facts import EventKind
from tests.parts import stats_of
from tests.stage import stage, until, until_midnight


def without_the_switch(scene):
    """Let the bot be one whose Server Members switch is off in the portal."""
    bot = scene.sim.add_bot("Humble", privileged_intents=set())
    scene.guild.add_bot(bot, *scene.guild.bot_permissions)
    scene.extra["BOT_TOKEN"] = bot.token


async def test_f14_a_refused_intent_costs_one_more_login_and_the_counters_go_on(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        without_the_switch(scene)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            for number in range(30):
                scene.guild.join(f"member {number}")
            await until(lambda: scene.members.name == f"Members: {scene.guild.member_count}", within=900)
            assert not stats_of(steward).service.single_events
            await asyncio.sleep(86400)
        assert len(scene.sim.recorder.identifies) == 2


@pytest.mark.evening
async def test_f14_it_says_in_readiness_problems_heartbeat_and_report_what_it_lacks(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        without_the_switch(scene)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(until_midnight(clock) + 100)
            ready, facts = await steward.problems.readiness()
            assert ready
            assert "Server Members intent" in facts["degraded"]
            assert "Bot > Server Members Intent" in facts["problems"][0]
        [heartbeat] = scene.heartbeat.messages
        assert "Degraded" in heartbeat.embeds[0]["footer"]["text"]
        [report] = scene.reports.messages
        assert "without the Server Members intent" in report.embeds[0]["footer"]["text"]
        assert not any(field["name"] == "Joins" for field in report.embeds[0]["fields"])


async def test_f14_the_next_start_asks_for_the_intent_again(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        without_the_switch(scene)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
        asked = [login.intents for login in scene.sim.recorder.identifies]
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
        assert [login.intents for login in scene.sim.recorder.identifies] == asked * 2
        assert asked[0] == asked[1] | 1 << 1


async def test_f14_an_intent_taken_away_while_it_runs_degrades_it(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        assert stats_of(steward).service.single_events
        scene.sim.faults.disconnect(4014)
        await until(lambda: steward.health.connections == 2)
        assert not stats_of(steward).service.single_events
        scene.guild.join("untold")
        await until(lambda: scene.members.name == f"Members: {scene.guild.member_count}", within=900)


@pytest.mark.parametrize("count", [3])
async def test_without_the_intent_kicks_and_bans_are_told_all_the_same(clock, tmp_path, count):
    async with stage(clock, tmp_path, STEWARD_MEMBERS_INTENT="false") as scene:
        without_the_switch(scene)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            for number in range(count):
                scene.guild.kick(scene.guild.join(f"rowdy {number}"))
                scene.guild.ban(scene.guild.join(f"rude {number}"))
            await asyncio.sleep(10)
            today = await stats_of(steward).service.today(
                scene.guild.id, clock.now().replace(hour=0, minute=0, second=0)
            )
            assert (today[EventKind.KICK], today[EventKind.BAN]) == (count, count)
            assert steward.health.degraded is None
        assert len(scene.sim.recorder.identifies) == 1
