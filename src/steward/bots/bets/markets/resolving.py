"""
How a market ends: somebody proposes an answer, a second person confirms it, bettors may object, and it is paid once.

Whoever's turn it is has two days; after that everybody is refunded, so no market hangs.
"""

from __future__ import annotations

from collections import defaultdict

from steward.bots.bets.errors import BetsError
from steward.bots.bets.kinds import MARKET
from steward.bots.bets.ledger.accounts import BOOK, BREAKAGE, Account, pool
from steward.bots.bets.ledger.posting import Movement, post
from steward.bots.bets.ledger.seasons import payee
from steward.bots.bets.markets import notices
from steward.bots.bets.markets.former_members import drop_former_members, formerly_had_say
from steward.bots.bets.markets.market import (
    OBJECTIONS,
    TURN,
    VOID_ANSWER,
    MarketPayout,
    MarketStake,
    MarketStatus,
    MemberMarket,
    payout,
)
from steward.bots.bets.markets.rows import has_stake, locked, open_stakes
from steward.bots.bets.markets.staking import ended_season, holder
from steward.store import Transaction, from_millis, to_millis
from steward.store.due import due
from steward.store.due.due import DueItem

NOT_NOW = BetsError("That isn't to be done with this market now.", remedy="`/market show` says what is.")
STAKED = BetsError("You have a stake in this market.", remedy="Somebody without one has to do that.")

NO_STAKE = BetsError("Only those with a stake in this market can object.")


def happen(tx: Transaction, item: DueItem) -> None:
    """Do what is due of a market."""
    current(tx, item.number)


def current(tx: Transaction, market_id: int, guild_id: int | None = None) -> MemberMarket:
    """
    Lock a market and have happen what its deadline brings, if that has passed; return it as it is then.

    Raises:
        BetsError: the guild has no such market.

    """
    market = locked(tx, market_id, guild_id)
    if market.status is MarketStatus.SETTLED or tx.now_ms < market.deadline_ms:
        return market
    if market.status is MarketStatus.OPEN and market.staked:
        notices.closed(tx, market)
        return enter(tx, market, MarketStatus.CLOSED, None)
    agreed = market.answer if market.status is MarketStatus.CONFIRMED else None
    return settle(tx, market, agreed or VOID_ANSWER)


def propose(
    tx: Transaction, guild_id: int, user_id: int, market_id: int, answer: int, *, manages: bool
) -> MemberMarket:
    """
    Propose an answer of a closed market, or another one in place of it.

    Args:
        manages: whether the member is a bet manager.

    Raises:
        BetsError: it isn't closed, or isn't theirs to answer, or they have a stake in it.

    """
    market = current(tx, market_id, guild_id)
    if market.status is MarketStatus.OPEN:
        raise BetsError(f"It still takes bets, until <t:{market.closes_ms // 1000}:f>.", remedy="Come back then.")
    if market.status not in {MarketStatus.CLOSED, MarketStatus.PROPOSED}:
        raise NOT_NOW
    if not (manages or market.creator_id == user_id):
        raise BetsError("Only who made this market, or a bet manager, can propose what happened.")
    _require_answer(tx, market, user_id, answer)
    note_step(tx, market, "proposed", answer, user_id)
    if market.status is MarketStatus.CLOSED:
        return enter(tx, market, MarketStatus.PROPOSED, answer)
    tx.execute("UPDATE bet_markets SET answer = ? WHERE id = ?", (answer, market_id))  # its deadline stays
    return market._replace(answer=answer)


def confirm(tx: Transaction, guild_id: int, user_id: int, market_id: int, answer: int) -> MemberMarket:
    """
    Confirm what somebody else proposed; it is paid a day later.

    Raises:
        BetsError: that isn't proposed any more, or they proposed it, or have a stake in it.

    """
    market = current(tx, market_id, guild_id)
    if market.status is not MarketStatus.PROPOSED or market.answer != answer:
        raise NOT_NOW
    if _who(tx, market_id, "proposed")[-1:] == [user_id]:
        raise BetsError("You proposed it.", remedy="Somebody else without a stake has to confirm it.")
    _require_answer(tx, market, user_id, answer)
    note_step(tx, market, "confirmed", answer, user_id)
    confirmed = enter(tx, market, MarketStatus.CONFIRMED, answer)
    notices.confirmed(tx, confirmed)
    return confirmed


def object_to(tx: Transaction, guild_id: int, user_id: int, market_id: int) -> MemberMarket:
    """
    Object to what was confirmed: a bet manager decides.

    Raises:
        BetsError: it can't be objected to now, or they have no stake in it.

    """
    market = current(tx, market_id, guild_id)
    if market.status is not MarketStatus.CONFIRMED:
        raise NOT_NOW
    if not has_stake(tx, market_id, user_id):
        raise NO_STAKE
    note_step(tx, market, "objected", market.answer, user_id)
    objected = enter(tx, market, MarketStatus.OBJECTED, market.answer)
    notices.objected(tx, objected)
    return objected


