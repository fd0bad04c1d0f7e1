"""Compare what members know and reckon of a demo's bets with what the bot stores, and audit its ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from steward.bots.bets.grading.grades import BetOutcome
from steward.bots.bets.ledger.accounts import find_wallet
from steward.bots.bets.ledger.audit import Audited, audit
from steward.bots.bets.placing.bets import Bet, find_bets
from steward.cli.demo.bets.bet_figures import BetFigures
from steward.cli.demo.bets.bettors import Bettors, ConfirmedBet
from steward.cli.demo.event_figures import tally
from steward.store import Store, Transaction

UNSETTLED = -1
"""What a bet or a share pays that isn't settled yet."""


class StoredBets(NamedTuple):
    """
    What the bot's database says of some members, and the audit of its whole ledger.

    Attributes:
        shares: who, the stake in a market, and what it paid.
        balances: of their wallets.

    """

    bets: list[Bet]
    shares: Counter[tuple[int, int, int]]
    balances: dict[int, int]
    audited: Audited


async def bet_figures(store: Store, guild_id: int, bettors: Bettors, failed: Iterable[str]) -> BetFigures:
    """Compare what members know and reckon with the database; all games that they bet on must be over."""
    members = list(bettors.claimed)
    kept = await stored_bets(store, guild_id, members)
    bets, market = bettors.bets, bettors.market
    shares = (
        [] if market is None else [(user, stake, market.payout(user)) for user, (_, stake) in market.stakes.items()]
    )
    reckoned = Counter(bettors.claimed)
    for user, stake, payout in [*((bet.user_id, bet.stake, bet.payout()) for bet in bets), *shares]:
        reckoned[user] += payout - stake
    return BetFigures(
        placed=tally(Counter(map(_confirmed, bets)), Counter(map(_stored, kept.bets))),
        parlays=sum(len(bet.legs) > 1 for bet in bets),
        asked_again=bettors.asked_again,
        settled=tally(
            Counter((_confirmed(bet), bet.payout()) for bet in bets),
            Counter((_stored(bet), UNSETTLED if bet.payout is None else bet.payout) for bet in kept.bets),
        ),
        refunded=tally(
            Counter(_confirmed(bet) for bet in bets if all(leg.game.put_off_to is not None for leg in bet.legs)),
            Counter(_stored(bet) for bet in kept.bets if bet.outcome is BetOutcome.VOID),
        ),
        corrected=tally(
            Counter(_confirmed(bet) for bet in bets if bet.payout(0) != bet.payout()),
            Counter(_stored(bet) for bet in kept.bets for _ in range(bet.settlements - 1)),
        ),
        market=tally(Counter(shares), kept.shares),
        posts=tally(_due_posts(bets), _posts(bettors)),
        wallets=tally(Counter(reckoned.items()), Counter(kept.balances.items())),
        staked=sum(bet.stake for bet in bets) + sum(stake for _, stake, _ in shares),
        paid=sum(bet.payout or 0 for bet in kept.bets) + sum(max(0, paid) for *_, paid in kept.shares.elements()),
        transactions=kept.audited.transactions,
        entries=kept.audited.entries,
        flaws=kept.audited.found,
        failed=tuple(failed),
    )


async def stored_bets(store: Store, guild_id: int, members: list[int]) -> StoredBets:
    """Read what the database says of members, and audit the whole ledger."""

    def read(tx: Transaction) -> StoredBets:
        numbers = [number for (number,) in tx.all("SELECT id FROM bet_bets WHERE guild_id = ?", (guild_id,))]
        bets = [bet for bet in find_bets(tx, numbers).values() if bet.user_id in members]
        sql = "SELECT user_id, stake, COALESCE(payout, ?) FROM bet_market_stakes WHERE guild_id = ?"
        rows = map(tuple, tx.all(f"{sql} AND status <> 'cancelled'", (UNSETTLED, guild_id)))
        shares = Counter((user, stake, paid) for user, stake, paid in rows if user in members)
        wallets = {user: find_wallet(tx, guild_id, user) for user in members}
        balances = {user: found.balance for user, found in wallets.items() if found is not None}
        return StoredBets(bets, shares, balances, audit(tx))

    return await store.read(read)


def _confirmed(bet: ConfirmedBet) -> tuple[int | None, int, int]:
    return bet.user_id, bet.stake, bet.returns


def _stored(bet: Bet) -> tuple[int | None, int, int]:
    return bet.user_id, bet.stake, bet.returned


def _due_posts(bets: Iterable[ConfirmedBet]) -> Counter[str]:
    """Return what is to be told of the games that were bet on, by title."""
    games = {leg.game for bet in bets for leg in bet.legs}
    return Counter(title for game in games for title in game.titles)


def _posts(bettors: Bettors) -> Counter[str]:
    """Count what is told of games in the hall, by title."""
    titles = (message.embeds[0]["title"] for message in bettors.hall.messages if message.embeds)
    return Counter(title for title in titles if " v " in title)
