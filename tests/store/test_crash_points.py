"""F33: a crash at any step between a job's claim and its message's mark leaves exactly one message in Discord."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from steward.store import DailyAt, JobRunner, OutboxSender, open_store
from steward.store.outbox import outbox
from tests.store.fake_channel import FakeChannel

SOON = DailyAt(time(0, 20), ZoneInfo("UTC"))
DAY = timedelta(days=1)
HALF_AN_HOUR = 1800


class Crash(BaseException):
    """The process ends here: nothing may catch this and continue."""


class Steps:
    """Counts the steps of a run by name and crashes at the chosen one; after that nobody takes a step."""

    def __init__(self, crash_at=None):
        self.crash_at = crash_at
        self.crashed = False
        self.taken = Counter()

    def __call__(self, name):
        self.taken[name] += 1
        if self.crashed or self.crash_at == (name, self.taken[name]):
            self.crashed = True
            raise Crash(name)


def stepping(store, steps):
    """Split each write of this store into two steps: before it, and after the commit, with the result lost."""
    write = store.write

    async def stepped(work):
        name = getattr(getattr(work, "func", work), "__qualname__", "?")
        steps(f"before {name}")
        result = await write(work)
        steps(f"after {name}")
        return result

    store.write = stepped


async def live_through_the_morning(path, clock, channel, steps, seconds):
    """Run the report's job and the sender for a while, or until the crash."""

    async def handler(occurrence):
        steps("handler begins")
        await asyncio.sleep(1)
        steps("handler ends")
        return lambda tx: outbox.put(
            tx, key=f"report:{occurrence.key}", channel_id=1, payload={"content": occurrence.key}
        )

    async def deliver(message):
        steps("before delivery")
        await asyncio.sleep(0.2)
        message_id = channel.send(message, clock.now())
        steps("after delivery")
        return message_id

    async with open_store(path, clock) as store:
        stepping(store, steps)
        runner = JobRunner(store, clock)
        runner.register("report", SOON, handler)
        sender = OutboxSender(store, clock, deliver)
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(runner.run()), tasks.create_task(sender.run())]
            await asyncio.sleep(seconds)
            for task in running:
                task.cancel()


async def next_midnight(clock):
    tomorrow = clock.now().date() + DAY
    await asyncio.sleep((datetime.combine(tomorrow, time(0), UTC) - clock.now()).total_seconds())
    return tomorrow.isoformat()


@pytest.mark.parametrize("restart_after", [10, 1000], ids=["within the nonce's time", "long after"])
async def test_a_crash_at_any_step_leaves_exactly_one_message(tmp_path, clock, restart_after):
    undisturbed = Steps()
    await live_through_the_morning(tmp_path / "undisturbed.db", clock, FakeChannel(), undisturbed, HALF_AN_HOUR)
    kinds = {"handler begins", "handler ends", "before delivery", "after delivery"}
    for write in ("claim", "JobRunner._commit", "mark_attempt", "mark_sent"):
        kinds |= {f"before {write}", f"after {write}"}
    assert kinds <= set(undisturbed.taken)

    for name, times in undisturbed.taken.items():
        for nth in range(1, times + 1):
            path, channel, steps = tmp_path / f"{name} {nth}.db", FakeChannel(), Steps((name, nth))
            today = await next_midnight(clock)
            with pytest.raises(BaseExceptionGroup):
                await live_through_the_morning(path, clock, channel, steps, HALF_AN_HOUR)
            assert steps.crashed
            await asyncio.sleep(restart_after)
            await live_through_the_morning(path, clock, channel, Steps(), HALF_AN_HOUR)
            assert channel.texts == [today], f"after a crash at {name!r}, time {nth}"
