"""Posts that were left behind as their event went to another channel: each says where that is, and has no buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from steward.bots.events.model.occurrences import DisplayKind, Occurrence, State, occurrence
from steward.bots.events.rsvp.notices import post_id
from steward.client.embeds import plain
from steward.client.posts.desired_state import DesiredKind
from steward.client.rest.errors import Gone, Refused
from steward.store import Transaction
from steward.store.desired import desired
from steward.store.desired.desired import DesiredItem

if TYPE_CHECKING:
    from steward.client.rest.rest import Rest


def leave(tx: Transaction, event: Occurrence) -> None:
    """Note that an occurrence's post, if it has one, is to say where the next one is."""
    message_id = post_id(tx, event)
    if message_id is not None:
        name, guild_id, lane = str(message_id), event.guild_id, event.channel_id
        desired.put(tx, DisplayKind.LEFT, event.id, name=name, guild_id=guild_id, lane=lane)


class LeftPosts(DesiredKind[Occurrence]):
    """
    Edits what was left, once each; what Discord refuses is given up when the event is over.

    A refusal is no problem to tell of: a channel is often left because it is closed to the bot.
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
