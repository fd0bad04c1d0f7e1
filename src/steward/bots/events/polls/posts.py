"""The posts of polls: what each should show, and what it shows."""

from __future__ import annotations

from steward.bots.events.polls.poll import PollState
from steward.bots.events.polls.store import (
    TOPIC,
    poll_channel,
    poll_key,
    poll_of,
    polls_to_be_shown,
    set_poll_message,
    set_poll_shown,
)
from steward.bots.events.posts.posts import Post, PostTable
from steward.bots.events.views.poll import poll_post
from steward.client.embeds import plain
from steward.store import Transaction


def _read(tx: Transaction, poll_id: int) -> Post:
    poll = poll_of(tx, poll_id)
    lost = f"The poll for {plain(poll.title)} was deleted. /poll when makes another."
    return Post(
        poll_key(poll_id),
        poll.channel_id,
        poll.message_id,
        poll.revision,
        poll.shown,
        poll_post(poll, tx.now),
        missed=lost if poll.state is PollState.OPEN else None,
    )


POLL_POSTS = PostTable(polls_to_be_shown, poll_channel, _read, set_poll_message, set_poll_shown, topic=TOPIC)
