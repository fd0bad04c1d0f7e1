"""
The proof that a database's ledger adds up: every rule that can be checked from its rows, in constant memory.

Each transaction sums to zero, and so does each guild. Each account has its entries 1, 2, 3 ..., each with the balance
that follows from the one before, and the last with the account's own. No escrow or pool is below zero, no wallet but by
a reversal. An escrow holds the whole stake or nothing. A reversal mirrors what it takes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from steward.bots.bets.ledger.accounts import Account, AccountKind
from steward.store import Row, Transaction, chunks, marks

ROWS = 5000
TRANSACTIONS = 10_000
MOST_FLAWS = 100
ENTRIES_SHARE = 0.6  # of the time, what reading the accounts takes


@dataclass(frozen=True, slots=True)
class Flaw:
    """Where the ledger does not add up; None for what it is not about."""

    sentence: str
    guild_id: int | None = None
    transaction_id: int | None = None
    account_id: int | None = None


@dataclass(slots=True)
class Audited:
    """What was read, and the first flaws of those that were found."""

    guilds: int = 0
    accounts: int = 0
    transactions: int = 0
    entries: int = 0
    found: int = 0
    flaws: list[Flaw] = field(default_factory=list)

    def add(self, flaws: Iterable[Flaw]) -> None:
        """Count flaws, and keep some."""
        for flaw in flaws:
            self.found += 1
            if len(self.flaws) < MOST_FLAWS:
                self.flaws.append(flaw)


def audit(tx: Transaction, step: Callable[[float], None] = lambda _: None) -> Audited:
    """
    Check the whole ledger, as one transaction sees it.

    Args:
        step: called with the share that is done, 0 to 1.

    """
    done = Audited()
    done.guilds = tx.value("SELECT COUNT(DISTINCT guild_id) FROM bet_accounts")
    done.transactions = tx.value("SELECT COUNT(*) FROM bet_transactions")
    expected = max(1, tx.value("SELECT COALESCE(SUM(entries), 0) FROM bet_accounts"))

    def counted(entries: Iterator[Row]) -> Iterator[Row]:
        for entry in entries:
            if done.entries % ROWS == 0:
                step(min(1.0, done.entries / expected) * ENTRIES_SHARE)
            done.entries += 1
            yield entry

    done.add(_guilds(tx))
    done.add(_accounts(tx, counted(_entries(tx)), done))
    last: int = tx.value(
        "SELECT MAX(last) FROM (SELECT MAX(id) AS last FROM bet_transactions"
        " UNION ALL SELECT MAX(transaction_id) FROM bet_entries) ends"
    )
    for start in range(0, last or 0, TRANSACTIONS):
        step(ENTRIES_SHARE + (1 - ENTRIES_SHARE) * start / last)
        span = start, start + TRANSACTIONS
        for look in (_sums, _without_transaction, _reversed, _mirrored):
            done.add(look(tx, span))
    step(1.0)
    return done


def _guilds(tx: Transaction) -> Iterator[Flaw]:
    sql = "SELECT guild_id, SUM(balance) FROM bet_accounts GROUP BY guild_id HAVING SUM(balance) <> 0"
    for guild_id, total in tx.all(sql):
        yield Flaw(f"The balances of the guild {guild_id} sum to {total:+,}, not to 0.", guild_id)


def _entries(tx: Transaction) -> Iterator[Row]:
    """Yield all entries by account and number."""
    where, place = "1 = 1", ()
    while True:
        rows = tx.all(
            "SELECT account_id, number, transaction_id, amount, balance FROM bet_entries"  # noqa: S608 - our own names
            f" WHERE {where} ORDER BY account_id, number LIMIT {ROWS}",
            place,
        )
        yield from rows
        if len(rows) < ROWS:
            return
        where, place = tx.dialect.after(("account_id", "number"), tuple(rows[-1])[:2])


def _accounts(tx: Transaction, entries: Iterator[Row], done: Audited) -> Iterator[Flaw]:
    """Compare the accounts with their entries; both come in the order of their ids."""
    groups = groupby(entries, key=itemgetter(0))
    account_id, own = next(groups, (None, iter(())))
    last = -1
    while accounts := tx.all(
        "SELECT id, guild_id, kind, owner_id, balance, entries FROM bet_accounts"  # noqa: S608 - our own names
        f" WHERE id > ? ORDER BY id LIMIT {ROWS}",
        (last,),
    ):
        for account in accounts:
            last = account[0]
            done.accounts += 1
            while account_id is not None and account_id < last:
                yield _stray(account_id)
                account_id, own = next(groups, (None, iter(())))
            if account_id == last:
                yield from _account(tx, account, own)
                account_id, own = next(groups, (None, iter(())))
            else:
                yield from _account(tx, account, ())
    while account_id is not None:
        yield _stray(account_id)
        account_id, own = next(groups, (None, iter(())))


def _stray(account_id: int) -> Flaw:
    return Flaw(f"There are entries of the account {account_id}, which is not there.", account_id=account_id)


def _account(tx: Transaction, account: Row, entries: Iterable[Row]) -> Iterator[Flaw]:
    account_id, guild_id, kind, owner_id, kept, count = account
    of = f"account {account_id} ({Account(AccountKind(kind), owner_id)}) of the guild {guild_id}"
    is_wallet, is_escrow = kind == AccountKind.WALLET, kind == AccountKind.ESCROW
    has_floor = is_escrow or kind == AccountKind.POOL
    balance = number = stake = 0
    overdrawn: list[int] = []
    for _, at, transaction_id, amount, after in entries:
        if at != number + 1:
            yield Flaw(f"After entry {number} of the {of} comes entry {at}.", guild_id, transaction_id, account_id)
        if after != balance + amount:
            told = f"{balance:,} and {amount:+,} make {balance + amount:,}, and not {after:,}"
            yield Flaw(f"In entry {at} of the {of}, {told}.", guild_id, transaction_id, account_id)
        balance, number = after, at
        if after < 0 and amount < 0 and (is_wallet or has_floor):
            overdrawn.append(transaction_id)
        if is_escrow:
            stake = stake or amount
            if after not in {0, stake}:
                told = f"holds {after:,} of a stake of {stake:,}"
                yield Flaw(f"The {of} {told}.", guild_id, transaction_id, account_id)
    for transaction_id in _not_reversals(tx, overdrawn) if is_wallet else overdrawn:
        yield Flaw(f"The {of} was overdrawn.", guild_id, transaction_id, account_id)
    if balance != kept:
        yield Flaw(f"The {of} has {kept:,}, and its entries say {balance:,}.", guild_id, None, account_id)
    if number != count:
        yield Flaw(f"The {of} counts {count:,} entries, and the last is {number:,}.", guild_id, None, account_id)


def _not_reversals(tx: Transaction, transaction_ids: list[int]) -> Iterator[int]:
    for some in chunks(transaction_ids):
        sql = f"SELECT id FROM bet_transactions WHERE reverses IS NULL AND id IN ({marks(some)})"  # noqa: S608 - marks
        yield from (id_ for (id_,) in tx.all(sql, some))


def _sums(tx: Transaction, span: tuple[int, int]) -> Iterator[Flaw]:
    rows = tx.all(
        "SELECT t.id, t.guild_id, t.kind, SUM(e.amount), SUM(CASE WHEN a.guild_id <> t.guild_id THEN 1 ELSE 0 END)"
        " FROM bet_transactions t JOIN bet_entries e ON e.transaction_id = t.id"
        " LEFT JOIN bet_accounts a ON a.id = e.account_id"
        " WHERE t.id > ? AND t.id <= ? GROUP BY t.id, t.guild_id, t.kind"
        " HAVING SUM(e.amount) <> 0 OR SUM(CASE WHEN a.guild_id <> t.guild_id THEN 1 ELSE 0 END) > 0",
        span,
    )
    for id_, guild_id, kind, total, elsewhere in rows:
        of = f"transaction {id_} ({kind}) of the guild {guild_id}"
        if total:
            yield Flaw(f"The entries of the {of} sum to {total:+,}, not to 0.", guild_id, id_)
        if elsewhere:
            yield Flaw(f"The {of} has entries in accounts of another guild.", guild_id, id_)


def _without_transaction(tx: Transaction, span: tuple[int, int]) -> Iterator[Flaw]:
    rows = tx.all(
        "SELECT DISTINCT e.transaction_id FROM bet_entries e LEFT JOIN bet_transactions t ON t.id = e.transaction_id"
        " WHERE e.transaction_id > ? AND e.transaction_id <= ? AND t.id IS NULL",
        span,
    )
    for (id_,) in rows:
        yield Flaw(f"There are entries of the transaction {id_}, which is not there.", transaction_id=id_)


def _reversed(tx: Transaction, span: tuple[int, int]) -> Iterator[Flaw]:
    rows = tx.all(
        "SELECT r.id, r.guild_id, r.reverses FROM bet_transactions r"
        " LEFT JOIN bet_transactions t ON t.id = r.reverses AND t.guild_id = r.guild_id AND t.id < r.id"
        " WHERE r.id > ? AND r.id <= ? AND r.reverses IS NOT NULL AND t.id IS NULL",
        span,
    )
    for id_, guild_id, what in rows:
        yield Flaw(f"The transaction {id_} reverses {what}, which isn't an earlier one there.", guild_id, id_)


def _mirrored(tx: Transaction, span: tuple[int, int]) -> Iterator[Flaw]:
    """Yield reversals that differ from what they reverse; what was somebody's who is forgotten may be another's."""
    of_each = (
        "SELECT r.id, r.guild_id, e.account_id, e.amount FROM bet_transactions r"
        " JOIN bet_entries e ON e.transaction_id = r.{} WHERE r.id > ? AND r.id <= ? AND r.reverses IS NOT NULL"
    )
    rows = tx.all(
        "SELECT b.id, b.guild_id, b.account_id, SUM(b.amount)"  # noqa: S608 - our own names
        f" FROM ({of_each.format('id')} UNION ALL {of_each.format('reverses')}) b"
        " JOIN bet_accounts a ON a.id = b.account_id WHERE a.kind <> 'retired' AND a.owner_id >= 0"
        " GROUP BY b.id, b.guild_id, b.account_id HAVING SUM(b.amount) <> 0",
        (*span, *span),
    )
    for id_, guild_id, account_id, rest in rows:
        told = f"leaves {rest:+,} in the account {account_id}"
        yield Flaw(f"The reversal {id_} {told} of what it takes back.", guild_id, id_, account_id)
