"""The posts of occurrences: what each should show, and what it shows."""

from __future__ import annotations

from steward.bots.events.model.occurrences import TOPIC, State, channel_of, occurrence, set_message, set_shown
from steward.bots.events.model.timeline import to_be_shown
from steward.bots.events.posts.posts import Post, PostTable
from steward.bots.events.rsvp.lineup import lineup
from steward.bots.events.rsvp.notices import post_key
from steward.bots.events.views.post import post
from steward.client.embeds import plain
from steward.store import Transaction


def _read(tx: Transaction, occurrence_id: int) -> Post:
    event = occurrence(tx, occurrence_id)
    lost = f"The post of {plain(event.details.title)} was deleted. /event repost puts it up again."
    return Post(
        post_key(event),
        event.channel_id,
        event.message_id,
        event.revision,
        event.shown,
        post(event, lineup(tx, event), tx.now),
        missed=lost if event.state is State.POSTED else None,
    )


OCCURRENCE_POSTS = PostTable(to_be_shown, channel_of, _read, set_message, set_shown, topic=TOPIC)
