"""Posts that were left behind as their event went to another channel: each says where that is, and has no buttons."""

from __future__ import annotations

from functools import partial

from steward.bots.events.model.details import BadEvent
from steward.bots.events.model.occurrences import Occurrence, State, occurrence
from steward.bots.events.posts.reconciling import Reconciler
from steward.bots.events.rsvp.notices import post_id
from steward.client.embeds import plain
from steward.client.rest.errors import Gone, Refused
from steward.client.rest.rest import Rest
from steward.store import Store, Transaction

TOPIC = "event_left_posts"
"""Announced whenever a post was left."""


def leave(tx: Transaction, event: Occurrence) -> None:
    """Note that an occurrence's post, if it has one, is to say where the next one is."""
    message_id = post_id(tx, event)
    if message_id is None:
        return
    row = {"message_id": message_id, "channel_id": event.channel_id, "occurrence_id": event.id}
    tx.insert_new("event_left_posts", row)
    tx.notify(TOPIC)


class LeftPosts:
    """
    Edits what was left, once Discord lets it, across restarts; what it refuses is given up when the event is over.

    A refusal is no problem to tell of: a channel is often left because it is closed to the bot.

    Args:
        store: knows what was left.
        rest: Discord.

    """

    def __init__(self, store: Store, rest: Rest) -> None:
        self._store = store
        self._rest = rest
        self._reconciler = Reconciler(store, find=_left, bring=self._bring, lane=_channel_of, topic=TOPIC)
        self.run = self._reconciler.run

    async def _bring(self, message_id: int) -> bool:
        found = await self._store.read(partial(_read, message_id=message_id))
        if found is not None:
            channel_id, event = found
            text = f"**{plain(event.details.title)}** is posted in <#{event.channel_id}> now."
            try:
                message = {"content": text, "embeds": [], "components": []}
                await self._rest.edit_message(channel_id, message_id, message)
            except Gone:
                pass
            except Refused:
                if event.state is State.POSTED:
                    raise
        await self._store.write(partial(_forget, message_id=message_id))
        return True


def _left(tx: Transaction) -> list[int]:
    return [row[0] for row in tx.all("SELECT message_id FROM event_left_posts ORDER BY message_id")]


def _channel_of(tx: Transaction, message_id: int) -> int | None:
    found: int | None = tx.value("SELECT channel_id FROM event_left_posts WHERE message_id = ?", (message_id,))
    return found


def _read(tx: Transaction, message_id: int) -> tuple[int, Occurrence] | None:
    """Return where a post was left, and of which occurrence; None where there is nothing more to say."""
    row = tx.one("SELECT channel_id, occurrence_id FROM event_left_posts WHERE message_id = ?", (message_id,))
    try:
        return None if row is None else (row[0], occurrence(tx, row[1]))
    except BadEvent:  # nobody keeps it any more
        return None


def _forget(tx: Transaction, message_id: int) -> None:
    tx.execute("DELETE FROM event_left_posts WHERE message_id = ?", (message_id,))
