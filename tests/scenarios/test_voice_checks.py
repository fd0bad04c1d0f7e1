"""A lost goodbye from voice doesn't count for ever, and who really stays for hours counts on."""

import asyncio
from datetime import UTC, datetime, timedelta

from steward.bots.stats.history.series import Span
from steward.sim import Fault
from tests.parts import stats_of
from tests.stage import QUIET, stage, until

HOUR = 3600
START = datetime(2026, 1, 4, tzinfo=UTC)


async def hours_in_voice(steward, user_id):
    """Return how long a member has sat in voice, by the statistics."""
    await stats_of(steward).finish()
    sql = "SELECT SUM(voice_seconds) FROM stats_members WHERE user_id = ? GROUP BY level"
    return max(row[0] for row in await steward.store.read(lambda tx: tx.all(sql, (user_id,)))) / HOUR


async def test_a_lost_goodbye_ends_within_hours_and_who_stays_is_counted_on(clock, tmp_path):
    async with stage(clock, tmp_path, **QUIET) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        voice, (ada, ben) = scene.guild.add_voice_channel("Lounge"), [scene.guild.join(name) for name in ("ada", "ben")]
        ada.join_voice(voice)
        ben.join_voice(voice)
        await asyncio.sleep(60)
        scene.sim.faults.lose_next(1)
        ada.leave_voice()
        await asyncio.sleep(8 * HOUR)
        assert 2.9 < await hours_in_voice(steward, ada.id) < 3.4
        assert 7.9 < await hours_in_voice(steward, ben.id) < 8.1


async def test_while_discord_does_not_say_who_is_in_voice_nobody_counts_for_more_than_some_hours(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        voice, ada = scene.guild.add_voice_channel("Lounge"), scene.guild.join("ada")
        scene.sim.faults.rest(
            method="GET", route="/guilds/{guild_id}/voice-states/{user_id}", action=Fault.status(403), times=1000
        )
        ada.join_voice(voice)
        await asyncio.sleep(8 * HOUR)
        assert 3.4 < await hours_in_voice(steward, ada.id) < 3.6
        route = "/guilds/{guild_id}/voice-states/{user_id}"
        assert scene.sim.recorder.count(route=route) == 2, "a refusal stands for three hours"


async def test_whoever_leaves_the_server_is_not_in_voice_there(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        voice, ada = scene.guild.add_voice_channel("Lounge"), scene.guild.join("ada")
        ada.join_voice(voice)
        await asyncio.sleep(HOUR)
        scene.sim.faults.malform_next("VOICE_STATE_UPDATE", drop=["channel_id"])  # the goodbye can't be read
        ada.leave()
        await asyncio.sleep(HOUR)
        assert await hours_in_voice(steward, ada.id) < 1.1


async def test_an_answer_that_is_older_than_what_was_told_meanwhile_is_passed_over(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        lounge, table = scene.guild.add_voice_channel("Lounge"), scene.guild.add_voice_channel("Table")
        ada = scene.guild.join("ada")
        ada.join_voice(lounge)
        await asyncio.sleep(2.5 * HOUR)
        began = asyncio.Event()
        read = steward.client.rest.voice_channel

        async def slow(guild_id, user_id):
            found = await read(guild_id, user_id)
            began.set()
            await asyncio.sleep(20)
            return found

        steward.client.rest.voice_channel = slow
        await began.wait()
        ada.move_to(table)
        await asyncio.sleep(HOUR)
        assert await seconds_in(steward, scene.guild, table) >= HOUR - 60


async def seconds_in(steward, guild, channel):
    """Return how long anybody has sat in a channel."""
    steward.host.voice.count()
    await stats_of(steward).timeline.flush()
    shares = await stats_of(steward).timeline.history.channels(guild.id, Span(START, START + timedelta(days=2)))
    return {share.id: share.voice_seconds for share in shares}.get(channel.id, 0)
