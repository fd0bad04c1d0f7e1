"""An export reads its table once, page by page, in order of time."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from steward.bots.stats import export
from steward.bots.stats.export import PAGE, Exporter, Kept
from steward.bots.stats.facts import Kind, MemberEvent
from tests.bots.stats.book import GUILD, MONDAY, book_of


async def test_every_event_is_exported_once_in_order_of_time(clock, tmp_path):
    """Filled gaps are recorded after what came later, and many events share one instant at the end of a page."""
    many = 2 * PAGE + 1
    async with book_of(clock, tmp_path) as book:
        await book.events.record(
            [
                MemberEvent(GUILD, Kind.JOIN, user, "ada", MONDAY - timedelta(seconds=user // 7), f"join:{user}")
                for user in range(many)
            ]
        )
        rows = [row async for row in Exporter(book.store).rows(GUILD, Kept.EVENTS)]
    assert sorted(int(row["user_id"]) for row in rows) == list(range(many))
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)


@pytest.mark.parametrize("kept", Kept)
async def test_no_page_sorts_the_whole_table(clock, tmp_path, kept):
    """Or the time of an export would grow with the square of what is kept."""
    table = export._TABLES[kept]
    async with book_of(clock, tmp_path) as book:

        def work(tx):
            explaining = SimpleNamespace(all=lambda sql, params: tx.all(f"EXPLAIN QUERY PLAN {sql}", params))
            return str(export._page(explaining, table, GUILD, tuple(5 for _ in table.key)))

        plan = await book.store.read(work)
    assert "SEARCH" in plan
    assert "TEMP B-TREE" not in plan
