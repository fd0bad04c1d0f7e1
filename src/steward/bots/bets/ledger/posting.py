"""
Transactions of the ledger: posted once each, many in a few statements, refused where an account lacks what they take.

    post(tx, guild_id, [Movement("give:17", "transfer", {wallet(ada): -5, wallet(ben): 5}, actor_id=ada)])

Balances stand on the accounts and change only where what is taken is there, in the caller's unit of work; entries are
only ever added. The same key with the same body returns the first answer, with another body it is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from typing import Any

from steward.bots.bets.ledger.accounts import Account, AccountKind, account_ids, accounts_of
from steward.errors import Broken, StewardError
from steward.store import Row, Transaction, chunks, marks

NO_FLOOR = -(2**62)
"""Less than any account has."""
_TRANSACTION = ("guild_id", "idempotency_key", "kind", "at", "actor_id", "reverses", "body_hash")
FLOORED = frozenset({AccountKind.WALLET, AccountKind.ESCROW, AccountKind.POOL})


@dataclass(frozen=True, slots=True)
class Movement:
    """
    A transaction to be posted.

    Attributes:
        key: unique in the guild, at most 100 characters: what it is about, never whom, for it is kept for good.
        kind: what it is, in one word of at most 20 letters.
        entries: whole points by account; they sum to zero.
        actor_id: the member who does it; None for the bot.
        reverses: the id of the transaction that it takes back; only such a one may overdraw a wallet.

    """

    key: str
    kind: str
    entries: Mapping[Account, int]
    actor_id: int | None = None
    reverses: int | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """
    A transaction that was posted.

    Attributes:
        balances: of each account after it.
        is_replay: it had been posted before, and was only looked up.

    """

    id: int
    balances: Mapping[Account, int]
    is_replay: bool = False


class NotEnough(StewardError):
    """
    An account lacks what a transaction takes.

    Attributes:
        balance: what is in it; below zero after a bet was re-graded.
        needed: what would have to be.

    """

    def __init__(self, account: Account, balance: int, needed: int) -> None:
        super().__init__(f"There is {balance:,} in {account}, and this takes {needed:,}.")
        self.account = account
        self.balance = balance
        self.needed = needed


class KeyReused(Broken):
    """A key was used before, for something else."""


@dataclass(slots=True)
class _Sum:
    """What some transactions do to one account, and what must be in it before."""

    account: Account
    amount: int = 0
    entries: int = 0
    needed: int = NO_FLOOR


def post(tx: Transaction, guild_id: int, movements: Sequence[Movement]) -> list[Posted]:
    """
    Post transactions of one guild in their order, all or none.

    Raises:
        NotEnough: a wallet, an escrow or a pool lacks what one takes.
        KeyReused: a key was used before, for something else.
        Broken: the entries of one don't sum to zero.

    """
    ids = account_ids(tx, guild_id, set(chain.from_iterable(movement.entries for movement in movements)))
    bodies: dict[str, str] = {}
    for movement in movements:
        body = _body(movement, ids)
        if bodies.setdefault(movement.key, body) != body:
            raise KeyReused(f"The key {movement.key} is used twice, for different things.")
    new, numbers, known = _add_transactions(tx, guild_id, movements, bodies)
    before = _change_balances(tx, _summed(ids, new.values()))
    balances = _add_entries(tx, ids, before, {numbers[key]: movement for key, movement in new.items()})
    balances |= _balances(tx, [numbers[key] for key in known])
    seen = known
    posted = []
    for movement in movements:
        id_ = numbers[movement.key]
        posted.append(Posted(id_, balances[id_], is_replay=movement.key in seen))
        seen.add(movement.key)
    return posted


def find(tx: Transaction, guild_id: int, key: str) -> int | None:
    """Return the id of the transaction of that key."""
    return _by_key(tx, guild_id, [key], "id").get(key)


def find_all(tx: Transaction, guild_id: int, keys: Collection[str]) -> dict[str, int]:
    """Return the ids of the transactions of those keys that there are, by key."""
    return _by_key(tx, guild_id, keys, "id")


def moved(tx: Transaction, guild_id: int, key: str) -> int | None:
    """Return how many points the transaction of that key moved; None if there is none."""
    sql = "SELECT SUM(amount) FROM bet_entries WHERE transaction_id = ? AND amount > 0"
    done = find(tx, guild_id, key)
    return None if done is None else tx.value(sql, (done,)) or 0


def _body(movement: Movement, ids: Mapping[Account, int]) -> str:
    """Return what a replay must have in common, shortened; by ids of accounts, which say nothing of a member."""
    # A reversal mirrors what it takes back, and is the same once a wallet in it has become nobody's.
    if sum(movement.entries.values()):
        raise Broken(f"The entries of {movement.key} sum to {sum(movement.entries.values()):+}, not to 0.")
    entries: list[tuple[int, int]] = []
    if movement.reverses is None:
        entries = sorted((ids[account], amount) for account, amount in movement.entries.items() if amount)
    return blake2b(repr((movement.kind, movement.reverses, entries)).encode(), digest_size=16).hexdigest()


def _by_key(tx: Transaction, guild_id: int, keys: Collection[str], column: str) -> dict[str, Any]:
    # One SELECT a key: PostgreSQL without statistics compares a list of keys with all transactions of the guild.
    one = f"SELECT idempotency_key, {column} FROM bet_transactions WHERE idempotency_key = ? AND guild_id = ?"  # noqa: S608
    return {
        key: found
        for some in chunks(sorted(keys))
        for key, found in tx.all(
            " UNION ALL ".join([one] * len(some)), [part for key in some for part in (key, guild_id)]
        )
    }


def _summed(ids: Mapping[Account, int], movements: Iterable[Movement]) -> dict[int, _Sum]:
    sums: dict[int, _Sum] = {}
    for movement in movements:
        for account, amount in movement.entries.items():
            if amount:
                one = sums.setdefault(ids[account], _Sum(account))
                one.amount += amount
                one.entries += 1
                may_overdraw = account.kind is AccountKind.WALLET and movement.reverses is not None
                if amount < 0 and account.kind in FLOORED and not may_overdraw:
                    one.needed = max(one.needed, -one.amount)
    return sums


def _change_balances(tx: Transaction, sums: Mapping[int, _Sum]) -> dict[int, tuple[int, int]]:
    """Change balances, each only where what is taken is there; return the balances and numbers of entries before."""
    before: dict[int, tuple[int, int]] = {}
    for some in chunks(sorted(sums)):  # in one order, so that two processes never wait for each other

        def by_id(of: Callable[[_Sum], int], some: Sequence[int] = some) -> list[int]:
            return [value for id_ in some for value in (id_, of(sums[id_]))]

        case = f"CASE id{' WHEN ? THEN ?' * len(some)} END"
        change = (
            f"UPDATE bet_accounts SET balance = balance + {case}, entries = entries + {case}, used_at = ?"  # noqa: S608
            f" WHERE id IN ({marks(some)}) AND balance >= {case}"
        )
        values = (
            *by_id(lambda one: one.amount),
            *by_id(lambda one: one.entries),
            tx.now_ms,
            *some,
            *by_id(lambda one: one.needed),
        )
        changed = _changed(tx, change, values, some)
        if len(changed) != len(some):
            raise _lacking(tx, sums, some)
        for id_, balance, entries in changed:
            before[id_] = balance - sums[id_].amount, entries - sums[id_].entries
    return before


def _changed(tx: Transaction, change: str, values: Sequence[Any], some: Sequence[int]) -> Sequence[Row]:
    """Change these accounts and return the id, balance and number of entries of each; fewer if not all could be."""
    if tx.dialect.returns_updated:
        return tx.all(f"{change} RETURNING id, balance, entries", values)
    if tx.execute(change, values) != len(some):
        return []
    # Read only now: no other process can change them any more.
    return tx.all(f"SELECT id, balance, entries FROM bet_accounts WHERE id IN ({marks(some)})", some)  # noqa: S608 - marks


def _add_transactions(
    tx: Transaction, guild_id: int, movements: Sequence[Movement], bodies: Mapping[str, str]
) -> tuple[dict[str, Movement], dict[str, int], set[str]]:
    """Add those that are new, and return these, the ids of all, both by key, and the keys of the others."""
    if len(movements) == 1:  # as for each bet: whether it is new is told by adding it
        (only,) = movements
        row = _row(tx, guild_id, only, bodies)
        number = tx.insert_numbered("bet_transactions", dict(zip(_TRANSACTION, row, strict=True)))
        if number is not None:
            return {only.key: only}, {only.key: number}, set()
    known = _by_key(tx, guild_id, bodies, "body_hash")
    for key, body in known.items():
        if bodies[key] != body:
            raise KeyReused(f"The key {key} was used before, for something else.")
    new: dict[str, Movement] = {}
    for movement in movements:
        if movement.key not in known:
            new.setdefault(movement.key, movement)
    tx.executemany(
        f"INSERT INTO bet_transactions ({', '.join(_TRANSACTION)}) VALUES ({marks(_TRANSACTION)})",  # noqa: S608 - marks
        [_row(tx, guild_id, movement, bodies) for movement in new.values()],
    )
    return new, _by_key(tx, guild_id, bodies, "id"), set(known)


def _row(tx: Transaction, guild_id: int, movement: Movement, bodies: Mapping[str, str]) -> tuple[Any, ...]:
    body = bodies[movement.key]
    return guild_id, movement.key, movement.kind, tx.now_ms, movement.actor_id, movement.reverses, body


def _lacking(tx: Transaction, sums: Mapping[int, _Sum], some: Sequence[int]) -> StewardError:
    """Return the error about the first account that was not changed: it still counts no entry that isn't there."""
    found = tx.one(
        f"SELECT id, balance FROM bet_accounts WHERE id IN ({marks(some)}) AND entries ="  # noqa: S608 - marks
        " (SELECT COUNT(*) FROM bet_entries WHERE account_id = bet_accounts.id) ORDER BY id LIMIT 1",
        some,
    )
    if found is None:
        return Broken(f"Of the accounts {', '.join(map(str, some))} one is gone.")
    id_, balance = found
    return NotEnough(sums[id_].account, balance, sums[id_].needed)


