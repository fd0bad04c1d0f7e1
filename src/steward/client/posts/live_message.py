"""A message that is kept up to date in place: posted once, edited from then on, posted anew if somebody deletes it."""

from __future__ import annotations

from contextlib import suppress
from hashlib import blake2b

from steward.client.payloads import Payload
from steward.client.posts.delivery import fingerprint
from steward.client.rest.errors import Gone, Refused
from steward.client.rest.rest import Rest
from steward.store import Store, Transaction, kv


class LiveMessage:
    """
    One message that always shows the newest content.

    Args:
        store: remembers the message's id between runs.
        key: its name among live messages, unique in the database.

    """

    def __init__(self, rest: Rest, store: Store, *, key: str, channel_id: int) -> None:
        self._rest = rest
        self._store = store
        self._key = f"live_message.{key}.{channel_id}"
        self._channel_id = channel_id
        self._message_id: int | None = None

    async def show(self, content: Payload) -> None:
        """
        Bring the message to `content`.

        Raises:
            Refused, Gone, TryLater: as Discord answers; the next call tries again.

        """
        if self._message_id is None:
            self._message_id = await self._store.read(self._remembered) or await self._find(content)
        if not await self._edited(content):
            await self._post(content)

    async def _edited(self, content: Payload) -> bool:
        if self._message_id is None:
            return False
        try:
            await self._rest.edit_message(self._channel_id, self._message_id, content)
        except Gone:  # the message, or with it the channel: posting will tell
            return False
        return True

    async def _find(self, content: Payload) -> int | None:
        """Adopt a message whose post was not remembered: its process died between the two."""
        with suppress(Refused):  # without READ_MESSAGE_HISTORY there is nothing to find
            for found in await self._rest.latest_messages(self._channel_id):
                if found["author"].get("bot") and fingerprint(found) == fingerprint(content):
                    return int(found["id"])
        return None

    async def _post(self, content: Payload) -> None:
        # The nonce names the message that this one replaces, so that a deleted one is not taken for the new.
        nonce = blake2b(f"{self._key}:{self._message_id}".encode(), digest_size=12).hexdigest()
        message_id = self._message_id = await self._rest.send_message(self._channel_id, content, nonce=nonce)

        await self._store.write(lambda tx: kv.put(tx, self._key, str(message_id)))

    def _remembered(self, tx: Transaction) -> int | None:
        value = kv.get(tx, self._key)
        return None if value is None else int(value)
