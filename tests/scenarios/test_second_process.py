"""Two Stewards with one token and a database each: both say so, once. One alone never does (F78)."""

import asyncio
from dataclasses import replace

from structlog.testing import capture_logs

from tests.stage import admin, stage, until


def told(lines):
    return [line["event"] for line in lines if line.get("alert") == "second_process"]


async def test_f78_of_two_with_one_token_and_two_databases_at_least_one_says_so_once_with_the_remedy(clock, tmp_path):
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        folder.mkdir()
    async with stage(clock, folders[0]) as scene:
        with capture_logs() as lines:
            async with scene.steward() as one, replace(scene, folder=folders[1]).steward() as two:
                await until(lambda: one.health.ready and two.health.ready)
                for number in range(30):
                    scene.guild.join(f"member {number}")
                    await asyncio.sleep(60)
                problems = [problem for steward in (one, two) for problem in await steward.problems.now()]
                assert any("Another Steward is running with this bot's token" in problem for problem in problems)
                assert any("Stop one of them" in problem for problem in problems)
        assert told(lines) in (["alert_critical"], ["alert_critical"] * 2)


async def test_f78_commands_answered_by_another_first_are_a_sign(clock, tmp_path):
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        folder.mkdir()
    async with (
        stage(clock, folders[0]) as scene,
        scene.steward() as one,
        replace(scene, folder=folders[1]).steward() as two,
    ):
        olga = await admin(scene, one)
        await until(lambda: two.health.ready)
        await asyncio.sleep(70)
        for _ in range(8):
            await olga.run("/counters list")
            await asyncio.sleep(15)
        assert any(steward.client.second.problem for steward in (one, two))


async def test_f78_one_alone_is_never_accused_over_restarts_and_disconnects(clock, tmp_path):
    with capture_logs() as lines:
        async with stage(clock, tmp_path) as scene:
            for round_number in range(3):
                async with scene.steward() as steward:
                    await until(lambda: steward.health.ready)
                    for number in range(20):
                        scene.guild.join(f"member {round_number} {number}")
                        if number % 10 == 5:
                            scene.sim.faults.disconnect(4000)
                        if number % 10 == 8:
                            scene.sim.faults.invalidate()
                        await asyncio.sleep(120)
                    assert steward.client.second.problem is None
    assert told(lines) == []
