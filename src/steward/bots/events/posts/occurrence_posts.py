"""The posts of occurrences: put up, shown as they should be, and left behind as an event goes to another channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from steward.bots.events.editing.altering import follow
from steward.bots.events.model.occurrences import DisplayKind, Occurrence, State, begin_post, occurrence
from steward.bots.events.rsvp.lineup import lineup
from steward.bots.events.rsvp.notices import post_id
from steward.bots.events.views.post import post
from steward.client.embeds import plain
from steward.client.posts.desired_state import DesiredKind
from steward.client.posts.messages import DesiredMessage
from steward.client.rest.errors import Gone, Refused
from steward.store import Transaction
from steward.store.desired import desired
from steward.store.desired.desired import DesiredItem
from steward.store.outbox import outbox

if TYPE_CHECKING:
    from steward.client.rest.rest import Rest


def event_post(tx: Transaction, occurrence_id: int) -> DesiredMessage:
    event = occurrence(tx, occurrence_id)
    lost = f"The post of {plain(event.details.title)} was deleted. /event repost puts it up again."
    missed = lost if event.state is State.POSTED else None
    return DesiredMessage(event.post_key, post(event, lineup(tx, event), tx.now), missed)


def put_up(tx: Transaction, event: Occurrence) -> None:
    """Promise the post of an occurrence."""
    posted = begin_post(tx, event.id)
    payload = post(posted, lineup(tx, posted), tx.now)
    key, channel_id = posted.post_key, posted.channel_id
    outbox.put(tx, key=key, channel_id=channel_id, payload=payload, if_parked=_not_put_up(posted))
    follow(tx, event.id)


def _not_put_up(event: Occurrence) -> outbox.Notice | None:
    """Tell the organiser, where there is one, that the post could not be put up."""
    if not event.organiser_id:
        return None
    what = f"I couldn't post **{plain(event.details.title)}** in <#{event.channel_id}>"
    return outbox.Notice(event.organiser_id, what, "Then `/event repost` posts it, there or in another channel.")


def leave(tx: Transaction, event: Occurrence) -> None:
    """Note that an occurrence's post, if it has one, is to say where the next one is."""
    message_id = post_id(tx, event)
    if message_id is not None:
        name, guild_id, lane = str(message_id), event.guild_id, event.channel_id
        desired.put(tx, DisplayKind.LEFT, event.id, name=name, guild_id=guild_id, lane=lane)


class LeftPosts(DesiredKind[Occurrence]):
    """
    Edits posts left behind, once each: they say where the event is posted now, and have no buttons.

    What Discord refuses is given up when the event is over. A refusal is no problem to tell of: a channel is often left
    because it is closed to the bot.
    """

    name = DisplayKind.LEFT
    failed = "A post left behind can't be edited"

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    def read(self, tx: Transaction, item: DesiredItem) -> Occurrence:
        """Return the occurrence whose post it was."""
        return occurrence(tx, item.number)

    async def write(self, item: DesiredItem, state: Occurrence) -> None:
        """Edit it, which is all that is to be done."""
        text = f"**{plain(state.details.title)}** is posted in <#{state.channel_id}> now."
        try:
            message = {"content": text, "embeds": [], "components": []}
            await self._rest.edit_message(item.lane, int(item.name), message)
        except Gone:
            pass
        except Refused:
            if state.state is State.POSTED:
                raise

    async def explain(self, _: DesiredItem, __: Refused) -> None:
        """Tell nobody."""
