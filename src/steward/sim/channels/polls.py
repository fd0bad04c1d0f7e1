"""Voting in polls and ending them."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from steward.sim.channels.message import POLL_RESULT, Message

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel


def plan(channel: Channel, message: Message) -> None:
    """Schedule the end of a message's poll, if it has one."""
    if message.poll is not None:
        channel.world.alarms.set(_alarm(message), message.poll.ends_at, lambda: end(channel, message))


def vote(channel: Channel, message: Message, user_id: int, answer_ids: AbstractSet[int]) -> None:
    """Set a user's votes to exactly these answers, and emit an event for each vote added or removed."""
    poll = message.poll
    assert poll is not None  # noqa: S101 - the caller has checked
    before = poll.answers_of(user_id)
    for answer_id in sorted(before - answer_ids):
        del poll.votes[answer_id][user_id]
        _emit("REMOVE", channel, message, user_id, answer_id)
    for answer_id in sorted(answer_ids - before):
        poll.votes.setdefault(answer_id, {})[user_id] = None
        _emit("ADD", channel, message, user_id, answer_id)


def end(channel: Channel, message: Message) -> None:
    """End a poll: update its message and post the result as a system message."""
    world, poll = channel.world, message.poll
    world.alarms.cancel(_alarm(message))
    if poll is None or poll.ended or channel.message(message.id) is not message or channel.id not in world.channels:
        return
    poll.ended, poll.ends_at = True, min(poll.ends_at, world.clock.now())
    channel.emit_message("MESSAGE_UPDATE", message)
    result = Message(world.snowflakes.next(), channel.id, message.author, kind=POLL_RESULT, embeds=[poll.result()])
    result.reference = channel.reference_to(message.id)
    channel.post(result)


def _alarm(message: Message) -> tuple[str, int]:
    return "poll", message.id


def _emit(what: str, channel: Channel, message: Message, user_id: int, answer_id: int) -> None:
    data = {"user_id": str(user_id), "message_id": str(message.id), "answer_id": answer_id}
    channel.emit(f"MESSAGE_POLL_VOTE_{what}", data | channel.ids)
