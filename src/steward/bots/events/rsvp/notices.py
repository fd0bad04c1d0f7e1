"""What members are told of an event, as messages that are promised together with what they tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from steward.bots.events.model.occurrences import Occurrence, State
from steward.bots.events.rsvp.answers import answers
from steward.bots.events.rsvp.roster import RosterPlace
from steward.client.embeds import plain
from steward.store import Transaction
from steward.store.outbox import outbox

MENTIONED_AT_ONCE = 75
LONGEST = 2000  # of a message's text (docs: Message > "Create Message")
A_MENTION = 24  # characters, with a space


def post_id(tx: Transaction, event: Occurrence) -> int | None:
    """Return the message that is an occurrence's post, or None while it is not sent; the outbox knows it first."""
    return event.message_id or outbox.sent_id(tx, event.post_key)


def tell(tx: Transaction, event: Occurrence, what: str, text: str, user_ids: Sequence[int] = ()) -> None:
    """
    Promise a message under an event's post that mentions members, in as many parts as that takes.

    Args:
        what: names the message among those of the event, up to 100 characters: the same is sent once.
        text: the sentence, up to 1900 characters.
        user_ids: who is mentioned, and pinged; nobody else is.

    """
    at_once = min(MENTIONED_AT_ONCE, (LONGEST - len(text)) // A_MENTION)
    parts = range(0, max(1, len(user_ids)), at_once)
    for number, first in enumerate(parts):
        mentioned = [str(user_id) for user_id in user_ids[first : first + at_once]]
        mentions = " ".join(f"<@{user_id}>" for user_id in mentioned)
        content = f"{text}\n{mentions}" if mentions else text
        _put(tx, event, f"{what}:{number}", content, {"users": mentioned})


def tell_role(tx: Transaction, event: Occurrence, what: str, text: str, role_id: int) -> None:
    """Promise a message under an event's post that mentions a role."""
    _put(tx, event, what, f"{text}\n<@&{role_id}>", {"roles": [str(role_id)]})


def _put(tx: Transaction, event: Occurrence, what: str, content: str, mentioned: Mapping[str, Sequence[str]]) -> None:
    payload: dict[str, Any] = {"content": content, "allowed_mentions": {"parse": [], **mentioned}}
    if event.message_id is not None:
        payload["message_reference"] = {"message_id": str(event.message_id), "fail_if_not_exists": False}
    outbox.put(tx, key=f"event:{event.id}:{what}", channel_id=event.channel_id, payload=payload)


def tell_moved_up(tx: Transaction, event: Occurrence, moved_up: Sequence[RosterPlace]) -> None:
    """Promise those who got a seat the message that says so, once for each time they get one."""
    offered = {option.key for option in event.details.options if not option.declines}
    ids = [place.user_id for place in moved_up if place.option in offered]  # else there is nothing left to wait for
    if ids and event.state is State.POSTED:
        text = f"A spot opened up at **{plain(event.details.title)}**: you're in!"
        tell(tx, event, f"moved_up:{moved_up[-1].arrival}", text, ids)


def tell_those_who_come(tx: Transaction, event: Occurrence, what: str) -> None:
    """Promise those who answered, except that they stay away, the message of what has become of it, once a revision."""
    if event.state is not State.POSTED:
        return
    declined = {option.key for option in event.details.options if option.declines}
    told = [answer.user_id for answer in answers(tx, event.id) if answer.option not in declined]
    if told:
        tell(tx, event, f"change:{event.revision}", f"**{plain(event.details.title)}** {what}.", told)


def tell_directly(tx: Transaction, event: Occurrence, what: str, text: str, user_ids: Sequence[int]) -> None:
    """Promise a message to each of these members; whose direct messages are closed is mentioned in the channel."""
    for user_id in user_ids:
        outbox.put_direct(
            tx,
            key=f"event:{event.id}:{what}:{user_id}",
            user_id=user_id,
            payload={"content": text},
            instead_channel_id=event.channel_id,
        )
