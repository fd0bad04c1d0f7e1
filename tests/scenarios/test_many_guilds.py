"""More reports at one midnight than can be drawn at once, and more servers than one page of Discord's list holds."""

import asyncio
from dataclasses import replace

import pytest

from steward.charts.render import ChartRenderer
from tests.parts import stats_of
from tests.stage import stage, until, until_midnight

ADMIN = 7
BANS = {"method": "GET", "route": "/guilds/{guild_id}/bans"}
COUNTS = {"method": "GET", "route": "/users/@me/guilds"}


@pytest.mark.evening
async def test_sixty_reports_due_at_one_midnight_wait_for_their_turn_and_none_is_late(clock, tmp_path, monkeypatch):
    turn = asyncio.Lock()

    async def slow(_renderer, charts, *_):
        async with turn:
            await asyncio.sleep(6)
        return [b"\x89PNG"] * len(charts)

    monkeypatch.setattr(ChartRenderer, "render", slow)
    async with stage(clock, tmp_path, STEWARD_HEARTBEAT_INTERVAL="86400") as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        colonies, channels = [], []
        for number in range(60):
            guild = scene.sim.add_guild(f"Colony {number}", members=5)
            colonies.append(guild)
            channels.append(guild.add_text_channel("reports"))
            where = {"report_channel_id": channels[-1].id}
            # Known first, as for people: a guild that comes later, without the channel, would count as having lost it.
            await until(lambda guild=guild: steward.client.get_guild(guild.id) is not None)
            await stats_of(steward).settings.change(guild.id, ADMIN, lambda now, where=where: replace(now, **where))
        await asyncio.sleep(until_midnight(clock) - 10)
        for guild in colonies:
            guild.join("just in time")
        await asyncio.sleep(100)
        assert 0 < sum(bool(channel.messages) for channel in channels) < 40  # a queue of minutes
        for guild in colonies:
            guild.join("of the next day")
        await asyncio.sleep(600)
        said = [[message.embeds[0] for message in channel.messages] for channel in channels]
        assert [[embed["title"] for embed in embeds] for embeds in said] == [
            ["Daily report: Monday, 5 January 2026"]
        ] * 60
        assert not [embeds for embeds in said if "late" in embeds[0]["footer"]["text"]]
        told = [{field["name"]: field["value"] for field in embeds[0]["fields"]} for embeds in said]
        assert {(fields["Members"], fields["Net"], fields["Joins"]) for fields in told} == {("6", "+1", "1")}


async def test_of_250_servers_the_counts_of_all_are_known_with_two_requests_a_reading(clock, tmp_path):
    """Discord lists 200 at a time."""
    async with stage(clock, tmp_path, STEWARD_MEMBERS_INTENT="false", UPDATE_INTERVAL="300") as scene:
        guilds = [scene.sim.add_guild(f"Colony {number}", members=10 + number, online=number) for number in range(249)]
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(200)
            assert len(scene.sim.recorder.requests(**COUNTS)) == 2
            counts = {guild.id: stats_of(steward).service.guild(guild.id).counts for guild in (*guilds, scene.guild)}
            assert len(counts) == 250
            for guild in (*guilds, scene.guild):
                assert (counts[guild.id].members, counts[guild.id].online) == (guild.member_count, guild.online_count)
            for guild in guilds:
                guild.set_online(5)
                guild.join("ada")
            await asyncio.sleep(300)
            assert len(scene.sim.recorder.requests(**COUNTS)) == 4
            assert {counts[guild.id].online for guild in guilds} <= {5, 6}
            assert [counts[guild.id].members for guild in guilds] == [guild.member_count for guild in guilds]
            assert scene.sim.recorder.count(**COUNTS, status=429) == 0


async def test_the_bans_of_250_servers_are_counted_at_the_start_without_one_refusal(clock, tmp_path):
    """Discord takes 50 requests a second from a bot."""
    async with stage(clock, tmp_path) as scene:
        for number in range(249):
            scene.sim.add_guild(f"Colony {number}", members=10)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await until(lambda: len(scene.sim.recorder.requests(**BANS)) >= 250, within=60)
            assert scene.sim.recorder.count(status=429) == 0


@pytest.mark.evening
async def test_f42_150_reports_due_at_one_midnight_come_once_each_and_draw_no_refusal(clock, tmp_path, monkeypatch):
    async def quick(_renderer, charts, *_):
        return [b"\x89PNG"] * len(charts)

    monkeypatch.setattr(ChartRenderer, "render", quick)
    async with stage(clock, tmp_path, STEWARD_HEARTBEAT_INTERVAL="86400") as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        channels = []
        for number in range(150):
            guild = scene.sim.add_guild(f"Colony {number}", members=5)
            channels.append(guild.add_text_channel("reports"))
            where = {"report_channel_id": channels[-1].id}
            # Known first, as for people: a guild that comes later, without the channel, would count as having lost it.
            await until(lambda guild=guild: steward.client.get_guild(guild.id) is not None)
            await stats_of(steward).settings.change(guild.id, ADMIN, lambda now, where=where: replace(now, **where))
        await asyncio.sleep(until_midnight(clock) + 600)
        assert [len(channel.messages) for channel in channels] == [1] * 150
        assert scene.sim.recorder.count(status=429) == 0
