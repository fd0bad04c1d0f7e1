"""A bot that blocks the event loop (F04): it is named at once, and switched off alone when it does not stop."""

import asyncio
import time

import pytest
from structlog.testing import capture_logs

from steward.runtime.monitor import Block, LoopWatch
from tests.stage import stage, until, until_midnight


async def real(seconds):
    """Let wall time pass: the watch lives on it."""
    await asyncio.get_running_loop().run_in_executor(None, time.sleep, seconds)


class SlowHandler:
    """A part of a bot's handler that blocks, really, for so many seconds at each call, until none are left."""

    def __init__(self, lines, *seconds):
        self.lines = lines
        self.left = list(seconds)
        self.told_within_a_second = []

    @property
    def stacks(self):
        return [line["stack"] for line in self.lines if line["event"] == "loop_blocked"]

    def __call__(self, user):
        if self.left:
            seconds, before = self.left.pop(0), len(self.stacks)
            time.sleep(1)
            self.told_within_a_second.append(len(self.stacks) == before + 1)
            time.sleep(seconds - 1)
        return user["username"]


async def shown(member, command):
    return str((await member.run(command)).embeds)


@pytest.mark.slow
async def test_f04_a_bot_that_blocks_the_loop_is_logged_struck_and_at_the_third_time_switched_off_alone(
    clock, tmp_path, monkeypatch
):
    with capture_logs() as lines, LoopWatch(asyncio.get_running_loop()) as watch:
        slow = SlowHandler(lines, 5, 3.5, 3.5)
        async with stage(clock, tmp_path) as scene, scene.steward(loop_watch=watch) as steward:
            await until(lambda: scene.heartbeat.messages)
            olga = scene.guild.join("olga")
            olga.give(scene.guild.add_role("Admins", "administrator").id)
            await until(lambda: scene.members.name == "Members: 1001", within=600)
            monkeypatch.setattr("steward.bots.stats.intake.wiring.user_name", slow)
            for number in range(3):
                assert steward.host.machine.quarantine.strikes(steward.bots.owners["stats"]) == number
                assert all(owner.is_on for owner in steward.bots.owners.values())
                scene.guild.join(f"member {number}")
                await until(lambda number=number: len(slow.left) == 2 - number)
                await real(0.6)
            assert slow.told_within_a_second == [True] * 3
            assert all("_joined" in stack and "in __call__" in stack for stack in slow.stacks)
            assert [name for name, owner in steward.bots.owners.items() if not owner.is_on] == ["stats"]

            refused = (await olga.run("/stats overview")).content
            assert "stats is switched off" in refused
            assert "Restarting switches it on again" in refused
            status = await shown(olga, "/bot_status")
            assert "🔴 **Bot stats** switched off" in status
            assert "Restart Steward to switch stats on again" in status
            assert "🟢 **Bot ops** on" in status
            await asyncio.sleep(60)
            raised = [line["alert"] for line in lines if line["event"] == "alert_raised"]
            assert [alert for alert in raised if "switched_off" in alert] == ["stats_switched_off"]
            assert "bot stats is switched off" in await shown(olga, "/system_health")


@pytest.mark.evening
async def test_what_a_bot_that_was_switched_off_has_missed_is_made_up_for_by_the_next_start(clock, tmp_path):
    """Its background work and its jobs rest; that of the others goes on."""
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: scene.members.name == "Members: 1000")
            for _ in range(3):
                steward.host.machine.quarantine.on_block(
                    Block("wiring.py:1 f", ("steward.bots.stats.intake.wiring",), 5.0)
                )
            await asyncio.sleep(1)
            running = {state.name: state.running for state in steward.tasks.states}
            assert not running["poll counts"]
            assert running["send messages"]
            scene.guild.join("meanwhile")
            await asyncio.sleep(until_midnight(clock) + 900)
            assert scene.members.name == "Members: 1000"
            assert not scene.reports.messages
        async with scene.steward() as steward:
            await until(lambda: scene.members.name == "Members: 1001", within=900)
            await until(lambda: len(scene.reports.messages) == 1, within=600)
            assert "late" in str(scene.reports.messages[0].embeds)
