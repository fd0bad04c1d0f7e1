"""What happened in a wallet, the newest first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from steward.bots.bets.ledger.accounts import find_wallet
from steward.bots.bets.ledger.entry_subjects import EntrySubject, subjects
from steward.store import Transaction, from_millis, marks

LINES = 10
SETTLED = frozenset({"settle", "market_paid"})


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """
    One entry of a wallet.

    Attributes:
        balance: after it.
        actor_id: who did it; None for the bot, or somebody forgotten.
        other_id: whom a gift went to or came from, below 0: somebody forgotten; None for what is no gift.
        subject: the bet or the market that it is about; None where it is about none.

    """

    at: datetime
    kind: str
    amount: int
    balance: int
    actor_id: int | None
    other_id: int | None
    subject: EntrySubject | None = None


@dataclass(frozen=True, slots=True)
class History:
    """A page of a wallet's entries; `balance` is what is in it now."""

    balance: int
    lines: tuple[HistoryLine, ...]
    page: int
    has_more: bool


def history(tx: Transaction, guild_id: int, user_id: int, page: int) -> History:
    """Return a page of a member's entries; pages count from 0."""
    own = find_wallet(tx, guild_id, user_id)
    if own is None:
        return History(0, (), 0, has_more=False)
    newest = own.entries - page * LINES
    rows = tx.all(
        "SELECT t.at, t.kind, e.amount, e.balance, t.actor_id, t.id,"
        " COALESCE(r.idempotency_key, t.idempotency_key)"
        " FROM bet_entries e JOIN bet_transactions t ON t.id = e.transaction_id"
        " LEFT JOIN bet_transactions r ON r.id = t.reverses"
        " WHERE e.account_id = ? AND e.number <= ? AND e.number > ? ORDER BY e.number DESC",
        (own.account_id, newest, newest - LINES),
    )
    others = _others(tx, own.account_id, [row["id"] for row in rows if row["kind"] == "transfer"])
    paid = {row["id"] for row in rows if row["kind"] in SETTLED}
    about = subjects(tx, user_id, {id_: key for *_, id_, key in map(tuple, rows)}, paid)
    lines = tuple(
        HistoryLine(from_millis(at), kind, amount, balance, actor_id, others.get(id_), about.get(id_))
        for at, kind, amount, balance, actor_id, id_, _ in rows
    )
    return History(own.balance, lines, page, has_more=newest > LINES)


def _others(tx: Transaction, account_id: int, gifts: Collection[int]) -> dict[int, int]:
    """Return the other member of each gift."""
    rows = tx.all(
        "SELECT e.transaction_id, a.owner_id FROM bet_entries e JOIN bet_accounts a ON a.id = e.account_id"  # noqa: S608
        f" WHERE e.transaction_id IN ({marks(gifts)}) AND e.account_id <> ?",
        (*gifts, account_id),
    )
    return dict(map(tuple, rows))
