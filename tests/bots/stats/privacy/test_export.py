"""An export reads its table once, page by page, in order of time."""

import gzip
import random
import tracemalloc
from datetime import timedelta
from types import SimpleNamespace

import pytest

from steward.bots.stats.counts.facts import EventKind, MemberEvent
from steward.bots.stats.privacy.export import TABLES
from steward.store import to_millis
from steward.store.export.export import ROWS_A_PAGE, Exporter, Format, page
from tests.bots.stats.book import GUILD, MONDAY, book_of


async def test_every_event_is_exported_once_in_order_of_time(clock, database):
    """Filled gaps are recorded after what came later, and many events share one instant at the end of a page."""
    many = 2 * ROWS_A_PAGE + 1
    async with book_of(clock, database) as book:
        await book.events.record(
            [
                MemberEvent(GUILD, EventKind.JOIN, user, "ada", MONDAY - timedelta(seconds=user // 7), f"join:{user}")
                for user in range(many)
            ]
        )
        rows = [row async for row in Exporter(book.store).rows(GUILD, TABLES["joins, leaves, bans"])]
    assert sorted(int(row["user_id"]) for row in rows) == list(range(many))
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)


@pytest.mark.parametrize("kept", TABLES)
async def test_no_page_sorts_the_whole_table(clock, tmp_path, kept):
    """Or the time of an export would grow with the square of what is kept."""
    table = TABLES[kept]
    async with book_of(clock, tmp_path) as book:

        def work(tx):
            explaining = SimpleNamespace(all=lambda sql, params: tx.all(f"EXPLAIN QUERY PLAN {sql}", params))
            return str(page(explaining, table, GUILD, tuple(5 for _ in table.key)))

        plan = await book.store.read(work)
    assert "SEARCH" in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.slow
async def test_ten_times_as_many_rows_take_no_more_memory_but_for_the_packed_file(clock, tmp_path):
    """An export is never whole in memory, neither as rows nor as text."""
    few, many = 10_000, 100_000
    async with book_of(clock, tmp_path) as book:
        exporter = Exporter(book.store)
        await book.store.write(lambda tx: keep_events(tx, range(few)))
        small, small_peak = await measured(exporter.export(GUILD, TABLES["joins, leaves, bans"], Format.CSV))
        await book.store.write(lambda tx: keep_events(tx, range(few, many)))
        large, large_peak = await measured(exporter.export(GUILD, TABLES["joins, leaves, bans"], Format.CSV))
    packed, text = len(large.content), len(gzip.decompress(large.content))
    assert (small.rows, large.rows, large.name) == (few, many, "events.csv.gz")
    assert large_peak < small_peak + 1.2 * packed  # a buffer that grows is an eighth larger than what is in it
    assert large_peak < text / 2


def keep_events(tx, numbers):
    chance = random.Random(numbers.start)
    begin = to_millis(MONDAY)
    tx.executemany(
        "INSERT INTO member_events (guild_id, kind, user_id, name, at, origin) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (GUILD, "join", chance.randrange(10**18), f"user{chance.randrange(10**6)}", begin + row, f"o{row}")
            for row in numbers
        ],
    )


async def measured(work):
    """Return what `work` returns, and the most memory that it took beside what was there, in bytes."""
    tracemalloc.start()
    try:
        done = await work
        return done, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
