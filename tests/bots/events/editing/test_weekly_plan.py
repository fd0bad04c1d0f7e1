"""The weekly plan and single times of series, through weeks of virtual time: the rules and the SQL, without Discord."""

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from steward.bots.events.editing.service import EventService
from steward.bots.events.editing.weekly_plan import PlanEntry, WeeklyPlan
from steward.bots.events.model.details import BadEvent, Details
from steward.bots.events.model.lists import Lists
from steward.bots.events.model.lookups import Lookups
from steward.bots.events.model.series import Series
from steward.bots.events.posts import occurrence_posts
from steward.bots.installed import MIGRATIONS
from steward.store import from_millis, open_store
from steward.store.due.work import DueWork
from tests.bots.events.coming_up import coming_up
from tests.bots.events.happening import KINDS, gone

GUILD, OLGA, HALL = 1, 2, 3
UTC, BERLIN = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")
A_DAY = timedelta(days=1)
FRIDAY = 4


@asynccontextmanager
async def living(clock, folder):
    """A database whose moments happen."""
    async with open_store(folder / "s.sqlite3", clock, migrations=MIGRATIONS) as store:
        running = asyncio.create_task(DueWork(store, clock, KINDS, watch=A_DAY.total_seconds()).run())
        try:
            yield store
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


def entry(weekday, title, *, starts=time(20), posted=time(9), zone=UTC, **details):
    return PlanEntry(weekday, HALL, zone, starts, posted, Details(title, **details))


async def posts(store):
    """When each post was promised, and of which start and title."""
    rows = await store.read(
        lambda tx: tx.all(
            "SELECT o.created_at, e.starts_at, o.payload FROM outbox o JOIN event_occurrences e"
            " ON o.message_key = 'event:' || e.id ORDER BY o.created_at, o.id"
        )
    )
    return [(from_millis(at), from_millis(start), payload) for at, start, payload in rows]


async def test_each_weekday_is_posted_at_its_own_time_week_after_week_across_a_change_of_clocks(clock, tmp_path):
    await asyncio.sleep(75 * 86400)  # 21 March: the clocks of Berlin go forward on the 29th
    async with living(clock, tmp_path) as store:
        plan = WeeklyPlan(store)
        for day in range(7):
            await plan.set(day + 10, GUILD, OLGA, entry(day, f"Day {day}", posted=time(9 + day), zone=BERLIN))
        await asyncio.sleep(21 * 86400)
        seen = [(at.astimezone(BERLIN), start.astimezone(BERLIN), text) for at, start, text in await posts(store)]
    assert len(seen) in {21, 22}
    for at, start, text in seen[1:]:  # the first may be of the day on which it was planned
        assert (start.hour, at.hour, at.minute) == (20, 9 + start.weekday(), 0)
        assert at.date() == start.date()
        assert f"Day {start.weekday()}" in text


