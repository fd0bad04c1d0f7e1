from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from steward.store import DailyAt, open_store
from steward.store.jobs.planning import plan, replan
from tests.store.settable_clock import SettableClock

UTC_ZONE = ZoneInfo("UTC")
MIDNIGHT = DailyAt(time(0), UTC_ZONE)
DAY = timedelta(hours=24)


def planned(schedule, tx):
    replan(tx, "report", schedule)
    return plan(tx, "report", schedule, DAY)


def keys(tx):
    return [row[0] for row in tx.all("SELECT occurrence FROM job_occurrences ORDER BY due_at")]


def days(first, count):
    return [(first + timedelta(days=n)).isoformat() for n in range(count)]


async def test_a_new_job_has_its_next_occurrence_and_no_missed_ones(database, clock):
    async with open_store(database, clock) as store:
        await asyncio.sleep(3600)
        due = await store.write(partial(planned, MIDNIGHT))
        assert datetime.fromtimestamp(due / 1000, UTC_ZONE).isoformat() == "2026-01-06T00:00:00+00:00"
        assert await store.read(keys) == ["2026-01-06"]


async def test_planning_again_changes_nothing(database, clock):
    async with open_store(database, clock) as store:
        for _ in range(3):
            await store.write(partial(planned, MIDNIGHT))
        assert await store.read(keys) == ["2026-01-06"]


async def test_each_missed_occurrence_has_a_row(database, clock):
    async with open_store(database, clock) as store:
        await store.write(partial(planned, MIDNIGHT))
        await asyncio.sleep(3.5 * 86_400)
        await store.write(partial(planned, MIDNIGHT))
        assert await store.read(keys) == days(date(2026, 1, 6), 4)


async def test_a_year_of_absence_is_listed_for_a_month_only(database, clock):
    clock = SettableClock(clock)
    async with open_store(database, clock) as store:
        await store.write(partial(planned, MIDNIGHT))
        clock.set_by(timedelta(days=365))
        await store.write(partial(planned, MIDNIGHT))
        assert await store.read(keys) == ["2026-01-06", *days(date(2026, 12, 5), 33)]


async def test_a_changed_time_moves_the_next_occurrence_and_repeats_no_date(database, clock):
    async with open_store(database, clock) as store:
        await store.write(partial(planned, MIDNIGHT))
        await asyncio.sleep(86_400 + 3600)  # 2026-01-06 01:00
        await store.write(partial(planned, MIDNIGHT))
        nine = DailyAt(time(9), UTC_ZONE)
        due = await store.write(partial(planned, nine))
        assert datetime.fromtimestamp(due / 1000, UTC_ZONE).isoformat() == "2026-01-07T09:00:00+00:00"
        assert await store.read(keys) == ["2026-01-06", "2026-01-07"]


async def test_ended_rows_are_deleted_after_three_months(database, clock):
    async with open_store(database, clock) as store:
        for _ in range(100):
            await store.write(partial(planned, MIDNIGHT))
            await store.write(
                lambda tx: tx.execute("UPDATE job_occurrences SET state = 'done' WHERE due_at < ?", (tx.now_ms,))
            )
            await asyncio.sleep(86_400)
        await store.write(partial(planned, MIDNIGHT))
        assert 90 <= len(await store.read(keys)) <= 92
