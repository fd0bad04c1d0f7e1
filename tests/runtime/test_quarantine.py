"""Strikes for blocking the event loop, and switching off."""

import asyncio

import pytest
from structlog.testing import capture_logs

from steward.runtime.monitor import Block
from steward.runtime.quarantine import Owner, Quarantine, SwitchedOff


def block(*modules, seconds=5.0):
    return Block("somewhere.py:1 f", modules, seconds)


@pytest.fixture
def quarantine(clock):
    return Quarantine(clock)


@pytest.fixture
def stats(quarantine):
    owner = Owner("stats", "bots.stats")
    quarantine.watch(owner)
    return owner


@pytest.fixture
def ops(quarantine):
    owner = Owner("ops", "bots.ops")
    quarantine.watch(owner)
    return owner


async def test_a_part_is_switched_off_at_its_third_strike_in_an_hour_and_no_other_is(quarantine, stats, ops):
    told = []
    quarantine.add_listener(told.append)
    with capture_logs() as lines:
        for _ in range(3):
            assert stats.is_on
            quarantine.on_block(block("json", "bots.stats.wiring", "client.lean", "bots.ops.pages"))
    assert told == [stats]
    assert [owner for owner in quarantine.owners if not owner.is_on] == [stats]
    assert (quarantine.strikes(stats), quarantine.strikes(ops)) == (3, 0)
    assert [line["event"] for line in lines] == ["bot_struck"] * 3 + ["bot_switched_off"]


async def test_strikes_expire_after_an_hour(quarantine, stats):
    for _ in range(10):
        quarantine.on_block(block("bots.stats"))
        await asyncio.sleep(1801)
    assert stats.is_on
    assert quarantine.strikes(stats) == 1


@pytest.mark.parametrize("harmless", [block("bots.stats", seconds=2.9), block("client.lean"), block("bots.statsbot")])
async def test_short_blocks_and_unknown_code_are_no_strike(quarantine, stats, ops, harmless):
    for _ in range(10):
        quarantine.on_block(harmless)
    assert stats.is_on
    assert ops.is_on


async def test_callbacks_of_a_part_that_is_off_are_not_called(quarantine, stats, ops):
    seen = []
    guarded, other = stats.guard(seen.append), ops.guard(seen.append)
    guarded(1)
    stats.require()
    for _ in range(3):
        quarantine.on_block(block("bots.stats"))
    guarded(2)
    other(3)
    assert seen == [1, 3]
    ops.require()
    with pytest.raises(SwitchedOff, match=r"stats is switched off.* Restarting switches it on again"):
        stats.require()
