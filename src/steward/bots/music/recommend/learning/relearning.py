"""When to learn anew what is heard: soon after much has come, but not again and again."""

from __future__ import annotations

from datetime import timedelta

from steward.store import Transaction, from_millis, kv
from steward.store.due import due

LEARN = "music_learn"
"""The kind of due work that learns."""
SETTLED = timedelta(minutes=2)
"""What comes within this is learnt from together."""
EVERY = timedelta(minutes=30)
_LEARNT = "music.learnt"


def learn_soon(tx: Transaction) -> None:
    """Have it learnt anew in two minutes, or half an hour after the last time; if that waits already, it stays."""
    waiting = due.waiting(tx, (LEARN,), 0)
    if waiting and waiting[0].at > tx.now:
        return
    at = tx.now + SETTLED
    learnt = kv.get(tx, _LEARNT)
    if learnt is not None and from_millis(int(learnt)) <= tx.now:  # else the clock was wrong
        at = max(at, from_millis(int(learnt)) + EVERY)
    due.put(tx, LEARN, 0, at, guild_id=0)


def note_learnt(tx: Transaction) -> None:
    """Note that it was learnt now."""
    kv.put(tx, _LEARNT, str(tx.now_ms))
