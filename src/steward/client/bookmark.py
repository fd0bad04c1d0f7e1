"""
How far the gateway session has been read, durably: where the next process takes up reading.

A session outlives its connection for some minutes unless it was closed with 1000 or 1001 (docs: Gateway >
"Disconnecting"). Kept in the same transaction as what was made of the events, the bookmark never runs ahead of them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import orjson

from steward.store import Store, Transaction, kv

KEY = "gateway.bookmark"


@dataclass(frozen=True, slots=True)
class Session:
    """What RESUME needs: the session, the last event received in it, and where to resume."""

    id: str
    sequence: int
    url: str

    def keep(self, tx: Transaction) -> None:
        """Write the bookmark, in the transaction that holds what the events up to here have led to."""
        kv.put(tx, KEY, orjson.dumps(asdict(self)).decode())


async def recall(store: Store) -> Session | None:
    """Return the bookmark an earlier process left, or None."""
    kept = await store.read(lambda tx: kv.get(tx, KEY))
    return None if kept is None else Session(**orjson.loads(kept))
