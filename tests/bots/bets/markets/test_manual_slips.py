"""Slips that cappers write, on each engine."""

from functools import partial

import pytest

from steward.bots.bets.errors import BetsError
from steward.bots.bets.grading.grades import BetOutcome
from steward.bots.bets.markets.manual_slips import (
    GRADES,
    OFFERED,
    ManualSlip,
    ManualSlipStatus,
    delete_slip,
    forget_slips,
    grade_slip,
    manual_record,
    named_slips,
    post_slip,
    slip_of,
)
from steward.bots.bets.odds.prices import Odds
from steward.bots.bets.section import BetsMode, BetsSection
from steward.bots.installed import MIGRATIONS
from steward.store import open_store
from tests.bots.bets.ledger.book import ADA, BEN, GUILD, OLGA

UNITS = BetsSection(mode=BetsMode.UNITS)
SLIP = ManualSlip(1, ADA, "Rain in Bergen", Odds(21, 10, "2.10"), 150)


def test_a_slip_ends_in_one_of_six_ways():
    assert {outcome: grade.payout(150, 21, 10) for outcome, grade in GRADES.items()} == {
        BetOutcome.WIN: 315,
        BetOutcome.LOSE: 0,
        BetOutcome.PUSH: 150,
        BetOutcome.VOID: 150,
        BetOutcome.HALF_WIN: 232,
        BetOutcome.HALF_LOSS: 75,
    }


async def test_a_slip_is_graded_by_somebody_else_corrected_and_never_undone(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:

        async def graded(slip, outcome, by):
            return await store.write(
                partial(grade_slip, guild_id=GUILD, slip_id=slip, outcome=BetOutcome(outcome), graded_by=by)
            )

        async def deleted(slip, by):
            return await store.write(partial(delete_slip, guild_id=GUILD, slip_id=slip, user_id=by))

        for number in (1, 1, 2, 3):  # the first is sent twice
            await store.write(
                partial(post_slip, guild_id=GUILD, user_id=ADA, section=UNITS, slip=SLIP._replace(id=number))
            )
        with pytest.raises(BetsError, match="your own slip"):
            await graded(1, "win", ADA)
        done = await graded(1, "win", OLGA)
        assert (done.status, done.payout, done.graded_by) == (ManualSlipStatus.SETTLED, 315, OLGA)
        assert (await graded(1, "lose", BEN)).payout == 0
        await graded(2, "half_win", OLGA)
        for slip, by, told in ((1, ADA, "isn't open"), (3, BEN, "somebody else's"), (9, ADA, "isn't there")):
            with pytest.raises(BetsError, match=told):
                await deleted(slip, by)
        assert (await deleted(3, ADA)).status is ManualSlipStatus.DELETED
        with pytest.raises(BetsError, match="was deleted"):
            await graded(3, "win", OLGA)
        record = await store.read(partial(manual_record, guild_id=GUILD, user_id=ADA, page=0))
        assert [one.id for one in record.slips] == [3, 2, 1]
        assert record[1:] == (False, 2, 1, 300, 232)
        assert await store.read(partial(named_slips, guild_id=GUILD)) == [(SLIP.said, 2), (SLIP.said, 1)]
        assert await store.read(partial(named_slips, guild_id=GUILD, user_id=ADA)) == []
        for user in (ADA, OLGA, BEN):
            await store.write(partial(forget_slips, guild_id=GUILD, user_id=user))
        left = await store.read(partial(slip_of, guild_id=GUILD, slip_id=1))
        assert (left.user_id, left.graded_by, left.outcome) == (None, None, BetOutcome.LOSE)


async def test_odds_beyond_all_measure_are_refused(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        with pytest.raises(BetsError, match="too long"):
            await store.write(
                partial(post_slip, guild_id=GUILD, user_id=ADA, section=UNITS, slip=SLIP._replace(odds=Odds(10**18, 1)))
            )


async def test_the_oldest_open_slips_are_offered_first_then_the_newest_graded_ones(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:

        def work(tx):
            for number in range(1, OFFERED + 6):
                post_slip(tx, GUILD, ADA, SLIP._replace(id=number), UNITS)
            before = [id_ for _, id_ in named_slips(tx, GUILD)]
            for number in range(3, OFFERED + 4):
                grade_slip(tx, GUILD, number, BetOutcome.WIN, OLGA)
            return before, [id_ for _, id_ in named_slips(tx, GUILD)], [id_ for _, id_ in named_slips(tx, GUILD, ADA)]

        before, after, own = await store.write(work)
        assert before == list(range(1, OFFERED + 1))
        assert after == [1, 2, OFFERED + 4, OFFERED + 5, *range(OFFERED + 3, 7, -1)]
        assert own == [1, 2, OFFERED + 4, OFFERED + 5]
