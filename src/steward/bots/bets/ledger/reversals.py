"""Reversals: what a transaction did, undone by another one."""

from __future__ import annotations

from collections.abc import Sequence

from steward.bots.bets.errors import BetsError
from steward.bots.bets.ledger.posting import Movement, entries_of
from steward.bots.bets.ledger.seasons import last_close
from steward.store import Transaction, chunks, marks


def reversals(
    tx: Transaction, guild_id: int, transaction_ids: Sequence[int], actor_id: int | None = None
) -> dict[int, Movement]:
    """
    Return for each transaction the one that takes it back, to be posted: its mirror.

    To re-grade a bet, post it with the new settlement after it. What was a forgotten member's is taken of `RETIRED`.

    Raises:
        BetsError: one is of a season that has ended.
        LookupError: the guild has no such transaction.

    """
    ended = last_close(tx, guild_id)
    for some in chunks(transaction_ids):
        sql = f"SELECT COUNT(*) FROM bet_transactions WHERE guild_id = ? AND id IN ({marks(some)})"  # noqa: S608 - marks
        if tx.value(sql, (guild_id, *some)) != len(set(some)):
            raise LookupError(f"Not all of {', '.join(map(str, some))} are transactions of the guild {guild_id}.")
    if any(id_ <= ended for id_ in transaction_ids):
        raise BetsError("That was settled in a season that has ended.", remedy="`/wallet grant` can make up for it.")
    entries = entries_of(tx, transaction_ids)
    return {
        id_: Movement(
            f"reverse:{id_}",
            "reverse",
            {account: -amount for account, (amount, _) in entries.get(id_, {}).items()},
            actor_id,
            reverses=id_,
        )
        for id_ in transaction_ids
    }
