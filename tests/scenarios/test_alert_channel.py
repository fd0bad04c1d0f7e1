"""Alerts in the channel that the operator has named."""

import asyncio
from math import inf

from structlog.testing import capture_logs

from steward.sim import Fault
from tests.stage import stage, until


def titles(channel):
    return [message.embeds[0]["title"] for message in channel.messages]


async def test_an_alert_is_told_once_when_raised_and_once_when_over(clock, tmp_path):
    async with stage(clock, tmp_path, STEWARD_HEARTBEAT_INTERVAL="30") as scene:
        channel = scene.guild.add_text_channel("alerts")
        scene.extra["STEWARD_ALERT_CHANNEL_ID"] = str(channel.id)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(60)
            scene.sim.faults.rest(method="PATCH", action=Fault.delay(6), times=4)
            await until(lambda: titles(channel) == ["🟡 Slow requests: warning"], within=300)
            assert "slow responses from Discord" in channel.messages[0].embeds[0]["description"]
            await asyncio.sleep(3600)
            assert titles(channel) == ["🟡 Slow requests: warning", "🟢 Slow requests: over"]
            assert not channel.messages[0].mentions


async def test_an_alert_of_an_outage_is_told_after_it_and_ends_some_minutes_after_it(clock, tmp_path):
    async with stage(clock, tmp_path, STEWARD_HEARTBEAT_INTERVAL="15", UPDATE_INTERVAL="60") as scene:
        channel = scene.guild.add_text_channel("alerts")
        scene.extra["STEWARD_ALERT_CHANNEL_ID"] = str(channel.id)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(1800)
            with capture_logs() as lines:
                scene.sim.faults.rest(action=Fault.status(500), times=inf)
                await asyncio.sleep(600)
                scene.sim.faults.clear()
                assert channel.messages == []
                over = clock.monotonic()
                await until(lambda: any("Network: over" in title for title in titles(channel)), within=300)
                assert clock.monotonic() - over < 300
                await asyncio.sleep(3600)
            told = [line["event"] for line in lines if line.get("alert") == "network"]
            assert told[-1] == "alert_cleared"
            assert titles(channel).count("🟢 Network: over") == told.count("alert_cleared") == 1
            assert len([title for title in titles(channel) if "Network" in title]) == len(told)
