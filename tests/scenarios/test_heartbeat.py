"""The heartbeat as a server sees it: one message, edited in place, with everything that it promises."""

import asyncio
import re

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
        assert fields["Today"] == "3 joins · 2 leaves · 1 bans · 0 unbans"
        assert [line.split()[0] for line in fields["Last joins"].splitlines()] == ["rude", "grace", "ada"]
        assert [line.split()[0] for line in fields["Last leaves"].splitlines()] == ["rude", "grace"]
        assert f"{scene.bans.id} (Bans) has been deleted" in fields["Needs attention"]
        assert "gateway_connected" in fields["Log"]
        (posted,) = scene.sim.recorder.requests(method="POST", route="/channels/{channel_id}/messages")
        assert posted.path == f"/channels/{scene.heartbeat.id}/messages"