def decide(tx: Transaction, guild_id: int, user_id: int, market_id: int, answer: int) -> MemberMarket:
    """
    Answer a market that was objected to, once and for all; that the member is a bet manager is the caller's to check.

    Raises:
        BetsError: nobody objected, or they had a hand in it already, or have a stake in it.

    """
    market = current(tx, market_id, guild_id)
    if market.status is not MarketStatus.OBJECTED:
        raise NOT_NOW
    had_say = {market.creator_id, *_who(tx, market_id, "proposed"), *_who(tx, market_id, "confirmed")}
    if user_id in had_say or formerly_had_say(tx, market, user_id):
        raise BetsError("You've had a say in this market already.", remedy="Another bet manager has to decide.")
    _require_answer(tx, market, user_id, answer)
    note_step(tx, market, "decided", answer, user_id)
    return settle(tx, market, answer)


def settle(tx: Transaction, market: MemberMarket, answer: int, *, voided_by: int | None = None) -> MemberMarket:
    """Pay a locked market by an answer, or refund it; once. It is told who voided it, if somebody did."""
    sql = "UPDATE bet_markets SET status = 'settled', answer = ?, deadline_at = ? WHERE id = ? AND status <> 'settled'"
    if not tx.execute(sql, (answer, tx.now_ms, market.id)):
        raise NOT_NOW
    due.forget(tx, [MARKET], market.id)
    drop_former_members(tx, market.id)
    stakes, ended = open_stakes(tx, market.id), ended_season(tx, market)
    done = payout(market, stakes, answer)
    tx.executemany(
        "UPDATE bet_market_stakes SET status = 'settled', payout = ?, changed_at = ? WHERE id = ?",
        [(paid, tx.now_ms, one.id) for one, paid in zip(stakes, done.payouts, strict=True)],
    )
    if stakes:
        owners = [payee(one.user_id, ended) for one in stakes]
        paid = _odds_paid if market.has_odds else _pool_paid
        post(tx, market.guild_id, paid(market, stakes, owners, done))
    settled = market._replace(status=MarketStatus.SETTLED, answer=answer, deadline_ms=tx.now_ms)
    notices.settled(tx, settled, is_refund=done.payouts == tuple(one.stake for one in stakes), voided_by=voided_by)
    return settled


def _pool_paid(
    market: MemberMarket, stakes: list[MarketStake], owners: list[Account], done: MarketPayout
) -> list[Movement]:
    entries: dict[Account, int] = defaultdict(int)
    for one, owner, paid in zip(stakes, owners, done.payouts, strict=True):
        entries[pool(market.id)] -= one.stake
        entries[owner] += paid
    entries[BOOK] += done.takeout
    entries[BREAKAGE] += done.breakage
    return [Movement(f"market:{market.id}:paid", "market_paid", entries)]


def _odds_paid(
    market: MemberMarket, stakes: list[MarketStake], owners: list[Account], done: MarketPayout
) -> list[Movement]:
    movements = []
    for one, owner, paid in zip(stakes, owners, done.payouts, strict=True):
        entries = {holder(market, one.id): -one.stake, BOOK: one.stake - paid, owner: paid}
        movements.append(Movement(f"market:{one.id}:paid", "market_paid", entries))
    return movements


def enter(tx: Transaction, market: MemberMarket, status: MarketStatus, answer: int | None) -> MemberMarket:
    """Put a locked market into a status, with the deadline of that."""
    until = tx.now + (OBJECTIONS if status is MarketStatus.CONFIRMED else TURN)
    tx.execute(
        "UPDATE bet_markets SET status = ?, answer = ?, deadline_at = ? WHERE id = ?",
        (status.value, answer, to_millis(until), market.id),
    )
    due.put(tx, MARKET, market.id, from_millis(to_millis(until)), guild_id=market.guild_id)
    return market._replace(status=status, answer=answer, deadline_ms=to_millis(until))


def _require_answer(tx: Transaction, market: MemberMarket, user_id: int, answer: int) -> None:
    """Refuse an answer that the market doesn't have, and one of somebody who wins or loses by it."""
    if answer != VOID_ANSWER:
        market.outcome(answer)
    if has_stake(tx, market.id, user_id):
        raise STAKED


def note_step(tx: Transaction, market: MemberMarket, step: str, answer: int | None, user_id: int) -> None:
    """Note who did what, for good."""
    number = 1 + tx.value("SELECT COUNT(*) FROM bet_market_steps WHERE market = ?", (market.id,))
    tx.execute(
        "INSERT INTO bet_market_steps (market, number, guild_id, at, step, answer, user_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (market.id, number, market.guild_id, tx.now_ms, step, answer, user_id),
    )


def _who(tx: Transaction, market_id: int, step: str) -> list[int | None]:
    """Return who took a step, in their order; None for somebody forgotten."""
    sql = "SELECT user_id FROM bet_market_steps WHERE market = ? AND step = ? ORDER BY number"
    return [user_id for (user_id,) in tx.all(sql, (market_id, step))]
