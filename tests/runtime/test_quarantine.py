"""Which part of a program is struck for holding up the others, and when it is switched off."""

import asyncio
from functools import partial

import pytest
from structlog.testing import capture_logs

from steward.runtime.monitor import Block
from steward.runtime.quarantine import Quarantine, SwitchedOff

PARTS = {"stats": "bots.stats", "ops": "bots.ops"}


def block(*modules, seconds=5.0):
    return Block("somewhere.py:1 f", modules, seconds)


def work_of(module):
    def work(value=None):
        return value

    work.__module__ = module
    return work


async def test_a_part_is_switched_off_at_its_third_strike_in_an_hour_and_no_other_is(clock):
    quarantine, told = Quarantine(PARTS, clock), []
    quarantine.tell(told.append)
    with capture_logs() as lines:
        for _ in range(3):
            assert not quarantine.off
            quarantine.blocked(block("json", "bots.stats.wiring", "client.lean", "bots.ops.pages"))
    assert told == ["stats"]
    assert set(quarantine.off) == {"stats"}
    assert (quarantine.strikes("stats"), quarantine.strikes("ops")) == (3, 0)
    assert [line["event"] for line in lines] == ["bot_struck"] * 3 + ["bot_switched_off"]


async def test_strikes_are_forgiven_after_an_hour(clock):
    quarantine = Quarantine(PARTS, clock)
    for _ in range(10):
        quarantine.blocked(block("bots.stats"))
        await asyncio.sleep(1801)
    assert not quarantine.off
    assert quarantine.strikes("stats") == 1


@pytest.mark.parametrize("harmless", [block("bots.stats", seconds=2.9), block("client.lean"), block("bots.statsbot")])
async def test_what_is_short_or_belongs_to_no_part_is_no_strike(clock, harmless):
    quarantine = Quarantine(PARTS, clock)
    for _ in range(10):
        quarantine.blocked(harmless)
    assert not quarantine.off


async def test_what_belongs_to_a_part_that_is_off_is_not_called(clock):
    quarantine, seen = Quarantine(PARTS, clock), []

    def sink(value):
        seen.append(value)

    sink.__module__ = "bots.stats.wiring"
    guarded, other = quarantine.guard(sink), quarantine.guard(seen.append)
    guarded(1)
    quarantine.require(work_of("bots.stats"))
    for _ in range(3):
        quarantine.blocked(block("bots.stats"))
    guarded(2)
    other(3)
    assert seen == [1, 3]
    assert not quarantine.allows(partial(partial(work_of("bots.stats"), 1), 2))
    assert quarantine.allows(work_of("bots.ops.bot"))
    with pytest.raises(SwitchedOff, match=r"stats is switched off.* Restarting switches it on again"):
        quarantine.require(work_of("bots.stats"))
