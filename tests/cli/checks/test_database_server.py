from __future__ import annotations

import asyncio

from steward.cli.checks.database import check_server
from steward.store import open_store
from steward.store.server.session import SessionLimits


async def test_a_server_that_answers_is_ok_even_without_the_database(server_database, clock):
    finding = await asyncio.to_thread(check_server, server_database)
    assert finding.status == "ok"
    assert "doesn't exist yet" in finding.finding
    async with open_store(server_database, clock):  # while a bot uses it
        finding = await asyncio.to_thread(check_server, server_database)
    assert finding.status == "ok"
    assert "answers" in finding.finding


def test_an_unreachable_server_or_a_bad_url_is_reported_with_a_remedy():
    for url in ("mysql://u:hunter2@127.0.0.1:1/d", "postgresql://u:hunter2@h", "mongodb://u:hunter2@h/d"):
        finding = check_server(url, SessionLimits(connect=1))
        assert finding.status == "fail"
        assert "hunter2" not in finding.finding + finding.remedy
