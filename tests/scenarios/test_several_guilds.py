"""One bot, several servers: each with its own counters, zone and reports, set up apart."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from steward.bots.stats.counters.counters import Counted, Counter
from tests.parts import stats_of
from tests.stage import stage, until, until_midnight

ADMIN = 7


async def test_a_second_guild_is_set_up_while_the_bot_runs(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        seals = scene.sim.add_guild("Seals", members=50, online=10)
        size, reports = seals.add_voice_channel("Seals: 0"), seals.add_text_channel("reports")
        await until(lambda: scene.members.name == "Members: 1000")

        def edit(settings):
            counter = Counter(size.id, Counted.MEMBERS, template="{count} seals")
            return replace(settings, zone="America/Noronha", report_channel_id=reports.id).with_counter(counter)

        await stats_of(steward).settings.change(seals.id, ADMIN, edit)
        await until(lambda: size.name == "50 seals", within=700)
        seals.join("ada")
        await until(lambda: size.name == "51 seals", within=700)
        await until(lambda: reports.messages, within=86400, every=60)
        assert clock.now().hour == 2  # midnight on Noronha
        assert not scene.reports.messages


async def test_counters_taken_away_are_left_alone(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        seals = scene.sim.add_guild("Seals", members=50)
        size = seals.add_voice_channel("Seals: 0")
        counter = Counter(size.id, Counted.MEMBERS)
        await stats_of(steward).settings.change(seals.id, ADMIN, lambda settings: settings.with_counter(counter))
        await until(lambda: size.name == "Seals: 50", within=700)
        await stats_of(steward).settings.undo(seals.id, ADMIN)
        seals.join("ada")
        await asyncio.sleep(1500)
        assert size.name == "Seals: 50"


@pytest.mark.evening
async def test_where_the_bot_was_removed_it_asks_for_nothing_more_until_it_is_back(clock, tmp_path):
    """Reports and heartbeat stop with the removal, are not begun by a restart, and go on when the bot is asked back."""
    async with stage(clock, tmp_path, STEWARD_HEARTBEAT_INTERVAL="1800", UPDATE_INTERVAL="3600") as scene:
        seals = scene.sim.add_guild("Seals", members=50, online=10)
        reports, pulse = seals.add_text_channel("reports"), seals.add_text_channel("pulse")
        permissions = seals.bot_permissions

        def asked():
            paths = [request.path for request in scene.sim.recorder.requests()]
            return sum(str(channel.id) in path for path in paths for channel in (reports, pulse))

        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            channels = {"report_channel_id": reports.id, "heartbeat_channel_id": pulse.id}
            await stats_of(steward).settings.change(seals.id, ADMIN, lambda settings: replace(settings, **channels))
            await until(lambda: bool(pulse.messages), within=1900, every=60)
            seals.remove_bot(scene.sim.bot)
            await asyncio.sleep(5)
            before = asked()
            await asyncio.sleep(until_midnight(clock) + 600)
            assert asked() == before
        async with scene.steward() as steward:
            await asyncio.sleep(until_midnight(clock) + 600)
            assert asked() == before
            assert await steward.problems.now() == []
            seals.add_bot(scene.sim.bot, *permissions)
            beats = before
            await until(lambda: asked() > beats, within=1900, every=60)
            reported = len(reports.messages)
            await until(lambda: len(reports.messages) > reported, within=90000, every=60)


async def test_a_guild_that_removes_the_bot_while_it_is_stopped_is_left_alone_and_the_gap_is_known(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        seals = scene.sim.add_guild("Seals", members=50, online=10)
        permissions = seals.bot_permissions
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(120)
        seals.remove_bot(scene.sim.bot)
        await asyncio.sleep(3600)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            assert seals.id not in stats_of(steward).service.guilds
            seals.add_bot(scene.sim.bot, *permissions)
            await asyncio.sleep(60)
            now = clock.now()
            [gap] = await stats_of(steward).service.book.gaps(seals.id, now - timedelta(days=1), now)
            assert gap.ended_at - gap.began_at > timedelta(hours=1)


async def test_a_guild_that_asks_the_bot_in_has_missed_nothing(clock, tmp_path):
    """What was missed before a session is missing in the guilds it began with, not in one that comes a day later."""
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(120)
        await asyncio.sleep(3600)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(3600)
            seals = scene.sim.add_guild("Seals", members=50, online=10)
            await asyncio.sleep(60)
            now = clock.now()
            assert await stats_of(steward).service.book.gaps(seals.id, now - timedelta(days=1), now) == ()
            assert len(await stats_of(steward).service.book.gaps(scene.guild.id, now - timedelta(days=1), now)) == 1
