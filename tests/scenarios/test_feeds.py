"""Webhooks of the simulated Discord are fed."""

import asyncio

import structlog

from steward.runtime.logs.logs import configure_logs
from steward.sim.guilds.webhook import Webhook
from tests.stage import stage, until

NAMES = ("error", "info", "performance", "member")


def make_webhooks(scene):
    """Make a channel with a webhook for each feed; return the channels and the settings."""
    channels, settings = {}, {}
    for name in NAMES:
        channels[name] = scene.guild.add_text_channel(name)
        made = Webhook(scene.sim.world.snowflakes.next(), f"{name}-" + "t" * 60, name, channels[name], scene.sim.bot)
        scene.sim.world.webhooks[made.id] = made
        settings[f"STEWARD_{name.upper()}_WEBHOOK"] = f"{scene.sim.api_url}/webhooks/{made.id}/{made.token}"
    return channels, settings


def said(channel):
    return "\n".join(message.content for message in channel.messages)


async def test_each_webhook_gets_its_own_lines(clock, tmp_path):
    async with stage(clock, tmp_path, METRICS_LOG_INTERVAL="60") as scene:
        channels, settings = make_webhooks(scene)
        scene.extra.update(settings)
        with configure_logs(secrets=scene.settings.secrets(), clock=clock) as logs:
            async with scene.steward(feed_logs=logs.feed) as steward:
                await until(lambda: steward.health.ready)
                member = scene.guild.join("ada @everyone ```")
                await asyncio.sleep(5)
                member.leave()
                structlog.get_logger("steward.bots").error("something_failed", url=settings["STEWARD_ERROR_WEBHOOK"])
                await asyncio.sleep(120)
    assert "ada @everyone '''" in said(channels["member"])
    assert "joined Penguins" in said(channels["member"])
    assert "left Penguins" in said(channels["member"])
    assert "something_failed" in said(channels["error"])
    assert "t" * 60 not in said(channels["error"])
    assert "something_failed" not in said(channels["info"]) + said(channels["performance"])
    assert "gateway_connected" in said(channels["info"])
    assert "measurements" in said(channels["performance"])
    assert "measurements" not in said(channels["info"])


async def test_a_webhook_that_was_deleted_is_one_line_in_the_log_and_stops_nothing(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        _, settings = make_webhooks(scene)
        scene.extra.update(settings)
        scene.sim.world.webhooks.clear()
        with configure_logs(secrets=scene.settings.secrets(), clock=clock, recent=1000) as logs:
            async with scene.steward(feed_logs=logs.feed) as steward:
                await until(lambda: steward.health.ready)
                await asyncio.sleep(600)
                assert steward.health.ready
            refused = [line for line in logs.recent(1000) if "feed_refused" in line]
    assert len([line for line in refused if "feed=info" in line]) == 1
