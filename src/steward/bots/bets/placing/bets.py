"""Placed bets as rows: written together with the ledger entries that pay for them, once for each press."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import NamedTuple

from steward.bots.bets.boards.board_changes import bets_changed
from steward.bots.bets.errors import BetsError
from steward.bots.bets.fixtures.market_prices import LONGEST_TEXT
from steward.bots.bets.grading.grades import BetGrade, BetOutcome
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.ledger.accounts import RETIRED, escrow, wallet
from steward.bots.bets.ledger.posting import Movement, post
from steward.bots.bets.ledger.seasons import payee, seasons_over
from steward.bots.bets.odds.prices import Odds, most_returned
from steward.bots.bets.section import BetsMode
from steward.store import Transaction, chunks, marks


class BetStatus(StrEnum):
    """Where a bet is in its life."""

    OPEN = "open"
    SETTLED = "settled"
    CANCELLED = "cancelled"


class BetLeg(NamedTuple):
    """
    A leg of a bet.

    Attributes:
        game: our own id of it.
        odds: as taken.
        listed_ms: the game's start when the bet was placed, from which its void window counts.
        version: the number of the guild's grading that it is graded by; 0 while it is open, -1 where it is void since
            its game wasn't played in time, or nobody told how it ended.

    """

    game: int
    pick: BetPick
    odds: Odds
    listed_ms: int
    version: int = 0
    grade: BetGrade | None = None


class Bet(NamedTuple):
    """
    A bet.

    Attributes:
        user_id: None for somebody forgotten.
        stake, returned, payout: points, or in units mode hundredths of a unit; `returned` if all legs win.
        settlements: how often it was settled.
        changed_ms: when it was placed, settled or cancelled last.
        closing_bps: its closing line value in basis points; None where none is known, as before it was settled.

    """

    id: int
    guild_id: int
    user_id: int | None
    mode: BetsMode
    stake: int
    returned: int
    status: BetStatus
    outcome: BetOutcome | None
    payout: int | None
    settlements: int
    placed_ms: int
    changed_ms: int
    legs: tuple[BetLeg, ...]
    closing_bps: int | None = None


class BetGone(BetsError):
    """A bet that isn't open any more, or isn't the member's."""


_OWN_OPEN = "guild_id = ? AND user_id = ? AND status = 'open'"
_COLUMNS = (
    "id, guild_id, user_id, mode, stake, returned, status, outcome, payout, settlements, placed_at, changed_at,"
    " closing_bps"
)
_LEG_COLUMNS = (
    "bet, game, market, selection, line, period, subject, numerator, denominator, received, listed_at, version,"
    " outcome, won, back, parts"
)


def place(
    tx: Transaction, guild_id: int, user_id: int, stake: int, legs: Sequence[BetLeg], *, mode: BetsMode, key: str
) -> tuple[Bet, bool]:
    """
    Keep a bet and take its stake, and return it and whether it is new: a key that was used finds the bet of then.

    What may be bet on, and how much, is the caller's to check, in the same unit of work.

    Args:
        key: of the press, unique in the guild.

    Raises:
        NotEnough: the wallet lacks the stake.

    """
    now_ms, returned = tx.now_ms, most_returned(stake, (leg.odds for leg in legs))
    values = {
        "guild_id": guild_id,
        "user_id": user_id,
        "place_key": key,
        "mode": mode.value,
        "stake": stake,
        "returned": returned,
        "placed_at": now_ms,
        "changed_at": now_ms,
    }
    number = tx.insert_numbered("bet_bets", values)
    if number is None:
        placed: int = tx.value("SELECT id FROM bet_bets WHERE guild_id = ? AND place_key = ?", (guild_id, key))
        return find_bets(tx, [placed])[placed], False
    tx.executemany(
        "INSERT INTO bet_legs (bet, number, game, market, period, selection, line, subject, numerator, denominator,"
        " received, listed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (number, place, game, pick.market, pick.period, pick.selection, pick.line, pick.subject,
             *odds.ratio, odds.text[:LONGEST_TEXT], listed_ms)
            for place, (game, pick, odds, listed_ms, *_) in enumerate(legs, 1)
        ],
    )  # fmt: skip
    if mode is BetsMode.HOUSE:
        entries = {wallet(user_id): -stake, escrow(number): stake}
        post(tx, guild_id, [Movement(_key(number), "bet", entries, user_id)])
    bets_changed(tx, guild_id, {leg.game for leg in legs})
    head = (number, guild_id, user_id, mode, stake, returned, BetStatus.OPEN)
    return Bet(*head, None, None, 0, now_ms, now_ms, tuple(legs)), True


