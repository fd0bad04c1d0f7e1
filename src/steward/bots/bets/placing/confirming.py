"""From a slip to a bet: all that is checked when a member confirms, in one unit of work; and back, until it locks."""

from __future__ import annotations

from functools import partial

from steward.bots.bets.care.limits import require_may_bet
from steward.bots.bets.errors import BetsError
from steward.bots.bets.fixtures.games import listed_games
from steward.bots.bets.ledger.accounts import find_wallet, wallet
from steward.bots.bets.ledger.amounts import read_points
from steward.bots.bets.ledger.posting import NotEnough
from steward.bots.bets.ledger.wallets import NO_WALLET, too_little
from steward.bots.bets.odds.prices import most_returned
from steward.bots.bets.placing.bets import Bet, BetGone, BetLeg, BetStatus, cancel, find_bets, place
from steward.bots.bets.placing.guild_limits import require_within_guild
from steward.bots.bets.placing.preferences import preferences_of
from steward.bots.bets.placing.quoting import LegNow, legs_now, why_kept, why_not_cancelled
from steward.bots.bets.section import MOST_POINTS, BetsMode, BetsSection
from steward.bots.bets.slips.checks import BetLimits, MarketLocked, require_within
from steward.bots.bets.slips.kept import PARLAYS
from steward.bots.bets.slips.parlays import require_parlay
from steward.bots.bets.slips.quotes import PriceMove, price_move
from steward.bots.bets.slips.slip import BetSlip
from steward.bots.bets.slips.stakes import read_units
from steward.bots.bets.views.games import versus
from steward.client.panels.drafts import Drafts
from steward.errors import StewardError
from steward.store import Transaction, marks


def read_stake(tx: Transaction, guild_id: int, user_id: int, typed: str, section: BetsSection) -> int:
    """
    Return the stake that a member typed: points, or in units mode hundredths of a unit.

    Raises:
        BetsError: it is none.

    """
    if section.mode is BetsMode.UNITS:
        return read_units(typed)
    return read_points(typed, max(0, _balance(tx, guild_id, user_id)))


def require_stake(tx: Transaction, guild_id: int, user_id: int, slip: BetSlip, section: BetsSection) -> None:
    """
    Refuse a slip whose stake the guild doesn't take, or the member doesn't have or doesn't allow themselves.

    Raises:
        OverLimit, BetsError: why.

    """
    require_may_bet(tx, guild_id, user_id, slip.stake, section)
    _require_within(tx, guild_id, user_id, slip, section, slip.returned)
    if section.mode is BetsMode.HOUSE:
        balance = _balance(tx, guild_id, user_id)
        if balance < slip.stake:
            raise too_little(NotEnough(wallet(user_id), balance, slip.stake), section)


def _balance(tx: Transaction, guild_id: int, user_id: int) -> int:
    """Return what is in a member's wallet; refuse who has none."""
    own = find_wallet(tx, guild_id, user_id)
    if own is None:
        raise NO_WALLET
    return own.balance


def place_slip(
    tx: Transaction, guild_id: int, user_id: int, slip: BetSlip, section: BetsSection, kept: Drafts[BetSlip]
) -> Bet | BetSlip:
    """
    Place the bet of a slip, or return a fresh slip if a price moved so that the member has to see it.

    A slip places one bet, however often it is confirmed and by however many processes: it finds the bet of then.

    Args:
        kept: where the slip is, from which it is taken.

    Raises:
        BetsError, MarketLocked, OverLimit, BadParlay: why no bet is taken.

    """
    try:
        legs = _legs_to_place(tx, guild_id, user_id, slip, section, kept)
    except StewardError:
        placed = bet_of_slip(tx, guild_id, user_id, slip.id)
        if placed is None:
            raise
        return placed
    if isinstance(legs, BetSlip):
        return bet_of_slip(tx, guild_id, user_id, slip.id) or legs
    try:
        bet, is_new = place(tx, guild_id, user_id, slip.stake, legs, mode=section.mode, key=_key(slip.id))
    except NotEnough as lacking:
        raise too_little(lacking, section) from lacking
    if is_new:
        kept.drop(tx, guild_id, user_id)
    return bet


