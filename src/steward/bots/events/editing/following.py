"""Everything that follows an occurrence beside its post: the role of those who come, a thread, Discord's own event."""

from __future__ import annotations

from steward.bots.events.model.occurrences import occurrence
from steward.bots.events.native import mirrors
from steward.bots.events.roles import roles
from steward.store import Transaction


def follow(tx: Transaction, occurrence_id: int) -> None:
    """Let it all follow from what an occurrence has come to; in the transaction that changed it."""
    event = occurrence(tx, occurrence_id)
    roles.follow(tx, event)
    mirrors.follow(tx, event)
