"""A slip places one bet, and a bet is cancelled or settled, on each engine."""

import asyncio

import pytest

from steward.bots.bets.boards.own_bets import own_bets
from steward.bots.bets.errors import BetsError
from steward.bots.bets.ledger.accounts import BOOK, escrow, wallet
from steward.bots.bets.ledger.posting import Movement, post
from steward.bots.bets.placing.bets import BetGone
from steward.bots.bets.placing.confirming import bet_of_slip, cancel_until_lock, place_slip
from steward.bots.bets.section import BetsSection
from steward.bots.bets.slips.checks import MarketLocked
from steward.bots.bets.slips.kept import PARLAYS, SLIPS
from steward.bots.bets.slips.parlays import BadParlay
from steward.client.panels.drafts import HeldDraft
from tests.bots.bets.fixtures.kept import HOUR, MINUTE, keeping
from tests.bots.bets.ledger.book import ADA, BEN, GUILD, balances, flaws
from tests.bots.bets.placing.slips import derby, granted, on_home

SLIP = 1457523997540352002


async def test_a_slip_that_is_confirmed_many_times_at_once_places_one_bet_and_is_gone(clock, database):
    async with keeping(clock, database) as kept:
        slip = on_home((await derby(kept)).id, SLIP, kept.now)
        await kept.write(granted, 150)
        await kept.write(SLIPS.put, GUILD, ADA, HeldDraft(slip))
        confirm = [kept.write(place_slip, GUILD, ADA, slip, BetsSection(), SLIPS) for _ in range(8)]
        first, *others = await asyncio.gather(*confirm)
        assert others == [first] * 7
        assert await kept.read(SLIPS.get, GUILD, ADA) is None
        assert await kept.read(bet_of_slip, GUILD, BEN, SLIP) is None, "another finds no bet by it"
        with pytest.raises(BetsError, match="You have 50 points, and this takes 100"):
            await kept.write(place_slip, GUILD, ADA, on_home(first.legs[0].game, 7, kept.now), BetsSection(), SLIPS)
        assert (await kept.read(balances))[wallet(ADA)] == 50
        assert await kept.read(flaws) == []


def settled(tx, number):
    """Settle a bet as won, unless it isn't open any more."""
    if not tx.execute("UPDATE bet_bets SET status = 'settled' WHERE id = ? AND status = 'open'", (number,)):
        return False
    entries = {escrow(number): -100, BOOK: -110, wallet(ADA): 210}
    post(tx, GUILD, [Movement(f"settle:{number}:1", "settle", entries)])
    return True


@pytest.mark.parametrize("cancels_first", [True, False])
async def test_a_cancel_that_races_a_settlement_gives_refund_or_payout(clock, database, cancels_first):
    async with keeping(clock, database) as kept:
        slip = on_home((await derby(kept)).id, SLIP, kept.now)
        await kept.write(granted, 100)
        bet = await kept.write(place_slip, GUILD, ADA, slip, BetsSection(), SLIPS)
        race = [kept.write(cancel_until_lock, GUILD, ADA, bet.id, BetsSection()), kept.write(settled, bet.id)]
        done = await asyncio.gather(*race if cancels_first else reversed(race), return_exceptions=True)
        if cancels_first:
            assert done[1] is False
        else:
            assert isinstance(done[1], BetGone)
        assert (await kept.read(balances))[wallet(ADA)] == (100 if cancels_first else 210)
        assert await kept.read(flaws) == []


async def test_a_bet_is_cancelled_while_the_start_is_ahead_however_long_feeds_are_silent(clock, tmp_path):
    async with keeping(clock, f"sqlite:///{tmp_path}/db") as kept:
        slip = on_home((await derby(kept)).id, SLIP, kept.now)
        await kept.write(granted, 100)
        bet = await kept.write(place_slip, GUILD, ADA, slip, BetsSection(), SLIPS)
        kept.pass_by(23 * HOUR)
        with pytest.raises(MarketLocked, match="paused"):
            await kept.write(place_slip, GUILD, ADA, on_home(slip.legs[0].game, 7, kept.now), BetsSection(), SLIPS)
        assert (await kept.read(own_bets, GUILD, ADA, 0, BetsSection(), is_open=True)).unlocked == {bet.id}
        assert (await kept.write(cancel_until_lock, GUILD, ADA, bet.id, BetsSection())).status == "cancelled"
        assert (await kept.read(balances))[wallet(ADA)] == 100


async def test_a_server_may_end_cancelling_before_the_game_locks_and_never_allows_it_after(clock, tmp_path):
    section = BetsSection(cancel_minutes=15)
    async with keeping(clock, f"sqlite:///{tmp_path}/db") as kept:
        await kept.write(granted, 300)
        games = [(await derby(kept)).id]

        async def confirmed(number):
            slip = on_home(games[0], SLIP + number, kept.now)
            return await kept.write(place_slip, GUILD, ADA, slip, section, SLIPS)

        first, second = await confirmed(0), await confirmed(1)
        kept.pass_by(15 * MINUTE - 1)
        assert (await kept.read(own_bets, GUILD, ADA, 0, section, is_open=True)).unlocked == {first.id, second.id}
        assert (await kept.write(cancel_until_lock, GUILD, ADA, first.id, section)).status == "cancelled"
        kept.pass_by(1)
        assert (await kept.read(own_bets, GUILD, ADA, 0, section, is_open=True)).unlocked == frozenset()
        with pytest.raises(MarketLocked, match="In this server a bet can be cancelled for 15 minutes"):
            await kept.write(cancel_until_lock, GUILD, ADA, second.id, section)
        assert (await kept.write(cancel_until_lock, GUILD, ADA, first.id, section)).status == "cancelled", "as before"
        kept.pass_by(24 * HOUR)
        with pytest.raises(MarketLocked, match="it has started"):
            await kept.write(cancel_until_lock, GUILD, ADA, second.id, BetsSection(cancel_minutes=10_000))


async def test_no_bet_is_taken_on_a_game_whose_result_is_told_and_none_given_back_once_it_has_begun(clock, tmp_path):
    async with keeping(clock, f"sqlite:///{tmp_path}/db") as kept:
        game = (await derby(kept)).id
        await kept.write(granted, 200)
        bet = await kept.write(place_slip, GUILD, ADA, on_home(game, SLIP, kept.now), BetsSection(), SLIPS)
        await kept.write(lambda tx: tx.execute("UPDATE bet_games SET began_at = ? WHERE id = ?", (kept.now, game)))
        with pytest.raises(MarketLocked, match="has begun"):  # broken off, to be played on another day
            await kept.write(cancel_until_lock, GUILD, ADA, bet.id, BetsSection())
        await kept.write(lambda tx: tx.execute("UPDATE bet_games SET stage = 'waiting' WHERE id = ?", (game,)))
        with pytest.raises(MarketLocked, match="told already"):
            await kept.write(place_slip, GUILD, ADA, on_home(game, 7, kept.now), BetsSection(), SLIPS)


async def test_a_parlay_of_one_leg_is_none(clock, tmp_path):
    async with keeping(clock, f"sqlite:///{tmp_path}/db") as kept:
        slip = on_home((await derby(kept)).id, SLIP, kept.now)
        await kept.write(granted, 100)
        with pytest.raises(BadParlay, match="2 to 10"):
            await kept.write(place_slip, GUILD, ADA, slip, BetsSection(), PARLAYS)