def _legs_to_place(
    tx: Transaction, guild_id: int, user_id: int, slip: BetSlip, section: BetsSection, kept: Drafts[BetSlip]
) -> list[BetLeg] | BetSlip:
    """Check all but what is in the wallet; return the legs at their prices, or a slip that the member has to see."""
    require_may_bet(tx, guild_id, user_id, slip.stake, section)
    if slip.mode is not section.mode:
        raise BetsError("How this server bets has changed since.", remedy="Set your stake again.")
    if not slip.stake:
        raise BetsError("There's no stake yet.", remedy="Set one first.")
    now = legs_now(tx, slip.legs)
    if len(now) < len(slip.legs):
        raise BetsError("A game on this slip isn't listed any more.", remedy="Begin a new slip.")
    for one in now:
        if one.closed:
            raise MarketLocked(f"{one.title}: {one.closed}")
    if kept is PARLAYS:
        require_parlay([one.on_slip for one in now], section.parlays)
    if _must_be_seen(tx, guild_id, user_id, slip, now):
        return slip.quoted(tuple(one.leg.at(one.quote) for one in now), tx.now_ms)
    legs = [BetLeg(one.game.id, one.leg.pick, one.quote.odds, one.game.starts_ms) for one in now]
    _require_within(tx, guild_id, user_id, slip, section, most_returned(slip.stake, (leg.odds for leg in legs)))
    return legs


def bet_of_slip(tx: Transaction, guild_id: int, user_id: int, slip_id: int) -> Bet | None:
    """Return the bet that a member placed by a slip."""
    sql = "SELECT id FROM bet_bets WHERE guild_id = ? AND place_key = ? AND user_id = ?"
    number = tx.value(sql, (guild_id, _key(slip_id), user_id))
    return None if number is None else find_bets(tx, [number])[number]


def cancel_until_lock(tx: Transaction, guild_id: int, user_id: int, number: int, section: BetsSection) -> Bet:
    """
    Cancel a bet before any of its games begins, and return it; one that was cancelled is returned as it is.

    Raises:
        BetGone: it isn't theirs, or was settled.
        MarketLocked: a game of it is locked, or the guild's time for it is over.

    """
    bet = cancellable(tx, guild_id, user_id, number, section)
    return bet if bet.status is BetStatus.CANCELLED else cancel(tx, guild_id, user_id, number)


def cancellable(tx: Transaction, guild_id: int, user_id: int, number: int, section: BetsSection) -> Bet:
    """
    Return a bet that can be cancelled, or is.

    Raises:
        BetGone: it isn't theirs, or was settled.
        MarketLocked: a game of it is locked, or the guild's time for it is over.

    """
    bet = find_bets(tx, [number]).get(number)
    if bet is None or (bet.guild_id, bet.user_id) != (guild_id, user_id):
        raise BetGone("That's no bet of yours.")
    if bet.status is BetStatus.CANCELLED:
        return bet
    if bet.status is BetStatus.SETTLED:
        raise BetGone("That bet is settled already.")
    for listed in listed_games(tx, {leg.game for leg in bet.legs}).values():
        if why := why_not_cancelled(tx, listed):
            raise MarketLocked(f"It's too late to cancel. {versus(listed.game)}: {why}")
    if why := why_kept(tx, bet.placed_ms, section):
        raise MarketLocked(f"It's too late to cancel. {why}")
    return bet


def _must_be_seen(tx: Transaction, guild_id: int, user_id: int, slip: BetSlip, now: list[LegNow]) -> bool:
    """Whether a price moved so that the member is to confirm it."""
    if all(one.quote == one.leg.quote for one in now):
        return False  # as nearly always, and what the member prefers needn't be read
    takes_better = preferences_of(tx, guild_id, user_id).takes_better
    age = (tx.now_ms - slip.quoted_ms) // 1000
    moves = (price_move(one.leg.quote, one.quote, age_seconds=age, takes_better=takes_better) for one in now)
    return PriceMove.RECONFIRM in moves


def _require_within(
    tx: Transaction, guild_id: int, user_id: int, slip: BetSlip, section: BetsSection, returned: int
) -> None:
    if section.mode is BetsMode.UNITS:
        shown = partial(section.amount, mode=section.mode)
        require_within(BetLimits(returned=MOST_POINTS), slip.stake, returned, shown=shown)
        return
    on_game = _most_on_a_game(tx, guild_id, user_id, slip) if section.game_limit else 0
    require_within_guild(tx, guild_id, user_id, slip.stake, returned, section, on_game=on_game)


def _most_on_a_game(tx: Transaction, guild_id: int, user_id: int, slip: BetSlip) -> int:
    """Return the most that a member has on one of the games of a slip."""
    games = sorted({leg.game for leg in slip.legs})
    rows = tx.all(
        "SELECT f.game, SUM(f.stake) FROM (SELECT DISTINCT b.id, b.stake, l.game FROM bet_bets b"  # noqa: S608 - ours
        " JOIN bet_legs l ON l.bet = b.id WHERE b.guild_id = ? AND b.user_id = ? AND b.mode = 'house'"
        f" AND b.status <> 'cancelled' AND l.game IN ({marks(games)})) f GROUP BY f.game",
        (guild_id, user_id, *games),
    )
    return max((int(stakes) for _, stakes in rows), default=0)


def _key(slip_id: int) -> str:
    return f"slip:{slip_id}"
