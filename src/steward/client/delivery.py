"""
Exactly-once messages: the client end of the outbox.

Discord folds messages of one author with the same nonce into one for some minutes (`enforce_nonce`; docs: Message >
"Create Message"). Within that time sending again is harmless. Later, after a crash between sending and noting it, the
channel's history is read first, and a message already there is adopted.
"""

from __future__ import annotations

from datetime import timedelta

from steward.client.errors import Gone, Refused
from steward.client.rest import Payload, Rest
from steward.runtime.clock import Clock
from steward.store.outbox import OutboxMessage, Undeliverable

NONCE_LASTS = timedelta(minutes=2)  # Discord says "the past few minutes"; the shortest reading of it
HISTORY_SLACK = timedelta(seconds=30)


class Delivery:
    """Sends the outbox's messages; call it with one, and it returns the id Discord gave it."""

    def __init__(self, rest: Rest, clock: Clock) -> None:
        self._rest = rest
        self._clock = clock

    async def __call__(self, message: OutboxMessage) -> int:
        """
        Send `message`, or find it if an earlier process sent it.

        Raises:
            Undeliverable: the channel is gone or closed to the bot.
            TryLater: not now.

        """
        try:
            return await self._sent_before(message) or await self._rest.send_message(
                message.channel_id, message.payload, nonce=message.nonce, files=message.files
            )
        except (Gone, Refused) as error:
            raise Undeliverable(str(error)) from error

    async def _sent_before(self, message: OutboxMessage) -> int | None:
        attempted = message.attempted_at
        if attempted is None or self._clock.now() - attempted < NONCE_LASTS:
            return None
        for found in await self._rest.messages_since(message.channel_id, attempted - HISTORY_SLACK):
            if found["author"].get("bot") and fingerprint(found) == fingerprint(message.payload):
                return int(found["id"])
        return None


def fingerprint(message: Payload) -> object:
    """Return what two copies of one message share: its text and each embed's title and footer."""
    return (
        message.get("content") or "",
        [
            (embed.get("title"), embed.get("footer", {}).get("text"))
            for embed in message.get("embeds", ())
            if embed.get("type", "rich") == "rich"
        ],
    )
