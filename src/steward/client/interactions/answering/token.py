"""
The requests that an interaction's token allows: one callback, then edits and follow-ups for 15 minutes.

Source: docs, Interactions > "Receiving and Responding". They count against no global limit; discord.py's adapter for
webhooks keeps one lock for each token, where its HTTP client would send all callbacks one after the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord.http import Route
from discord.webhook.async_ import async_context

from steward.client.payloads import Payload
from steward.client.rest.asking import asking
from steward.client.rest.errors import TryLater
from steward.client.rest.rest import Files, form_of, with_attachments
from steward.errors import StewardError

if TYPE_CHECKING:  # in a bot without Steward's own libraries it can't be imported
    from steward.client.rest.token_requests import TokenRequests

UNKNOWN_INTERACTION = 10062
ACKNOWLEDGED_ALREADY = 40060
_OVER = (UNKNOWN_INTERACTION, 10015, 50027)  # an unknown webhook, an invalid webhook token

# Seconds between tries. A callback has three seconds in all, an edit many minutes.
FIRST_PAUSES = (0.1, 0.3)
LATER_PAUSES = (1.0, 5.0, 30.0, 60.0)
RETRIES_AFTER = 1.0
"""discord.py asks again by itself, after a second at the least: then an answer that was lost may have been ours."""


class Expired(StewardError):
    """Discord takes no answer any more: three seconds have passed without one, or 15 minutes since."""


class Acknowledged(StewardError):
    """It has its first answer already."""


class InteractionToken:
    """
    Answers one interaction.

    Every method raises `Expired`, `Acknowledged` or what `asking` makes of an error, never one of discord.py.

    Args:
        requests: what sends the requests; discord.py's adapter by default.

    """

    def __init__(self, interaction: discord.Interaction, requests: TokenRequests | None = None) -> None:
        self._adapter = async_context.get() if requests is None else requests
        self._session = interaction._session  # noqa: SLF001 - `followup` would make a webhook to tell it
        self._callback = Route(
            "POST",
            "/interactions/{webhook_id}/{webhook_token}/callback",
            webhook_id=interaction.id,
            webhook_token=interaction.token,
        )
        self._application_id = interaction.application_id
        self._token = interaction.token
        self._requests = 0

    taken = False
    """Whether somebody else had answered before our first answer: its first request came back so."""

    async def respond(self, kind: int, data: Payload | None = None, files: Files = ()) -> None:
        """Send the first answer, a callback of that type."""
        body: Payload = {"type": kind}
        if data is not None:
            body["data"] = with_attachments(data, files)
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            await self._surely(FIRST_PAUSES, self._callback, body, files)
        except Acknowledged:
            self.taken = self._requests == 1 and loop.time() - began < RETRIES_AFTER
            raise

    async def edit(self, message: Payload, files: Files = ()) -> None:
        """Change the first answer; after a deferred update, the message that was clicked."""
        await self._surely(
            LATER_PAUSES, self._webhook("PATCH", "/messages/@original"), with_attachments(message, files), files
        )

    async def delete(self) -> None:
        await self._surely(LATER_PAUSES, self._webhook("DELETE", "/messages/@original"), None, ())

    async def follow_up(self, message: Payload, files: Files = ()) -> None:
        """Send one more message. It is not tried again where its outcome is unknown: that could make it two."""
        await self._ask(self._webhook("POST"), with_attachments(message, files), files)

    def _webhook(self, method: str, further: str = "") -> Route:
        path = "/webhooks/{webhook_id}/{webhook_token}" + further
        return Route(method, path, webhook_id=self._application_id, webhook_token=self._token)

    async def _surely(self, pauses: Sequence[float], route: Route, body: Payload | None, files: Files) -> None:
        """Ask again while there is no answer: Discord takes one callback only, and the same edit twice is one."""
        for pause in pauses:
            try:
                await self._ask(route, body, files)
            except TryLater:
                await asyncio.sleep(pause)
            else:
                return
        await self._ask(route, body, files)

    async def _ask(self, route: Route, body: Payload | None, files: Files) -> None:
        self._requests += 1
        sent: dict[str, Any] = {"multipart": form_of(body, files)} if files else {"payload": body}
        async with asking("answer an interaction"):
            try:
                await self._adapter.request(route, self._session, **sent)
            except discord.HTTPException as error:
                if error.code in _OVER:
                    raise Expired(f"Discord takes no answer any more: {error.text} ({error.code}).") from error
                if error.code == ACKNOWLEDGED_ALREADY:
                    raise Acknowledged(f"Answered already ({error.code}).") from error
                raise
