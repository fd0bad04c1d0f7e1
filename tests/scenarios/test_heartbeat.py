"""The heartbeat as a server sees it: one message, edited in place, with everything that it promises."""

import asyncio
import re
from dataclasses import replace

from steward.bots.stats.counters.counters import Counted, Counter
from tests.parts import stats_of
from tests.stage import stage, until


def shown(message):
    return {field["name"]: field["value"] for field in message.embeds[0]["fields"]}


async def test_the_heartbeat_shows_how_the_bot_is_and_what_it_has_seen(clock, tmp_path):
    """Uptime, ping, process, disk, today's numbers, last joins and leaves, log lines, alerts: in one message."""
    async with stage(clock, tmp_path) as scene, scene.steward(log_lines=lambda: ["gateway_connected"]) as steward:
        began = int(clock.now().timestamp())
        await until(lambda: steward.health.ready and bool(scene.heartbeat.messages))
        await asyncio.sleep(120)
        scene.guild.join("ada")
        await asyncio.sleep(5)
        scene.guild.join("grace").leave()
        await asyncio.sleep(5)
        scene.guild.ban(scene.guild.join("rude"))
        scene.bans.delete()
        await asyncio.sleep(600)
        (message,) = scene.heartbeat.messages
        fields = shown(message)
        assert abs(int(re.fullmatch(r"<t:(\d+):R>", fields["Up since"])[1]) - began) <= 1
        assert re.fullmatch(r"\d+ ms", fields["Ping"])
        assert re.fullmatch(r"\d+ MB · \d+ % CPU · \d+ threads", fields["Process"])
        assert re.fullmatch(r"[\d.,]+ [MG]B used · [\d.,]+ [MG]B free", fields["Disk"])
        assert [fields["Members"], fields["Online"], fields["Bans"]] == ["1,001", str(scene.guild.online_count), "8"]
        assert fields["Today"] == "3 joins · 2 leaves · 1 ban · 0 unbans"
        assert [line.split()[0] for line in fields["Last joins"].splitlines()] == ["rude", "grace", "ada"]
        assert [line.split()[0] for line in fields["Last leaves"].splitlines()] == ["rude", "grace"]
        assert f"<#{scene.bans.id}>, the channel of a counter (Bans), was deleted" in fields["Needs attention"]
        assert "gateway_connected" in fields["Log"]
        (posted,) = scene.sim.recorder.requests(method="POST", route="/channels/{channel_id}/messages")
        assert posted.path == f"/channels/{scene.heartbeat.id}/messages"


async def test_of_many_problems_each_shown_is_whole_and_the_others_are_counted(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready and bool(scene.heartbeat.messages))
        for number in range(20):
            steward.host.names.want(number, "Members: 1")
            steward.host.names.deleted(number, "Members")
        counters = tuple(Counter(number, Counted.MEMBERS) for number in range(20))
        await stats_of(steward).settings.change(scene.guild.id, 1, lambda now: replace(now, counters=counters))
        await until(lambda: "Needs attention" in shown(scene.heartbeat.messages[-1]), within=700)
        *whole, more = shown(scene.heartbeat.messages[-1])["Needs attention"].splitlines()
        assert all(line.endswith("Take the counter out with `/counters remove`.") for line in whole)
        assert more == f"and {20 - len(whole)} more"


async def test_a_heartbeat_that_discord_refuses_is_told_to_the_operator(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready and bool(scene.heartbeat.messages))
        scene.heartbeat.deny(scene.guild.everyone, "view_channel")
        await asyncio.sleep(700)
        (problem,) = await steward.problems.now()
        assert problem.startswith(f"I can't show the heartbeat in <#{scene.heartbeat.id}>: I'm missing a permission")
        assert problem.endswith("in the channel's settings > Permissions.")
        scene.heartbeat.allow(scene.guild.everyone, "view_channel")
        await asyncio.sleep(700)
        assert await steward.problems.now() == []
