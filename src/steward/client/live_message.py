"""A message that is kept up to date in place: posted once, edited from then on, posted anew if somebody deletes it."""

from __future__ import annotations

from hashlib import blake2b

from steward.client.errors import Gone
from steward.client.rest import Payload, Rest
from steward.store import Store, Transaction, kv


class LiveMessage:
    """
    One message that always shows the newest content.

    Args:
        rest: Discord.
        store: remembers the message's id between runs.
        key: its name among live messages, unique in the database.
        channel_id: where it stands.

    """

    def __init__(self, rest: Rest, store: Store, *, key: str, channel_id: int) -> None:
        self._rest = rest
        self._store = store
        self._key = f"live_message.{key}.{channel_id}"
        self._channel_id = channel_id
        self._message_id: int | None = None
        self._content: Payload | None = None
        self.edits = 0

    async def show(self, content: Payload) -> None:
        """
        Bring the message to `content`; nothing is sent when it shows that already.

        Raises:
            Refused, Gone, TryLater: as Discord answers; the next call tries again.

        """
        if content == self._content:
            return
        if self._message_id is None:
            self._message_id = await self._store.read(self._remembered)
        if not await self._edited(content):
            await self._post(content)
        self._content = content

    async def _edited(self, content: Payload) -> bool:
        if self._message_id is None:
            return False
        try:
            await self._rest.edit_message(self._channel_id, self._message_id, content)
        except Gone:  # the message, or with it the channel: posting will tell
            return False
        self.edits += 1
        return True

    async def _post(self, content: Payload) -> None:
        # The nonce names the message that this one replaces: a post that died before it was remembered is not
        # repeated by the next process, and a deleted message is not taken for the new one.
        nonce = blake2b(f"{self._key}:{self._message_id}".encode(), digest_size=12).hexdigest()
        message_id = self._message_id = await self._rest.send_message(self._channel_id, content, nonce=nonce)

        await self._store.write(lambda tx: kv.put(tx, self._key, str(message_id)))

    def _remembered(self, tx: Transaction) -> int | None:
        value = kv.get(tx, self._key)
        return None if value is None else int(value)