def _add_entries(
    tx: Transaction, ids: Mapping[Account, int], before: Mapping[int, tuple[int, int]], new: Mapping[int, Movement]
) -> dict[int, dict[Account, int]]:
    """Add the entries of transactions, by their ids, and return the balances after each."""
    rows: list[tuple[int, int, int, int, int]] = []
    now = dict(before)
    after: dict[int, dict[Account, int]] = {}
    for transaction_id, movement in new.items():
        balances = after[transaction_id] = {}
        for account, amount in movement.entries.items():
            if amount:
                id_ = ids[account]
                balance, number = now[id_]
                now[id_] = balance + amount, number + 1
                balances[account] = balance + amount
                rows.append((id_, number + 1, transaction_id, amount, balance + amount))
    tx.executemany(
        "INSERT INTO bet_entries (account_id, number, transaction_id, amount, balance) VALUES (?, ?, ?, ?, ?)", rows
    )
    return after


def _balances(tx: Transaction, transaction_ids: Sequence[int]) -> dict[int, dict[Account, int]]:
    """Return the balances after transactions that were posted before."""
    found = entries_of(tx, transaction_ids)
    return {id_: {account: balance for account, (_, balance) in found.get(id_, {}).items()} for id_ in transaction_ids}


def entries_of(tx: Transaction, transaction_ids: Sequence[int]) -> dict[int, dict[Account, tuple[int, int]]]:
    """Return the amounts of transactions, and the balances after them, by account; see `accounts_of`."""
    rows = [
        row
        for some in chunks(transaction_ids)
        for row in tx.all(
            "SELECT transaction_id, account_id, amount, balance FROM bet_entries"  # noqa: S608 - marks
            f" WHERE transaction_id IN ({marks(some)})",
            some,
        )
    ]
    accounts = accounts_of(tx, (account_id for _, account_id, _, _ in rows))
    found: dict[int, dict[Account, tuple[int, int]]] = {}
    for transaction_id, account_id, amount, balance in rows:
        entries, account = found.setdefault(transaction_id, {}), accounts[account_id]
        entries[account] = entries.get(account, (0, 0))[0] + amount, balance
    return found
