"""The audit log."""

from __future__ import annotations

import asyncio

from steward.runtime.clock import Clock
from steward.sim.guilds.audit_log import BAN, KICK, AuditLog
from steward.sim.snowflake import Snowflakes


async def test_entries_are_found_by_type_and_author_and_kept_for_45_days(clock: Clock):
    log = AuditLog(clock, Snowflakes(clock))
    first = log.add(BAN, by=1, target=2)
    second = log.add(KICK, by=3, target=4)
    assert first is not None
    assert second is not None
    assert log.entries() == [second, first]
    assert log.entries(action=BAN) == [first]
    assert log.entries(by=3) == [second]
    assert log.entries(after=first.id) == [second]
    assert log.entries(before=second.id, limit=1) == [first]
    await asyncio.sleep(46 * 86_400)
    assert log.entries() == []
