"""
How far the gateway session has been read, durably: where the next process takes up reading.

A session outlives its connection for some minutes unless it was closed with 1000 or 1001 (docs: Gateway >
"Disconnecting"). Kept in the same transaction as what was made of the events, the bookmark never runs ahead of them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime

import orjson

from steward.store import Store, Transaction, kv

KEY = "gateway.bookmark"


@dataclass(frozen=True, slots=True)
class ResumableSession:
    """
    What RESUME needs.

    Attributes:
        sequence: the last event received in it.
        account: whose session it is and at which Discord; the token goes nowhere else.
        read_until: the instant up to which all events have been read; None when kept by an earlier version. It moves
            while nothing happens, and makes no other place of it.

    """

    id: str
    sequence: int
    url: str
    account: str
    read_until: datetime | None = field(default=None, compare=False)

    def keep(self, tx: Transaction) -> None:
        """Write the bookmark, in the transaction that holds what the events up to here have led to."""
        kv.put(tx, KEY, orjson.dumps(asdict(self)).decode())


async def recall(store: Store, account: str) -> ResumableSession | None:
    """Return the bookmark that an earlier process of the same account left, or None."""
    kept = await store.read(lambda tx: kv.get(tx, KEY))
    if kept is None:
        return None
    values = orjson.loads(kept)
    read_until = values.pop("read_until", None)
    session = ResumableSession(**values, read_until=datetime.fromisoformat(read_until) if read_until else None)
    return session if session.account == account else None