async def test_a_change_holds_from_the_next_post_on_and_what_is_posted_stays(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        plan = WeeklyPlan(store)
        await plan.set(10, GUILD, OLGA, entry(FRIDAY, "Raid"))
        await asyncio.sleep(4 * 86400 + 12 * 3600)  # Friday noon
        first = await plan.set(11, GUILD, OLGA, entry(FRIDAY, "Quiz", starts=time(21), posted=time(22)))
        ahead = await coming_up(store, GUILD)
        assert [(event.details.title, event.starts_at.hour) for event in ahead] == [("Raid", 20), ("Quiz", 21)]
        assert first.starts_at - ahead[0].starts_at == timedelta(days=7, hours=1)
        assert first.event_id == 10
        await asyncio.sleep(8 * 86400)
        (at, start, text) = (await posts(store))[1]
        assert "Quiz" in text
        assert start - at == timedelta(hours=23)  # posted at ten in the evening before
        await plan.clear(GUILD, FRIDAY)
        assert await plan.entries(GUILD) == []
        await asyncio.sleep(30 * 86400)
        assert len(await posts(store)) == 3 - 1
        with pytest.raises(BadEvent, match="Nothing is planned"):
            await plan.clear(GUILD, FRIDAY)


async def test_what_is_planned_is_read_back(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        plan = WeeklyPlan(store)
        held = [entry(0, "A", posted=time(20), fields=(("Raid", "MC"),)), entry(FRIDAY, "B", starts=time(0, 30))]
        for number, one in enumerate(held):
            await plan.set(number + 1, GUILD, OLGA, one)
        assert await plan.entries(GUILD) == held
        assert await plan.entries(GUILD + 1) == []
        with pytest.raises(BadEvent, match="needs a title"):
            await plan.set(9, GUILD, OLGA, entry(0, ""))
        assert await plan.entries(GUILD) == held


@pytest.mark.parametrize("lead", [0, 36 * 60])
async def test_times_skipped_and_moved_long_ahead_stay_so_and_each_other_is_posted_once(clock, tmp_path, lead):
    async with living(clock, tmp_path) as store:
        organising, lookups = EventService(store, gone), Lookups(store)
        start = (clock.now() + 2 * A_DAY).replace(hour=19, tzinfo=None)
        await organising.create(Series(5, GUILD, HALL, OLGA, UTC, start, "FREQ=DAILY", lead, Details("Raid")))
        await organising.skip(5, start + 3 * A_DAY)
        await organising.move(await organising.keep(5, start + 5 * A_DAY), start + 5 * A_DAY + timedelta(hours=2))
        times = await lookups.times(5, limit=8)
        assert start + 3 * A_DAY not in [time.original for time in times]
        assert [time.starts_at.hour for time in times] == [19, 19, 19, 19, 21, 19, 19, 19]
        await asyncio.sleep(10 * 86400)
        starts = [at for _, at, _ in await posts(store)]
        expected = [start + day * A_DAY for day in range(8) if day != 3]
        expected[4] += timedelta(hours=2)
        assert sorted(at.replace(tzinfo=None) for at in starts)[:7] == expected
        assert len(starts) == len(set(starts))


async def test_the_list_of_many_events_is_read_in_a_bounded_way(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        organising, lookups, lists = EventService(store, gone), Lookups(store), Lists(store)
        start = (clock.now() + A_DAY).replace(tzinfo=None)
        for number in range(30):
            await organising.create(
                Series(number + 1, GUILD, HALL, OLGA, UTC, start, "FREQ=DAILY", 60, Details(f"No. {number}"))
            )
        pages = [await lists.listed(GUILD, number, days=3) for number in range(9)]
        lines = [line for page in pages for line in page.lines]
        assert [(len(page.lines), page.more) for page in pages] == [(10, True)] * 8 + [(10, False)]
        assert lines == sorted(lines, key=lambda line: line.starts_at)
        assert {(line.details.title, line.starts_at.day - start.day) for line in lines} == {
            (f"No. {number}", day) for number in range(30) for day in range(3)
        }
        assert (await lists.listed(GUILD, 99, days=3)).number == 8
        assert not (await lists.listed(GUILD, 2)).more
        assert (await lookups.named(GUILD, "no. 17"))[0].title == "No. 17"
        assert await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM event_occurrences")) == 30


async def test_a_fault_at_one_post_ends_no_series(clock, tmp_path, monkeypatch):
    async with living(clock, tmp_path) as store:
        organising = EventService(store, gone)
        start = (clock.now() + timedelta(hours=2)).replace(tzinfo=None, second=0, microsecond=0)
        await organising.create(Series(7, GUILD, HALL, OLGA, UTC, start, "FREQ=DAILY", 0, Details("Raid")))
        await asyncio.sleep(5)

        def faulty(*_):
            raise ValueError

        with monkeypatch.context() as patched:
            patched.setattr(occurrence_posts, "post", faulty)
            await asyncio.sleep(4 * 3600)
        await asyncio.sleep(4 * 86400)
        assert len(await posts(store)) >= 5
