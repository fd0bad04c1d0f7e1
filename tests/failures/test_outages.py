"""An outage of Discord's REST API (F24): what waits is done soon after it, once, and each part says so once."""

import asyncio
from collections import Counter as Tally
from math import inf

import pytest

from steward.sim import Fault
from tests.stage import stage, until, until_midnight


@pytest.mark.evening
@pytest.mark.parametrize("outage", [Fault.status(500), Fault.status(503), Fault.reset(), Fault.delay(3600)], ids=str)
async def test_f24_a_report_that_fell_into_three_minutes_without_rest_is_there_within_one_and_once(
    clock, tmp_path, capsys, outage
):
    """Midnight, with its report, falls into the outage; members come and are banned meanwhile."""
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: scene.heartbeat.messages and scene.members.name == "Members: 1000")
        await asyncio.sleep(until_midnight(clock) - 60)
        capsys.readouterr()
        scene.sim.faults.rest(action=outage, times=inf)
        for number in range(5):
            scene.guild.join(f"member {number}")
            await asyncio.sleep(10)
        scene.guild.ban(scene.guild.join("a spammer"))
        await asyncio.sleep(130)
        assert not scene.reports.messages
        scene.sim.faults.clear()

        await until(lambda: bool(scene.reports.messages), within=60)
        # A try that failed may have counted at Discord: a counter follows once its limit of renames surely allows.
        await until(lambda: scene.bans.name == "Bans: 8", within=540)
        await until(lambda: scene.members.name == f"Members: {scene.guild.member_count}", within=540)
        await asyncio.sleep(900)
        assert len(scene.reports.messages) == 1
        assert len(scene.heartbeat.messages) == 1
        assert not [
            problem for problem in await steward.problems.now() if "I couldn't" in problem or "Not sent" in problem
        ]
    lines = Tally(line.split("] ")[1].split()[0] for line in capsys.readouterr().out.splitlines() if "[warning" in line)
    assert lines["message_delayed"] == 1
    assert lines["counter_stale"] <= 3  # a line for each counter
    assert all(count == 1 for event, count in lines.items() if event != "counter_stale"), lines
    assert scene.sim.recorder.count(status=429) == 0
