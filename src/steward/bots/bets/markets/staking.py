"""Stakes in markets: taken from the wallet in the transaction that keeps them, and given back until it closes."""

from __future__ import annotations

from steward.bots.bets.care.limits import require_may_bet
from steward.bots.bets.errors import BetsError
from steward.bots.bets.ledger.accounts import Account, escrow, find_wallet, pool, wallet
from steward.bots.bets.ledger.amounts import read_points
from steward.bots.bets.ledger.posting import Movement, NotEnough, post
from steward.bots.bets.ledger.seasons import payee, seasons_over
from steward.bots.bets.ledger.wallets import NO_WALLET, require_house, too_little
from steward.bots.bets.markets.former_members import formerly_made
from steward.bots.bets.markets.market import MarketOutcome, MarketStatus, MemberMarket, exposure, returned_by
from steward.bots.bets.markets.rows import locked, open_stakes
from steward.bots.bets.placing.guild_limits import require_within_guild
from steward.bots.bets.section import BetsSection
from steward.store import Transaction

CLOSED = BetsError("This market is closed: no more bets.", remedy="`/market list` shows those that are open.")
PAST = BetsError("People bet in this market in a season that has ended: no more bets.", remedy="Make a new one.")
OWN = BetsError("That's your market, so you can't bet in it.", remedy="`/market list` shows those of others.")


def require_may_stake(tx: Transaction, market: MemberMarket, user_id: int) -> None:
    """
    Refuse whoever made the market, also if they were forgotten since, and everybody once it is closed.

    Raises:
        BetsError: they can't bet in it.

    """
    if market.creator_id == user_id or formerly_made(tx, market, user_id):
        raise OWN
    if market.status is not MarketStatus.OPEN or tx.now_ms >= market.closes_ms:
        raise CLOSED


def stake(
    tx: Transaction, guild_id: int, user_id: int, market_id: int, number: int, typed: str, section: BetsSection, *,
    stake_id: int, press: int,
) -> tuple[MarketOutcome, int]:  # fmt: skip
    """
    Take a stake on an outcome, and return the outcome and the stake; a form sent twice finds the first.

    Args:
        typed: the amount, as the member typed it.
        stake_id: a number of its own, of Discord's: that of the interaction.
        press: what opened the form.

    Raises:
        BetsError: the market takes no stake of theirs, or their own limits or a break don't, or they lack it, or the
            house would risk too much.
        OverLimit: it is more than the guild takes.

    """
    require_house(section)
    market = locked(tx, market_id, guild_id)
    before = tx.one(
        "SELECT outcome, stake FROM bet_market_stakes WHERE guild_id = ? AND user_id = ? AND press = ?",
        (guild_id, user_id, press),
    )
    if before is not None:
        return market.outcome(before["outcome"]), before["stake"]
    require_may_stake(tx, market, user_id)
    if ended_season(tx, market) is not None:  # else who bets now could win what is worth nothing any more
        raise PAST
    outcome = market.outcome(number)
    own = find_wallet(tx, guild_id, user_id)
    if own is None:
        raise NO_WALLET
    amount = read_points(typed, own.balance)
    require_may_bet(tx, guild_id, user_id, amount, section)
    returned = returned_by(outcome.odds, amount)
    if market.has_odds:
        _require_exposure(market, outcome, amount, returned, section)
    require_within_guild(tx, guild_id, user_id, amount, returned, section)
    tx.execute(
        "INSERT INTO bet_market_stakes (id, guild_id, market, outcome, user_id, press, stake, returned, placed_at,"
        " changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (stake_id, guild_id, market_id, number, user_id, press, amount, returned, tx.now_ms, tx.now_ms),
    )
    entries = {wallet(user_id): -amount, holder(market, stake_id): amount}
    try:
        post(tx, guild_id, [Movement(_key(stake_id), "market_bet", entries, user_id)])
    except NotEnough as lacking:
        raise too_little(lacking, section) from lacking
    return outcome, amount


def take_back(tx: Transaction, guild_id: int, user_id: int, market_id: int) -> int:
    """
    Give a member all their stakes in an open market back, see `payee`, and return how much that is.

    Raises:
        BetsError: they have none, or it is closed.

    """
    market = locked(tx, market_id, guild_id)
    if market.status is not MarketStatus.OPEN or tx.now_ms >= market.closes_ms:
        raise BetsError("This market is closed: your stake stays in it.")
    own = open_stakes(tx, market_id, user_id)
    if not own:
        raise BetsError("You have no stake in this market.")
    ended = ended_season(tx, market)
    tx.execute(
        "UPDATE bet_market_stakes SET status = 'cancelled', changed_at = ?"
        " WHERE market = ? AND user_id = ? AND status = 'open'",
        (tx.now_ms, market_id, user_id),
    )
    owner = payee(user_id, ended)
    movements = [
        Movement(
            f"market:{one.id}:back", "market_bet_back", {holder(market, one.id): -one.stake, owner: one.stake}, user_id
        )
        for one in own
    ]
    post(tx, guild_id, movements)
    return sum(one.stake for one in own)


def ended_season(tx: Transaction, market: MemberMarket) -> int | None:
    """Return the season in which all stakes of a market were placed, if that has ended."""
    first = tx.value("SELECT MIN(id) FROM bet_market_stakes WHERE market = ? AND status = 'open'", (market.id,))
    return None if first is None else seasons_over(tx, market.guild_id, [_key(first)]).get(_key(first))


def _key(stake_id: int) -> str:
    return f"market:{stake_id}:stake"


def holder(market: MemberMarket, stake_id: int) -> Account:
    """Return the account that holds a stake until it is settled: the market's pool, or an escrow of its own."""
    return escrow(stake_id) if market.has_odds else pool(market.id)


def _require_exposure(
    market: MemberMarket, outcome: MarketOutcome, amount: int, returned: int, section: BetsSection
) -> None:
    """Refuse a stake by which the house could lose more than the guild allows on one market."""
    after = [
        one._replace(staked=one.staked + amount, returned=one.returned + returned) if one == outcome else one
        for one in market.outcomes
    ]
    if exposure(after) > max(section.market_exposure, exposure(market.outcomes)):
        most = section.points(section.market_exposure)
        raise BetsError(f"The house risks at most {most} on one market.", remedy="Try a smaller stake.")
