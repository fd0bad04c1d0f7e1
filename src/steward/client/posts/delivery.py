"""
Exactly-once messages: the client end of the outbox.

Discord folds messages of one author with the same nonce into one for some minutes (`enforce_nonce`; docs: Message >
"Create Message"). Within that time sending again is harmless. Later, after a crash between sending and noting it, the
channel's history is read first, and a message already there is adopted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from steward.client.access.permissions import POST
from steward.client.payloads import Payload
from steward.client.rest.errors import Forbidden, Gone, Refused, refusal
from steward.client.rest.rest import Rest
from steward.runtime.bounded_dict import BoundedDict
from steward.runtime.clock import Clock
from steward.store.outbox.queue import OutboxMessage, Undeliverable

log = structlog.get_logger(__name__)

REMEDY = f"Give me {', '.join(POST.labels())} in the channel's settings > Permissions."
MISSING_PERMISSIONS = 50013
NONCE_LASTS = timedelta(minutes=2)  # Discord says "the past few minutes"; the shortest reading of it
HISTORY_SLACK = timedelta(seconds=30)
CLOSED_FOR = timedelta(days=1)  # each refusal counts against the bot, so a user who is closed is not asked every time
CLOSED_KNOWN = 1000


class Delivery:
    """
    Sends the outbox's messages; call it with one, and it returns the id Discord gave it.

    Args:
        gone: told of a channel that Discord does not know any more.

    """

    def __init__(self, rest: Rest, clock: Clock, *, gone: Callable[[int], None]) -> None:
        self._rest = rest
        self._clock = clock
        self._gone = gone
        self._closed = BoundedDict[int, datetime](CLOSED_KNOWN)
        """Users whose direct messages were closed, and when."""

    async def __call__(self, message: OutboxMessage) -> int:
        """
        Send `message`, or find it if an earlier process sent it.

        Raises:
            Undeliverable: the channel is gone or closed to the bot.
            TryLater: not now.

        """
        if message.user_id is not None:
            return await self._deliver_directly(message, message.user_id)
        try:
            return await self._sent_before(message) or await self._send(message)
        except Gone as error:
            self._gone(message.channel_id)
            said = f"<#{message.channel_id}>, where it should be posted, was deleted."
            raise Undeliverable(said, why="the channel is gone") from error
        except Forbidden as error:
            said = refusal("post in", message.channel_id, error, POST)
            raise Undeliverable(said, why="I can't write there", remedy=REMEDY) from error
        except Refused as error:
            raise Undeliverable(str(error)) from error

    async def _deliver_directly(self, message: OutboxMessage, user_id: int) -> int:
        """Send it to its user, or mention the user in a channel where direct messages are closed."""
        if message.instead_channel_id is None or not self._is_closed(user_id):
            try:
                direct = replace(message, channel_id=await self._rest.direct_channel(user_id))
                return await self._sent_before(direct) or await self._send(direct)
            except (Gone, Refused) as error:
                if message.instead_channel_id is None:
                    raise Undeliverable(str(error)) from error
                log.info("direct_message_closed", key=message.key, reason=str(error))
                self._closed[user_id] = self._clock.now()
        mention = {
            "content": f"<@{user_id}> {message.payload.get('content', '')}",
            "allowed_mentions": {"parse": [], "users": [str(user_id)]},
        }
        payload = message.payload | mention
        return await self(replace(message, channel_id=message.instead_channel_id, user_id=None, payload=payload))

    def _is_closed(self, user_id: int) -> bool:
        since = self._closed.get(user_id)
        return since is not None and self._clock.now() - since < CLOSED_FOR

    async def _send(self, message: OutboxMessage) -> int:
        """Send it, without its files where they are refused: the words matter more than the picture."""
        try:
            return await self._rest.send_message(
                message.channel_id, message.payload, nonce=message.nonce, files=message.files
            )
        except Refused as error:
            if not message.files or error.code != MISSING_PERMISSIONS:
                raise
            log.warning("files_refused", key=message.key, reason=str(error))
        return await self._rest.send_message(message.channel_id, without_files(message.payload), nonce=message.nonce)

    async def _sent_before(self, message: OutboxMessage) -> int | None:
        attempted = message.attempted_at
        if attempted is None or self._clock.now() - attempted < NONCE_LASTS:
            return None
        for found in await self._rest.messages_since(message.channel_id, attempted - HISTORY_SLACK):
            if found["author"].get("bot") and fingerprint(found) == fingerprint(message.payload):
                return int(found["id"])
        return None


def without_files(message: Payload) -> Payload:
    """Return the message without the pictures of its embeds; embeds of nothing but a picture go with it."""
    embeds = [{key: value for key, value in embed.items() if key != "image"} for embed in message.get("embeds", ())]
    return {**message, "embeds": [embed for embed in embeds if embed.keys() - {"color"}]}


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
