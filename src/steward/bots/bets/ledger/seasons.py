"""Seasons: one ends with what all had moved away and kept, and the next begins with the same for everybody."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Collection
from dataclasses import dataclass, replace

from steward.bots.bets.errors import BetsError
from steward.bots.bets.ledger.accounts import ISSUANCE, RETIRED, Account, account_ids, season, wallet
from steward.bots.bets.ledger.former_members import begin_anew
from steward.bots.bets.ledger.posting import find, find_all
from steward.bots.bets.ledger.standings import ranked
from steward.store import Transaction

SHOWN = 20
ASKED = 100
"""So many are looked at: of whoever has left the server nothing is shown."""


@dataclass(frozen=True, slots=True)
class SeasonPlace:
    """A place in the standings; whoever has as much has the same. A `user_id` below 0: somebody forgotten."""

    place: int
    user_id: int
    points: int


@dataclass(frozen=True, slots=True)
class Standings:
    """The first of a season, at most `ASKED`, and how many had points in all."""

    season: int
    is_over: bool
    places: tuple[SeasonPlace, ...]
    members: int


def current_season(tx: Transaction, guild_id: int) -> int:
    """Return the number of the season that is on, 1 for the first."""
    sql = "SELECT MAX(owner_id) FROM bet_accounts WHERE guild_id = ? AND kind = 'season'"
    return 1 + (tx.value(sql, (guild_id,)) or 0)


def last_close(tx: Transaction, guild_id: int) -> int:
    """Return the id of the transaction that ended the season before; 0 in the first."""
    return find(tx, guild_id, _key(current_season(tx, guild_id) - 1, "close")) or 0


def seasons_over(tx: Transaction, guild_id: int, keys: Collection[str]) -> dict[str, int]:
    """Return of transactions, by key, in which season each was made; of those in seasons that have ended only."""
    current = current_season(tx, guild_id)
    if current == 1 or not keys:
        return {}
    ends = sorted(find_all(tx, guild_id, [_key(number, "close") for number in range(1, current)]).values())
    made = find_all(tx, guild_id, keys)
    return {key: 1 + bisect(ends, number) for key, number in made.items() if number < ends[-1]}


def payee(user_id: int | None, ended: int | None) -> Account:
    """
    Return the account that a bet pays to: nobody carries points into the next season by bets open at the close.

    Args:
        user_id: of the bettor; None for somebody forgotten.
        ended: the season in which the bet was placed, if that has ended.

    """
    if ended is not None:
        return season(ended)
    return RETIRED if user_id is None else wallet(user_id)


def close_season(tx: Transaction, guild_id: int, number: int, starting_balance: int, actor_id: int) -> None:
    """
    End a season and begin the next; one that has ended already is left as it is.

    All wallets are emptied into the account of the season, debts included, in some statements however many there are.
    Stakes of open bets stay where they are; what those bets pay goes to the season in which they were placed.

    Raises:
        BetsError: that season has not begun.

    """
    current = current_season(tx, guild_id)
    if number > current:
        raise BetsError(f"Season {number} hasn't begun: this is season {current}.")
    if number < current:
        return
    begin_anew(tx, guild_id)
    ids = account_ids(tx, guild_id, [season(number), ISSUANCE])
    closing = _begin(tx, guild_id, _key(number, "close"), "season_close", actor_id)
    wallets = "bet_accounts WHERE guild_id = ? AND kind = 'wallet'"
    tx.execute(
        "INSERT INTO bet_entries (account_id, number, transaction_id, amount, balance)"  # noqa: S608 - our own names
        f" SELECT id, entries + 1, ?, -balance, 0 FROM {wallets} AND balance <> 0",
        (closing, guild_id),
    )
    tx.execute(
        "UPDATE bet_accounts SET entries = entries + 1, balance = 0"
        " WHERE guild_id = ? AND kind = 'wallet' AND balance <> 0",
        (guild_id,),
    )
    _balance(tx, closing, ids[season(number)])
    opening = _begin(tx, guild_id, _key(number + 1, "begin"), "season_begin", actor_id)
    if starting_balance:
        tx.execute(
            "INSERT INTO bet_entries (account_id, number, transaction_id, amount, balance)"  # noqa: S608
            f" SELECT id, entries + 1, ?, ?, balance + ? FROM {wallets} AND owner_id > 0",
            (opening, starting_balance, starting_balance, guild_id),
        )
        tx.execute(
            "UPDATE bet_accounts SET entries = entries + 1, balance = balance + ?"
            " WHERE guild_id = ? AND kind = 'wallet' AND owner_id > 0",
            (starting_balance, guild_id),
        )
        _balance(tx, opening, ids[ISSUANCE])


def standings(tx: Transaction, guild_id: int, number: int | None = None) -> Standings:
    """
    Return the standings of a season, as it ended or as it is now; of the present one unless said, see `shown`.

    Raises:
        BetsError: that season has not begun.

    """
    current = current_season(tx, guild_id)
    number = current if number is None else number
    if number > current:
        raise BetsError(f"Season {number} hasn't begun: this is season {current}.")
    source = "bet_accounts a WHERE a.guild_id = ? AND a.kind = 'wallet' AND a.owner_id > 0 AND a.balance <> 0"
    points, args = "a.balance", [guild_id]
    if number < current:
        source = (
            "bet_entries e JOIN bet_accounts a ON a.id = e.account_id WHERE e.transaction_id = ? AND a.kind = 'wallet'"
        )
        points, args = "-e.amount", [find(tx, guild_id, _key(number, "close")) or 0]
    rows = tx.all(
        f"SELECT a.owner_id, {points} AS points FROM {source} ORDER BY points DESC, a.id LIMIT {ASKED}",  # noqa: S608
        args,
    )
    members: int = tx.value(f"SELECT COUNT(*) FROM {source}", args)  # noqa: S608 - our own names
    places = tuple(SeasonPlace(*place) for place in ranked((row[0], row[1]) for row in rows))
    return Standings(number, number < current, places, members)


def shown(found: Standings, absent: Collection[int]) -> Standings:
    """Return the first of those who are still there; `members` stays that of all."""
    here = ((one.user_id, one.points) for one in found.places if one.user_id not in absent)
    return replace(found, places=tuple(SeasonPlace(*place) for place in ranked(here)[:SHOWN]))


def _key(number: int, what: str) -> str:
    return f"season:{number}:{what}"


def _begin(tx: Transaction, guild_id: int, key: str, kind: str, actor_id: int) -> int:
    """Make a transaction without entries and return its id."""
    tx.execute(
        "INSERT INTO bet_transactions (guild_id, idempotency_key, kind, at, actor_id, body_hash)"
        " VALUES (?, ?, ?, ?, ?, '')",
        (guild_id, key, kind, tx.now_ms, actor_id),
    )
    number = find(tx, guild_id, key)
    assert number is not None, "it was just made"  # noqa: S101 - for the type
    return number


def _balance(tx: Transaction, transaction_id: int, account_id: int) -> None:
    """Give a transaction the entry that makes it sum to zero, in this account."""
    sql = "SELECT COALESCE(-SUM(amount), 0) FROM bet_entries WHERE transaction_id = ?"
    if amount := tx.value(sql, (transaction_id,)):
        tx.execute(
            "UPDATE bet_accounts SET balance = balance + ?, entries = entries + 1 WHERE id = ?", (amount, account_id)
        )
        tx.execute(
            "INSERT INTO bet_entries (account_id, number, transaction_id, amount, balance)"
            " SELECT id, entries, ?, ?, balance FROM bet_accounts WHERE id = ?",
            (transaction_id, amount, account_id),
        )
