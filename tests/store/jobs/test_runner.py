from __future__ import annotations

import asyncio
import sqlite3
import time as blocking
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest

from steward.errors import NotReady
from steward.runtime.clock import SystemClock
from steward.runtime.tasks import Supervisor
from steward.store import DailyAt, JobRunner, open_store
from steward.store.jobs.schedule import Due
from tests.store.settable_clock import SettableClock

NINE = DailyAt(time(9), ZoneInfo("UTC"))
HOUR = 3600
DAY = 24 * HOUR


class Every:
    """Occurrences at whole multiples of a step since the epoch."""

    def __init__(self, step):
        self.step = step

    def after(self, instant):
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        at = epoch + ((instant - epoch) // self.step + 1) * self.step
        return Due(at.isoformat(), at)


class Effects:
    """A handler whose effect is a row, so that each one committed can be counted."""

    def __init__(self, seconds=0.0):
        self.begun = []
        self.seconds = seconds

    async def __call__(self, occurrence):
        self.begun.append(occurrence)
        await asyncio.sleep(self.seconds)
        return lambda tx: tx.execute("INSERT INTO kv VALUES (?, ?)", (f"{occurrence.job} {occurrence.key}", "done"))


@asynccontextmanager
async def running(store, clock, handler, schedule=NINE, **options):
    runner = JobRunner(store, clock, **options)
    runner.register("report", schedule, handler)
    async with Supervisor() as tasks:
        state = tasks.start("jobs", runner.run)
        yield runner
        assert state.failures == 0, state.last_error


def effects(store):
    return store.read(lambda tx: [row[0].split(" ", 1)[1] for row in tx.all('SELECT "key" FROM kv ORDER BY "key"')])


async def test_a_daily_job_runs_at_its_time_once_a_day_and_is_not_late(database, clock):
    handler = Effects()
    async with open_store(database, clock) as store, running(store, clock, handler):
        await asyncio.sleep(9 * HOUR - 1)
        assert handler.begun == []
        await asyncio.sleep(2 + 3 * DAY)
        assert await effects(store) == ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"]
        assert not any(occurrence.late for occurrence in handler.begun)


async def test_started_after_the_time_it_runs_at_once_marked_late_and_only_once(database, clock):
    handler = Effects()
    async with open_store(database, clock) as store, running(store, clock, handler):
        await asyncio.sleep(9 * HOUR - 1)  # stopped at 08:59:59
    await asyncio.sleep(301)
    async with open_store(database, clock) as store, running(store, clock, handler):
        await asyncio.sleep(60)
        assert [(run.key, run.late) for run in handler.begun] == [("2026-01-05", True)]
        await asyncio.sleep(12 * HOUR)
        assert await effects(store) == ["2026-01-05"]


async def test_waiting_for_a_slot_or_a_retry_is_not_late_but_an_unwatched_occurrence_is(database, clock):
    """Sixty jobs, three at a time, half a minute each; one fails at first, one is registered a day late."""

    class Failing(Effects):
        async def __call__(self, occurrence):
            effect = await super().__call__(occurrence)
            if len(self.begun) < 4:
                raise LookupError("not yet")
            return effect

    handler, failing, absent = Effects(seconds=30), Failing(), Effects()
    async with open_store(database, clock) as store, running(store, clock, handler) as runner:
        for number in range(59):
            runner.register(f"report {number}", NINE, handler)
        runner.register("failing", NINE, failing)
        runner.register("absent", NINE, absent)
        await asyncio.sleep(HOUR)
        runner.unregister("absent")
        await asyncio.sleep(9 * HOUR)
        assert len(handler.begun) == 60
        assert len(failing.begun) == 4
        assert not [occurrence for occurrence in handler.begun + failing.begun if occurrence.late]
        runner.register("absent", NINE, absent)
        await asyncio.sleep(60)
        assert [occurrence.late for occurrence in absent.begun] == [True]


async def test_an_occurrence_due_while_the_database_could_not_be_written_is_late(database, clock):
    handler = Effects()
    async with open_store(database, clock) as store, running(store, clock, handler):
        await asyncio.sleep(9 * HOUR - 60)
        working = store.write

        async def full(_work):
            raise NotReady("The disk is full.")

        store.write = full
        await asyncio.sleep(300)
        store.write = working
        await asyncio.sleep(60)
        assert [occurrence.late for occurrence in handler.begun] == [True]


async def test_an_occurrence_due_while_the_process_was_stopped_is_late_and_runs_when_it_continues(database, clock):
    """SIGSTOP, `docker pause` or a blocked loop: the clocks agree, but nobody looks for three hours."""
    stopped = SettableClock(clock)
    handler = Effects()
    async with open_store(database, stopped) as store, running(store, stopped, handler) as runner:
        runner.register("hourly", Every(timedelta(hours=1)), handler)
        await asyncio.sleep(9 * HOUR - 60)
        handler.begun.clear()
        stopped.stall(timedelta(hours=3))
        await asyncio.sleep(90)
        daily = [occurrence for occurrence in handler.begun if occurrence.job == "report"]
        hourly = [occurrence for occurrence in handler.begun if occurrence.job == "hourly"]
        assert [occurrence.late for occurrence in daily] == [True]
        assert [occurrence.late for occurrence in hourly] == [True, True, True, False]


@pytest.mark.parametrize("trouble", ["a database that fails", "a clock put forward", "a stop"])
async def test_an_occurrence_waiting_for_a_slot_is_not_late_after_replanning(database, clock, trouble):
    """Sixty jobs, three at a time, half a minute each; after two and a half minutes something interferes."""
    settable = SettableClock(clock)
    handler = Effects(seconds=30)
    async with open_store(database, settable) as store, running(store, settable, handler) as runner:
        for number in range(59):
            runner.register(f"report {number}", NINE, handler)
        await asyncio.sleep(9 * HOUR + 150 - 5)
        if trouble == "a database that fails":
            working = store.write

            async def full(_work):
                raise NotReady("The disk is full.")

            store.write = full
            await asyncio.sleep(40)
            store.write = working
        elif trouble == "a clock put forward":
            settable.set_by(timedelta(seconds=70))
        else:
            settable.stall(timedelta(minutes=30))
        await asyncio.sleep(HOUR)
        assert len({occurrence.job for occurrence in handler.begun}) == 60
        assert not [occurrence for occurrence in handler.begun if occurrence.late]


async def test_a_run_cut_off_by_a_restart_begins_again_at_once(database, clock):
    handler = Effects(seconds=100)
    async with open_store(database, clock) as store, running(store, clock, handler):
        await asyncio.sleep(9 * HOUR + 1)
    async with open_store(database, clock) as store, running(store, clock, handler):
        await asyncio.sleep(1)
        assert [run.attempt for run in handler.begun] == [1, 2]
        await asyncio.sleep(101)
        assert await effects(store) == ["2026-01-05"]


async def test_missed_days_beyond_the_grace_are_skipped_and_each_day_within_it_runs(database, clock):
    handler = Effects()
    async with open_store(database, clock) as store, running(store, clock, handler):
        await asyncio.sleep(HOUR)
    await asyncio.sleep(4 * DAY + 9 * HOUR)  # Friday 2026-01-09 10:00
    async with open_store(database, clock) as store, running(store, clock, handler, grace=timedelta(hours=36)):
        await asyncio.sleep(60)
        assert await effects(store) == ["2026-01-08", "2026-01-09"]
        rows = await store.read(lambda tx: tx.all("SELECT occurrence FROM job_occurrences WHERE state = 'skipped'"))
        assert [row[0] for row in rows] == ["2026-01-05", "2026-01-06", "2026-01-07"]


async def test_f35_a_daily_job_whose_timer_is_1_to_5_ms_early_runs_a_thousand_times_in_a_thousand_days(tmp_path, clock):
    random = Random(35)
    early = SettableClock(clock, lambda: -timedelta(milliseconds=random.uniform(1, 5)))
    handler = Effects()
    async with (
        open_store(tmp_path / "a.db", early) as store,
        running(store, early, handler, watch=timedelta(hours=12)),
    ):
        await asyncio.sleep(1000 * DAY)
        assert len(handler.begun) == 1000
        assert len({occurrence.key for occurrence in handler.begun}) == 1000
        assert all(occurrence.attempt == 1 for occurrence in handler.begun)


async def test_a_thousand_runs_with_a_clock_that_shows_less_than_the_loop_waited_are_a_thousand(tmp_path, clock):
    """F35: timers fire 1 to 5 ms before the wall clock says so."""
    random = Random(35)
    early = SettableClock(clock, lambda: -timedelta(milliseconds=random.uniform(1, 5)))
    handler = Effects()
    async with open_store(tmp_path / "a.db", early) as store:
        every = Every(timedelta(hours=1))
        await asyncio.sleep(HOUR / 2)
        async with running(store, early, handler, every, watch=timedelta(hours=2)):
            await asyncio.sleep(1000 * HOUR + 1)
            assert len(handler.begun) == 1000
            assert len({occurrence.key for occurrence in handler.begun}) == 1000
            assert all(occurrence.attempt == 1 for occurrence in handler.begun)


@pytest.mark.parametrize(("jump", "at"), [(2, 8.5), (-2, 9.5), (-2, 8.5), (2, 9.5), (-26, 9.5), (22, 8.5)])
async def test_f41_a_clock_set_forward_or_back_causes_no_duplicate_and_no_missed_run(database, clock, jump, at):
    """F41: after the jump the runner notices within a minute; each date up to the latest time shown ran once."""
    settable = SettableClock(clock)
    handler = Effects()
    async with open_store(database, settable) as store, running(store, settable, handler):
        jumps_at = datetime(2026, 1, 7, tzinfo=UTC) + timedelta(hours=at)
        await asyncio.sleep((jumps_at - settable.now()).total_seconds())
        settable.set_by(timedelta(hours=jump))
        await asyncio.sleep(61)
        for end in (max(jumps_at, settable.now()), datetime(2026, 1, 9, 10, tzinfo=UTC)):
            await asyncio.sleep(max(0, (end - settable.now()).total_seconds()) if end.day == 9 else 0)
            owed = [day for day in range(5, 10) if datetime(2026, 1, day, 9, tzinfo=UTC) <= end]
            assert sorted(run.key for run in handler.begun) == [f"2026-01-{day:02}" for day in owed]


async def test_a_queue_seen_in_time_is_not_late_after_the_clock_was_set_back_and_forward(tmp_path, clock):
    """F41: ten jobs due at one instant wait for a slot, a minute each, while the clock is set twice."""
    settable = SettableClock(clock)
    handler = Effects(seconds=60)
    async with open_store(tmp_path / "a.db", settable) as store:
        runner = JobRunner(store, settable, concurrency=1)
        for number in range(10):
            runner.register(f"job{number}", NINE, handler)
        async with Supervisor() as tasks:
            tasks.start("jobs", runner.run)
            await asyncio.sleep(9 * HOUR + 90)
            settable.set_by(timedelta(hours=-2))
            await asyncio.sleep(120)
            settable.set_by(timedelta(hours=2))
            await asyncio.sleep(15 * 60)
    assert len(handler.begun) == 10
    assert not [run.job for run in handler.begun if run.late]


async def test_a_clock_that_was_a_month_ahead_causes_no_month_without_runs(database, clock):
    settable = SettableClock(clock)
    handler = Effects()
    async with open_store(database, settable) as store, running(store, settable, handler):
        await asyncio.sleep(DAY)
        settable.set_by(timedelta(days=30))
        await asyncio.sleep(120)
        settable.set_by(timedelta(days=-30))
        await asyncio.sleep(2 * DAY)
        assert {"2026-01-05", "2026-01-06", "2026-01-07"} <= set(await effects(store))


class Once:
    """A schedule due at one instant, and again a year later."""

    def __init__(self, at):
        self.at = at

    def after(self, instant):
        at = self.at if instant < self.at else self.at + timedelta(days=365)
        return Due(at.isoformat(), at)


@pytest.mark.real_time
async def test_f34_a_job_due_while_the_loop_is_blocked_for_five_seconds_runs_afterwards(tmp_path):
    clock, handler = SystemClock(), Effects()
    async with open_store(tmp_path / "a.db", clock) as store:
        runner = JobRunner(store, clock)
        due = clock.now() + timedelta(seconds=1)
        runner.register("report", Once(due), handler)
        async with Supervisor() as tasks:
            tasks.start("jobs", runner.run)
            await asyncio.sleep(0.8)
            blocking.sleep(5)
            assert not handler.begun
            async with asyncio.timeout(2):
                while not handler.begun:
                    await asyncio.sleep(0.05)
    assert [(run.due_at, run.late) for run in handler.begun] == [
        (due.replace(microsecond=due.microsecond // 1000 * 1000), False)
    ]


async def test_a_busy_loop_at_the_due_instant_delays_but_does_not_lose_the_run(database, clock):
    """F34: a wall clock five seconds ahead, as after a stall."""
    settable = SettableClock(clock)
    handler = Effects()
    async with open_store(database, settable) as store, running(store, settable, handler):
        await asyncio.sleep(9 * HOUR - 2)
        settable.set_by(timedelta(seconds=5))
        await asyncio.sleep(61)
        assert [(run.key, run.late) for run in handler.begun] == [("2026-01-05", False)]


async def test_a_failing_job_is_retried_with_growing_waits_then_shown_as_failed_and_runs_the_next_day(database, clock):
    tries = []

    async def handler(occurrence):
        tries.append(clock.now())
        if occurrence.key == "2026-01-05":
            raise LookupError("the channel list is empty")

    async with open_store(database, clock) as store, running(store, clock, handler) as runner:
        await asyncio.sleep(12 * HOUR)
        waits = [(after - before).total_seconds() for before, after in pairwise(tries)]
        assert len(tries) == 5
        assert all(0.5 <= wait <= 5.1 * 2**n for n, wait in enumerate(waits))
        (shown,) = await runner.status()
        assert (shown.last_state, shown.failures) == ("failed", 5)
        assert shown.last_error == "LookupError: the channel list is empty"
        assert shown.next_due == datetime(2026, 1, 6, 9, tzinfo=UTC)
        await asyncio.sleep(DAY)
        (shown,) = await runner.status()
        assert (shown.last_key, shown.last_state, shown.last_error) == ("2026-01-06", "done", None)


async def test_an_effect_that_fails_leaves_nothing_of_itself_and_counts_as_a_failure(database, clock):
    async def handler(occurrence):
        def effect(tx):
            tx.execute("INSERT INTO kv VALUES ('half', 'done')")
            if occurrence.attempt < 3:
                raise ValueError("not yet")

        return effect

    async with open_store(database, clock) as store, running(store, clock, handler) as runner:
        await asyncio.sleep(9 * HOUR + 1)
        assert await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM kv")) == 0
        await asyncio.sleep(60)
        assert await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM kv")) == 1
        assert (await runner.status())[0].last_state == "done"


async def test_a_handler_that_hangs_is_stopped_and_its_job_does_not_overlap_itself(database, clock):
    inside = []

    async def handler(_):
        inside.append(1)
        assert sum(inside) == 1
        try:
            await asyncio.sleep(10 * HOUR)
        finally:
            inside.pop()

    options = {"limit": timedelta(minutes=3), "tries": 1}
    every = Every(timedelta(minutes=1))
    async with (
        open_store(database, clock) as store,
        running(store, clock, handler, every, **options) as runner,
    ):
        await asyncio.sleep(HOUR)
        assert (await store.read(lambda tx: tx.value("SELECT error FROM job_occurrences"))) == "took longer than 180 s"
        assert (await runner.status())[0].last_state in {"due", "claimed"}


async def test_f39_a_job_that_takes_five_times_its_interval_never_overlaps_and_its_backlog_is_one(tmp_path, clock):
    begun, inside = [], []

    async def slow(occurrence):
        begun.append((clock.now(), occurrence))
        inside.append(occurrence)
        assert len(inside) == 1
        await asyncio.sleep(300)
        inside.clear()

    async with open_store(tmp_path / "a.db", clock) as store:
        runner = JobRunner(store, clock, limit=timedelta(hours=1))
        runner.register("slow", Every(timedelta(minutes=1)), slow, coalesce=True)
        async with Supervisor() as tasks:
            tasks.start("jobs", runner.run)
            await asyncio.sleep(2 * HOUR + 30)
        assert len(begun) == 24
        assert all(at - occurrence.due_at < timedelta(minutes=1) for at, occurrence in begun), "not the newest"
        states = await store.read(lambda tx: [row[0] for row in tx.all("SELECT state FROM job_occurrences")])
        assert states.count("done") in {23, 24}
        assert 120 - 24 - 2 <= states.count("skipped") <= 120 - 24
        assert states.count("due") <= 2, "the one that waits, and the one to come"


async def test_a_coalescing_job_runs_only_the_newest_missed_occurrence_and_marks_it_late(database, clock):
    handler = Effects()
    async with open_store(database, clock) as store:
        runner = JobRunner(store, clock, grace=timedelta(days=10))
        runner.register("sweep", NINE, handler, coalesce=True)
        async with Supervisor() as tasks:
            tasks.start("jobs", runner.run)
            await asyncio.sleep(HOUR)
        await asyncio.sleep(4 * DAY + 9 * HOUR)
        async with Supervisor() as tasks:
            tasks.start("jobs", runner.run)
            await asyncio.sleep(HOUR)
        assert [(run.key, run.late) for run in handler.begun] == [("2026-01-09", True)]
        rows = await store.read(lambda tx: tx.all("SELECT occurrence FROM job_occurrences WHERE state = 'skipped'"))
        assert len(rows) == 4


async def test_jobs_due_at_one_instant_are_spread_with_a_constant_delay_each(tmp_path, clock):
    begun = {}

    async def handler(occurrence):
        assert occurrence.due_at.hour == 9
        assert occurrence.due_at.minute == 0
        assert not occurrence.late
        begun.setdefault(occurrence.job, []).append((clock.now() - occurrence.due_at).total_seconds())

    async with open_store(tmp_path / "a.db", clock) as store:
        for _ in range(2):  # the second time like a restart
            runner = JobRunner(store, clock, spread=timedelta(minutes=10))
            for number in range(100):
                runner.register(f"job{number}", NINE, handler)
            async with Supervisor() as tasks:
                tasks.start("jobs", runner.run)
                await asyncio.sleep(10 * HOUR)
                last = await runner.last_done("job1", clock.now())
                assert (last.hour, last.minute, last.second) == (9, 0, 0)
            await asyncio.sleep(14 * HOUR)
    assert len(begun) == 100
    assert all(len(waits) == 2 and abs(waits[0] - waits[1]) < 1 for waits in begun.values())
    waits = sorted(first for first, _ in begun.values())
    assert waits[0] >= 0
    assert waits[-1] < 601
    assert all(later - first < 60 for first, later in pairwise(waits)), "they come in heaps"


async def test_a_job_that_fails_or_hangs_does_not_delay_the_others(database, clock):
    handler = Effects()

    async def broken(_):
        raise RuntimeError("broken")

    async def hanging(_):
        await asyncio.sleep(10 * HOUR)

    async with open_store(database, clock) as store, running(store, clock, handler) as runner:
        runner.register("broken", NINE, broken)
        runner.register("hanging", NINE, hanging)
        await asyncio.sleep(9 * HOUR + 1)
        assert len(handler.begun) == 1


async def test_concurrency_is_bounded_and_all_jobs_run(database, clock):
    handler = Effects(seconds=10)

    async with open_store(database, clock) as store:
        runner = JobRunner(store, clock, concurrency=3)
        for n in range(10):
            runner.register(f"job{n}", NINE, handler)
        async with Supervisor() as tasks:
            tasks.start("jobs", runner.run)
            await asyncio.sleep(9 * HOUR + 5)
            assert len(handler.begun) == 3
            await asyncio.sleep(10)
            assert len(handler.begun) == 6
            await asyncio.sleep(60)
            assert len(await effects(store)) == 10


async def test_jobs_come_and_go_and_change_their_time_while_running(database, clock):
    handler = Effects()
    async with open_store(database, clock) as store, running(store, clock, handler) as runner:
        await asyncio.sleep(HOUR)
        runner.register("report", DailyAt(time(12), ZoneInfo("UTC")), handler)
        await asyncio.sleep(9 * HOUR)
        assert handler.begun == []
        await asyncio.sleep(3 * HOUR)
        assert [run.due_at.hour for run in handler.begun] == [12]
        runner.unregister("report")
        await asyncio.sleep(3 * DAY)
        assert len(handler.begun) == 1
        assert await runner.status() == []


async def test_a_database_that_cannot_be_written_delays_the_run_and_does_not_lose_it(tmp_path, clock):
    handler = Effects()
    async with open_store(tmp_path / "a.db", clock) as store, running(store, clock, handler):
        await store.write(lambda tx: tx.value("PRAGMA busy_timeout = 10") and None)
        await asyncio.sleep(9 * HOUR - 1)
        with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(30)
            assert handler.begun == []
            other.execute("ROLLBACK")
        await asyncio.sleep(6)
        assert await effects(store) == ["2026-01-05"]


async def test_two_processes_that_share_a_database_run_each_occurrence_once(database, clock):
    first, second = Effects(seconds=5), Effects(seconds=5)
    async with (
        open_store(database, clock) as store,
        running(store, clock, first, owner="first"),
        running(store, clock, second, owner="second"),
    ):
        await asyncio.sleep(4 * DAY)
        assert len(first.begun) + len(second.begun) == len(await effects(store)) == 4


async def test_many_due_jobs_need_one_look_for_hundreds_not_one_each(database, clock):
    looks = []

    async with open_store(database, clock) as store:
        reading = store.read

        async def read(work):
            looks.append(work)
            return await reading(work)

        store.read = read
        handler = Effects()
        async with running(store, clock, handler) as runner:
            for number in range(599):
                runner.register(f"report {number}", NINE, handler)
            await asyncio.sleep(9 * HOUR - 60)
            looks.clear()
            await asyncio.sleep(120)
        assert len(handler.begun) == 600
        assert len(looks) < 10


async def test_f62_a_job_that_deletes_waits_until_the_clock_is_trusted_while_others_run(database, clock):
    async with open_store(database, clock) as store:
        sure, looks, pruning, reporting = False, 0, Effects(), Effects()

        def may_delete():
            nonlocal looks
            looks += 1
            return sure

        async with running(store, clock, reporting, may_delete=may_delete) as runner:
            runner.register("prune", NINE, pruning, deletes=True)
            await asyncio.sleep(10 * HOUR)
            assert (len(reporting.begun), pruning.begun) == (1, [])
            assert looks < 10 * 60 * 4  # once a minute, not all the time
            sure = True
            await asyncio.sleep(60)
            assert len(pruning.begun) == 1
            await asyncio.sleep(2 * HOUR)
            assert (len(reporting.begun), len(pruning.begun)) == (1, 1)


class Broken:
    """A schedule without any times."""

    def after(self, instant):
        raise OverflowError("date value out of range")


async def test_f61_a_job_that_cannot_be_planned_or_whose_failure_cannot_be_recorded_blocks_no_other(database, clock):
    effects = Effects()

    async def failing(_):
        raise ValueError("a\x00b\ud800")

    async with open_store(database, clock) as store:
        runner = JobRunner(store, clock, tries=1)
        runner.register("broken", Broken(), effects)
        runner.register("failing", Every(timedelta(hours=1)), failing)
        runner.register("sound", Every(timedelta(hours=1)), effects)
        async with Supervisor() as tasks:
            state = tasks.start("jobs", runner.run)
            await asyncio.sleep(3 * HOUR + 60)
            assert state.failures == 0, state.last_error
        assert [one.job for one in effects.begun] == ["sound"] * 3
        assert store.skipper.counts == {"job": 4}, "once an hour"
        (told,) = [one for one in await runner.status() if one.job == "failing"]
        assert told.last_error == "ValueError: ab"


async def test_f61_a_job_that_could_not_be_planned_at_first_drops_the_plan_of_an_older_schedule(database, clock):
    class AtFirstBroken:
        refused = 0

        def after(self, instant):
            self.refused += 1
            if self.refused < 3:
                raise OverflowError("date value out of range")
            return Every(timedelta(hours=7)).after(instant)

        def __repr__(self):
            return "every seven hours"

    effects = Effects()
    async with open_store(database, clock) as store:
        for schedule in (Every(timedelta(hours=3)), AtFirstBroken()):
            runner = JobRunner(store, clock)
            runner.register("job", schedule, effects)
            async with Supervisor() as tasks:
                tasks.start("jobs", runner.run)
                await asyncio.sleep(60 if isinstance(schedule, Every) else 2 * HOUR)
        due = await store.read(lambda tx: tx.all("SELECT due_at FROM job_occurrences WHERE state = 'due'"))
    assert len(due) == 1
