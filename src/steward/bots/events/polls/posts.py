"""What the post of a poll should show."""

from __future__ import annotations

from steward.bots.events.polls.poll import PollState
from steward.bots.events.polls.store import poll_key, poll_of
from steward.bots.events.views.poll import poll_post
from steward.client.embeds import plain
from steward.client.posts.messages import DesiredMessage
from steward.store import Transaction


def post_of_poll(tx: Transaction, poll_id: int) -> DesiredMessage:
    """Return the post of a poll."""
    poll = poll_of(tx, poll_id)
    lost = f"The poll for {plain(poll.title)} was deleted. /poll when makes another."
    missed = lost if poll.state is PollState.OPEN else None
    return DesiredMessage(poll_key(poll_id), poll_post(poll, tx.now), missed)
