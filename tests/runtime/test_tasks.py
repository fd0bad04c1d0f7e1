"""Supervised tasks: restarted on failure, never orphaned, visible by name."""

import asyncio
import gc
import itertools

import pytest

from steward.errors import NeedsOperator, NotReady
from steward.runtime.tasks import Supervisor


async def test_a_failing_task_is_restarted_and_its_failures_are_visible():
    tries = 0

    async def flaky():
        nonlocal tries
        tries += 1
        if tries < 4:
            raise ValueError("not yet")
        await asyncio.Event().wait()

    async with Supervisor() as tasks:
        state = tasks.start("flaky", flaky)
        await asyncio.sleep(60)
        assert (tries, state.failures, state.running) == (4, 3, True)
        assert state.last_error == "ValueError: not yet"


async def test_delays_between_restarts_grow(clock):
    began = []

    async def hopeless():
        began.append(clock.monotonic())
        raise NotReady("The world is not there.")

    async with Supervisor(backoff=lambda failures: 2.0**failures) as tasks:
        tasks.start("hopeless", hopeless)
        await asyncio.sleep(31)
    assert [round(later - earlier) for earlier, later in itertools.pairwise(began)] == [2, 4, 8, 16]


async def test_a_finished_task_frees_its_name():
    done = asyncio.Event()

    async def short():
        done.set()

    async with Supervisor() as tasks:
        first = tasks.start("short", short)
        await done.wait()
        await asyncio.sleep(0)
        assert not first.running
        tasks.start("short", short)


async def test_two_tasks_of_one_name_are_refused():
    async with Supervisor() as tasks:
        tasks.start("poll", asyncio.Event().wait)
        with pytest.raises(ValueError, match="named 'poll' is running already"):
            tasks.start("poll", asyncio.Event().wait)


async def test_leaving_the_block_cancels_and_awaits_every_task():
    cleaned = []

    async def careful(name):
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(1)
            cleaned.append(name)

    async with Supervisor() as tasks:
        for name in ("a", "b"):
            tasks.start(name, lambda name=name: careful(name))
        await asyncio.sleep(0)
    assert sorted(cleaned) == ["a", "b"]


async def test_needs_operator_is_not_retried():
    tries = 0

    async def refused():
        nonlocal tries
        tries += 1
        raise NeedsOperator("The token is not valid.")

    async with Supervisor() as tasks:
        tasks.start("ask", refused)
        with pytest.raises(NeedsOperator, match="The token is not valid"):
            await tasks.doomed
        await asyncio.sleep(600)
        assert tries == 1


async def test_an_occasional_failure_is_retried_soon(clock):
    began = []

    async def once_a_day():
        began.append(clock.monotonic())
        await asyncio.sleep(86400)
        raise ValueError("daily")

    async with Supervisor() as tasks:
        tasks.start("daily", once_a_day)
        await asyncio.sleep(10.5 * 86400)
    assert all(later - earlier < 86402 for earlier, later in itertools.pairwise(began))
    assert len(began) == 11


async def test_f40_garbage_collection_removes_no_waiting_task():
    """asyncio holds tasks weakly; the supervisor must not."""
    finished = []

    async def slow():
        await asyncio.sleep(3600)
        finished.append(True)

    async with Supervisor() as tasks:
        tasks.start("slow", slow)
        for _ in range(10):
            await asyncio.sleep(1)
            gc.collect()
        await asyncio.sleep(3600)
    assert finished == [True]


async def test_a_cancelled_task_whose_task_group_fails_is_not_restarted():
    began = 0

    async def grouped():
        nonlocal began
        began += 1
        async with asyncio.TaskGroup() as group:
            group.create_task(stubborn())
            await asyncio.Event().wait()

    async def stubborn():
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise ValueError("no time for that") from None

    async with asyncio.timeout(60):
        async with Supervisor() as tasks:
            tasks.start("grouped", grouped)
            await asyncio.sleep(1)
    assert began == 1
