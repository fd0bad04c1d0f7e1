"""Everything that follows an occurrence beside its post: the role of those who come, a thread, Discord's own event."""

from __future__ import annotations

from steward.bots.events import mirrors, roles
from steward.bots.events.occurrences import occurrence
from steward.store import Transaction


def follow(tx: Transaction, occurrence_id: int) -> None:
    """Let it all follow from what an occurrence has come to; in the transaction that changed it."""
    event = occurrence(tx, occurrence_id)
    roles.follow(tx, event)
    mirrors.follow(tx, event)
