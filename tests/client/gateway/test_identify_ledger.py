"""The IDENTIFY ledger: what has been spent outlives the process, and a day's budget cannot be burnt."""

import asyncio
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from steward.client.gateway.identify_ledger import FREE, MAX_SPACING, MIN_SPACING, IdentifyLedger
from steward.client.rest.rest import GatewayInfo
from steward.store import open_store

PLENTY = GatewayInfo("ws://gateway", total=1000, remaining=1000, reset_after=86400)


async def test_a_first_login_waits_for_nothing(clock, tmp_path):
    async with open_store(tmp_path / "s.sqlite3", clock) as store:
        assert await IdentifyLedger(store, clock).wait(PLENTY) == 0


async def test_a_second_login_keeps_discords_five_seconds(clock, tmp_path):
    async with open_store(tmp_path / "s.sqlite3", clock) as store:
        ledger = IdentifyLedger(store, clock, random=lambda: 0.0)
        await ledger.record()
        assert await ledger.wait(PLENTY) == MIN_SPACING
        await asyncio.sleep(3)
        assert await ledger.wait(PLENTY) == MIN_SPACING - 3


async def test_a_process_that_dies_after_every_login_spends_at_most_300_in_any_day(clock, tmp_path):
    """F06: a supervisor that restarts at once, for two days, each time a new process on the same database."""
    sent = []
    end = clock.monotonic() + 2 * 86400
    while clock.monotonic() < end:
        async with open_store(tmp_path / "s.sqlite3", clock) as store:
            ledger = IdentifyLedger(store, clock, random=lambda: 0.0)
            await asyncio.sleep(await ledger.wait(PLENTY))
            await ledger.record()
            sent.append(clock.monotonic())
        await asyncio.sleep(1)
    in_a_day = max(sum(first <= at < first + 86400 for at in sent) for first in sent)
    assert in_a_day <= 300
    assert in_a_day > FREE


async def test_a_day_later_all_is_forgiven(clock, tmp_path):
    async with open_store(tmp_path / "s.sqlite3", clock) as store:
        ledger = IdentifyLedger(store, clock)
        for _ in range(100):
            await ledger.record()
        assert await ledger.wait(PLENTY) >= MAX_SPACING
        await asyncio.sleep(timedelta(hours=24, seconds=1).total_seconds())
        assert await ledger.wait(PLENTY) == 0


async def test_below_a_tenth_of_discords_budget_it_waits_for_the_reset(clock, tmp_path):
    async with open_store(tmp_path / "s.sqlite3", clock) as store:
        ledger = IdentifyLedger(store, clock)
        assert await ledger.wait(GatewayInfo("ws://gateway", 1000, 99, 7200)) == 7200
        assert await ledger.wait(GatewayInfo("ws://gateway", 1000, 100, 7200)) == 0


@given(st.integers(0, 5000), st.floats(0, 1, exclude_max=True))
def test_spacing_grows_with_what_is_spent_and_is_bounded(spent, chance):
    ledger = IdentifyLedger(store=None, clock=None, random=lambda: chance)
    assert MIN_SPACING <= ledger.spacing(spent) <= MAX_SPACING * 1.25
    assert ledger.spacing(spent) <= ledger.spacing(spent + 1)
