"""The garbage collector runs while things wait (F40): nothing that waits is taken away."""

import asyncio
import gc

import pytest

from tests.stage import admin, stage, until, until_midnight


@pytest.mark.evening
async def test_f40_garbage_collected_all_the_time_takes_no_work_of_the_bot_away(clock, tmp_path):
    """Background work, a report that is being made at midnight, and a command that waits for the database."""
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        await asyncio.sleep(until_midnight(clock) - 5)
        read, waits = steward.store.read, []

        async def slow_read(work):
            waits.append(work)
            await asyncio.sleep(3)
            return await read(work)

        steward.store.read = slow_read
        answer = asyncio.create_task(olga.run("/stats growth"))
        for _ in range(8):
            gc.collect()
            await asyncio.sleep(2)
        steward.store.read = read
        assert waits
        assert (await answer).embeds
        await until(lambda: bool(scene.reports.messages))
        states = {state.name: (state.running, state.failures) for state in steward.tasks.states}
        done = {"register commands"}
        assert {name for name, state in states.items() if state != (True, 0)} <= done, states
