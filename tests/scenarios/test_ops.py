"""The operator's commands in the whole product."""

import asyncio
import re

import pytest

from tests.parts import stats_of
from tests.stage import admin, stage, until

NAMES = (
    "system_health",
    "performance_metrics",
    "memory_optimization",
    "force_cleanup",
    "security_status",
    "bot_status",
)


async def operator(scene, steward):
    olga = await admin(scene, steward)
    olga.give(scene.guild.add_role("Operators", "administrator").id)
    return olga


def lines(message):
    return message.embeds[0]["description"].splitlines()


@pytest.mark.parametrize("name", NAMES)
async def test_each_command_answers_in_lines_that_a_phone_shows(clock, tmp_path, name):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await operator(scene, steward)
        await asyncio.sleep(300)
        told = await olga.run(f"/{name}")
        assert told.ephemeral
        assert all(re.match("[🟢🟡🔴] \\*\\*.+\\*\\* .", line) for line in lines(told)), lines(told)
        assert max(map(len, lines(told))) <= 150


async def test_the_figures_are_those_of_the_running_bot(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await operator(scene, steward)
        await asyncio.sleep(300)
        health = "\n".join(lines(await olga.run("/system_health")))
        assert "🟢 **Discord** connected" in health
        shown = float(re.search(r"Memory\*\* ([\d.]+) MB", health)[1])
        assert shown == pytest.approx(steward.monitoring.guard.used / 2**20, rel=0.2)
        status = "\n".join(lines(await olga.run("/bot_status")))
        assert "**Servers** 1" in status
        assert "0 waiting, 0 given up" in status
        assert "**store.write** " in "\n".join(lines(await olga.run("/performance_metrics")))
        security = "\n".join(lines(await olga.run("/security_status")))
        assert "1 of 1,000 in the last 24 hours" in security
        assert "**Privileged intents** members" in security


async def test_what_needs_attention_and_who_changed_settings_are_told(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await operator(scene, steward)
        scene.members.delete()
        await olga.run("/goal set", members=5000)
        await asyncio.sleep(300)
        told = await olga.run("/system_health")
        assert any(
            line.startswith(f"🟡 **Needs attention** <#{scene.members.id}>, the channel of a counter")
            for line in lines(told)
        )
        assert any(f"by <@{olga.id}>" in line for line in lines(await olga.run("/security_status")))


async def test_administrators_of_other_servers_are_guests(clock, tmp_path):
    """How the machine is doing is nobody's business but of whoever runs the bot."""
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await operator(scene, steward)
        other = scene.sim.add_guild("Seagulls", members=5)
        other.add_text_channel("general")
        await until(lambda: other.id in stats_of(steward).service.guilds)
        gus = other.join("gus")
        gus.give(other.add_role("Admins", "administrator").id)
        for name in NAMES:
            await asyncio.sleep(15)  # no faster than commands may be given
            refused = await gus.run(f"/{name}")
            assert "is for whoever runs the bot" in refused.content
        security = "\n".join(lines(await olga.run("/security_status")))
        assert f"{len(NAMES)} times in 24 hours" in security
        assert f"<@{gus.id}> tried `/bot_status`" in security
