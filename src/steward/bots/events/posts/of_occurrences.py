"""What the post of an occurrence should show."""

from __future__ import annotations

from steward.bots.events.model.occurrences import State, occurrence
from steward.bots.events.rsvp.lineup import lineup
from steward.bots.events.views.post import post
from steward.client.embeds import plain
from steward.client.posts.messages import DesiredMessage
from steward.store import Transaction


def event_post(tx: Transaction, occurrence_id: int) -> DesiredMessage:
    """Return the post of an occurrence."""
    event = occurrence(tx, occurrence_id)
    lost = f"The post of {plain(event.details.title)} was deleted. /event repost puts it up again."
    missed = lost if event.state is State.POSTED else None
    return DesiredMessage(event.post_key, post(event, lineup(tx, event), tx.now), missed)