def cancel(tx: Transaction, guild_id: int, user_id: int, number: int) -> Bet:
    """
    Cancel an open bet of a member and give the stake back, see `payee`; whether it has locked is the caller's to check.

    Raises:
        BetGone: it isn't theirs, or isn't open any more.

    """
    sql = f"UPDATE bet_bets SET status = 'cancelled', changed_at = ? WHERE id = ? AND {_OWN_OPEN}"  # noqa: S608 - ours
    if not tx.execute(sql, (tx.now_ms, number, guild_id, user_id)):
        raise BetGone("That bet isn't open any more.")
    bet = find_bets(tx, [number])[number]
    if bet.mode is BetsMode.HOUSE:
        entries = {escrow(number): -bet.stake, payee(user_id, ended_season(tx, bet)): bet.stake}
        post(tx, guild_id, [Movement(f"cancel:{number}", "cancel", entries, user_id)])
    bets_changed(tx, guild_id, {leg.game for leg in bet.legs})
    return bet


def forget_bets(tx: Transaction, guild_id: int, user_id: int) -> None:
    """Take the stakes of a member's open bets out of circulation, and their id out of all of them."""
    rows = tx.all(f"SELECT id, mode, stake FROM bet_bets WHERE {_OWN_OPEN}", (guild_id, user_id))  # noqa: S608 - ours
    cancelled = f"UPDATE bet_bets SET status = 'cancelled', changed_at = ? WHERE {_OWN_OPEN}"  # noqa: S608 - ours
    tx.execute(cancelled, (tx.now_ms, guild_id, user_id))
    movements = [
        Movement(f"cancel:{number}", "cancel", {escrow(number): -stake, RETIRED: stake})
        for number, mode, stake in rows
        if mode == BetsMode.HOUSE
    ]
    if movements:
        post(tx, guild_id, movements)
    tx.execute("UPDATE bet_bets SET user_id = NULL WHERE guild_id = ? AND user_id = ?", (guild_id, user_id))


def ended_season(tx: Transaction, bet: Bet) -> int | None:
    """Return the season in which a bet was paid for, if that has ended."""
    return ended_seasons(tx, bet.guild_id, [bet]).get(bet.id)


def ended_seasons(tx: Transaction, guild_id: int, bets: Collection[Bet]) -> dict[int, int]:
    """Return the seasons in which bets of a guild were paid for, by bet; of those only that have ended."""
    keys = {_key(bet.id): bet.id for bet in bets if bet.mode is BetsMode.HOUSE}
    return {keys[key]: number for key, number in seasons_over(tx, guild_id, keys).items()}


def _key(number: int) -> str:
    return f"place:{number}"


def open_with_points(tx: Transaction, guild_id: int) -> tuple[int, int]:
    """Return how many bets and how many stakes in markets of a guild are open with play money."""
    bets = tx.value(
        "SELECT COUNT(*) FROM bet_bets WHERE guild_id = ? AND mode = 'house' AND status = 'open'", (guild_id,)
    )
    stakes = tx.value(
        "SELECT COUNT(*) FROM bet_market_stakes s JOIN bet_markets m ON m.id = s.market"
        " WHERE m.guild_id = ? AND m.status <> 'settled' AND s.status = 'open'",
        (guild_id,),
    )
    return int(bets), int(stakes)


def find_bets(tx: Transaction, numbers: Collection[int]) -> dict[int, Bet]:
    """Return bets with their legs, by their number."""
    legs: dict[int, list[BetLeg]] = {number: [] for number in numbers}
    found = {}
    for some in chunks(sorted(numbers)):
        rows = tx.all(f"SELECT {_LEG_COLUMNS} FROM bet_legs WHERE bet IN ({marks(some)}) ORDER BY bet, number", some)  # noqa: S608
        for row in rows:
            legs[row[0]].append(_leg(*tuple(row)[1:]))
        for row in tx.all(f"SELECT {_COLUMNS} FROM bet_bets WHERE id IN ({marks(some)})", some):  # noqa: S608
            found[row["id"]] = _bet(tuple(legs[row["id"]]), *row)
    return found


def _bet(
    legs: tuple[BetLeg, ...], number: int, guild_id: int, user_id: int | None, mode: str, stake: int, returned: int,
    status: str, outcome: str | None, payout: int | None, settlements: int, placed_ms: int, changed_ms: int,
    closing_bps: int | None,
) -> Bet:  # fmt: skip
    ended = None if outcome is None else BetOutcome(outcome)
    head = (number, guild_id, user_id, BetsMode(mode), stake, returned, BetStatus(status))
    return Bet(*head, ended, payout, settlements, placed_ms, changed_ms, legs, closing_bps)


def _leg(
    game: int, market: str, selection: str, line: int | None, period: str, subject: str, numerator: int,
    denominator: int, received: str, listed_ms: int, version: int, outcome: str | None, won: int, back: int, parts: int,
) -> BetLeg:  # fmt: skip
    grade = None if outcome is None else BetGrade(BetOutcome(outcome), won, back, parts)
    pick = BetPick(market, selection, line, period, subject)
    return BetLeg(game, pick, Odds(numerator, denominator, received), listed_ms, version, grade)
