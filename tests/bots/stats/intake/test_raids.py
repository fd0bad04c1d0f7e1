"""A flood of joins, told from members of old."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from steward.bots.stats.intake.raids import MANY, RaidWatch
from steward.guilds.suspicions import Suspicion, SuspicionLog
from tests.runtime.hand_clock import HandClock

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def noted(moments):
    """What is noted when members come who joined at these moments."""

    async def usual(_):
        return 0.5

    security = SuspicionLog(HandClock())
    watch = RaidWatch(usual, security, SimpleNamespace(now=lambda: NOW))
    running = asyncio.create_task(watch.run())
    for at in moments:
        watch.joined({"guild_id": "1", "joined_at": at.isoformat()})
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    running.cancel()
    return [event for event in security.within(timedelta(days=1)) if event.suspicion is Suspicion.RAID]


async def test_many_joins_at_once_are_noted_once():
    assert len(await noted([NOW + timedelta(seconds=number) for number in range(2 * MANY)])) == 1


@pytest.mark.parametrize("years", [0.1, 3])
async def test_a_member_of_old_who_is_told_of_again_is_no_flood(years):
    """GUILD_MEMBER_ADD comes for those, too."""
    daily = [NOW - timedelta(days=number) for number in reversed(range(MANY))]
    assert await noted([*daily, NOW - timedelta(days=365 * years)]) == []
    assert await noted([NOW - timedelta(days=365 * years), *daily]) == []


async def test_a_member_of_old_does_not_hide_a_flood():
    flood = [NOW + timedelta(seconds=number) for number in range(MANY)]
    assert len(await noted([*flood[:10], NOW - timedelta(days=1000), *flood[10:]])) == 1
