"""What is too old is deleted, in small steps, and what charts need of it stays."""

from datetime import timedelta
from itertools import pairwise

import pytest

from steward.bots.stats.counts.facts import EventKind
from steward.bots.stats.history.calendar import Level
from steward.bots.stats.history.series import Measure
from steward.guilds import retention
from steward.store import to_millis
from steward.store.unavailable import StoreUnavailable
from tests.bots.stats.book import DAY, GUILD, HOUR, MINUTE, MONDAY, book_of

COUNT = {
    "raw": "SELECT COUNT(*) FROM guild_counts",
    "hours": "SELECT COUNT(*) FROM stats_series WHERE level = 1",
    "days": "SELECT COUNT(*) FROM stats_series WHERE level = 2",
    "channel hours": "SELECT COUNT(*) FROM stats_channels WHERE level = 1",
    "channel days": "SELECT COUNT(*) FROM stats_channels WHERE level = 2",
    "members": "SELECT COUNT(*) FROM stats_members",
    "events": "SELECT COUNT(*) FROM member_events",
}


async def sizes(book):
    return await book.store.read(lambda tx: {name: tx.value(sql) for name, sql in COUNT.items()})


async def prune_to_the_end(book, now):
    """Prune until nothing is left to do; return the number of events after each run."""
    left, before = [], None
    while (after := await sizes(book)) != before:
        await book.timeline.retention.prune(now)
        left.append((await sizes(book))["events"])
        before = after
    return left


async def test_each_level_is_kept_for_its_time(clock, database):
    async with book_of(clock, database) as book:
        for day in range(500):
            at = MONDAY + day * DAY
            book.sample(at, members=day)
            book.says(at)
            await book.happened(EventKind.JOIN, at)
        await book.write()
        await prune_to_the_end(book, MONDAY + 500 * DAY)
        assert await sizes(book) == {
            "raw": 3,
            "hours": 100,
            "days": 500,
            "channel hours": 100,
            "channel days": 500,
            "members": 400 + 13,  # days, and months that have none but kept days
            "events": 400,
        }
        assert await book.values(Measure.JOINS, MONDAY, 2 * DAY, Level.DAY) == [1, 1]


async def test_f62_one_run_deletes_no_more_than_the_oldest_quarter_and_the_runs_after_it_the_rest(clock, database):
    """A bot that was away for years, or a clock that is wrong without anybody's noticing."""
    async with book_of(clock, database) as book:
        for day in range(400):
            await book.happened(EventKind.JOIN, MONDAY + day * DAY)
        await book.write()
        left = await prune_to_the_end(book, MONDAY + 4000 * DAY)
        assert left[0] == 300
        assert all(after >= before * 3 // 4 - 2 for before, after in pairwise([400, *left]))
        assert left[-1] == 1  # or its number would be given to another
        assert len(left) < 30


async def test_an_event_that_is_not_summed_up_yet_is_summed_up_before_it_goes(clock, database):
    async with book_of(clock, database) as book:
        await book.happened(EventKind.JOIN, MONDAY)
        await book.happened(EventKind.JOIN, MONDAY + HOUR)
        await book.timeline.retention.prune(MONDAY + 1000 * DAY)
        assert await book.values(Measure.JOINS, MONDAY, DAY, Level.DAY) == [2]
        assert (await sizes(book))["events"] == 1  # the last one stays, or its number would be given to another
        await book.happened(EventKind.JOIN, MONDAY + 2 * HOUR)
        await book.write()
        assert await book.values(Measure.JOINS, MONDAY, DAY, Level.DAY) == [3]


async def test_samples_that_nobody_summed_up_are_before_they_go(clock, database):
    """An import, or a version before there were series."""
    async with book_of(clock, database, zone="Europe/Berlin") as book:
        rows = [(GUILD, to_millis(MONDAY + sample * 5 * MINUTE), sample, sample % 50, 3) for sample in range(3 * 288)]
        sql = "INSERT INTO guild_counts (guild_id, at, members, online, bans) VALUES (?, ?, ?, ?, ?)"
        await book.store.write(lambda tx: tx.executemany(sql, rows))
        await prune_to_the_end(book, MONDAY + 10 * DAY)
        berlin = MONDAY - HOUR
        assert await book.values(Measure.MEMBERS, berlin, 4 * DAY, Level.DAY) == [275, 563, 851, 863]
        assert await book.values(Measure.PEAK_ONLINE, berlin, 3 * DAY, Level.DAY) == [49, 49, 49]
        assert (await book.values(Measure.MEMBERS, MONDAY, 2 * HOUR, Level.HOUR)) == [11, 23]
        assert (await sizes(book))["raw"] == 0


async def test_it_deletes_little_at_a_time(clock, database, monkeypatch):
    monkeypatch.setattr(retention, "ROWS", 10)
    async with book_of(clock, database) as book:
        for hour in range(300):
            book.says(MONDAY + hour * HOUR)
            await book.happened(EventKind.JOIN, MONDAY + hour * HOUR)
        await book.write()
        changes = []
        write = book.store.write

        async def watched(work):
            before = await sizes(book)
            result = await write(work)
            changes.append(sum(before.values()) - sum((await sizes(book)).values()))
            return result

        monkeypatch.setattr(book.store, "write", watched)
        await prune_to_the_end(book, MONDAY + 1000 * DAY)
        assert max(changes) == 10
        assert (await sizes(book))["events"] == 1


async def test_a_prune_cut_short_is_finished_by_the_next(clock, database, monkeypatch):
    async with book_of(clock, database) as book:
        for day in range(20):
            book.sample(MONDAY + day * DAY, members=day)
        await book.write()
        write, allowed = book.store.write, 3

        async def cut(work):
            nonlocal allowed
            allowed -= 1
            if allowed < 0:
                raise StoreUnavailable("cut")
            return await write(work)

        with monkeypatch.context() as patch:
            patch.setattr(book.store, "write", cut)
            with pytest.raises(StoreUnavailable, match="cut"):
                await book.timeline.retention.prune(MONDAY + 20 * DAY)
        assert (await sizes(book))["raw"] == 17
        await prune_to_the_end(book, MONDAY + 20 * DAY)
        assert (await sizes(book))["raw"] == 3
        assert await book.values(Measure.MEMBERS, MONDAY, timedelta(days=20), Level.DAY) == list(range(20))


async def test_a_monthly_report_still_knows_members_and_peak_when_samples_are_gone(clock, database):
    async with book_of(clock, database) as book:
        for day in range(40):
            book.sample(MONDAY + day * DAY, members=100 + day, online=day % 13)
        await book.write()
        before = await book.events.summary(GUILD, MONDAY + 5 * DAY + HOUR, MONDAY + 35 * DAY + HOUR, names=0)
        assert (before.members_before, before.members, before.peak_online) == (105, 135, 12)
        await prune_to_the_end(book, MONDAY + 40 * DAY)
        assert await book.events.summary(GUILD, before.begin, before.end, names=0) == before
