"""Messages through a webhook: they need no bot, so they come when the bot's own connection does not."""

from __future__ import annotations

from http import HTTPStatus
from typing import Self

import aiohttp

from steward.client.rest.rest import NO_MENTIONS
from steward.errors import NeedsOperator
from steward.runtime.logs.line_feed import NotTaken, Send

WITHIN = 15.0
REFUSALS = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})


class Webhooks:
    """
    Posts to webhooks. Use as `async with`: all share one session, made when first needed.

    Args:
        within: seconds in which an answer must be there.

    """

    def __init__(self, *, within: float = WITHIN) -> None:
        self._within = within
        self._session: aiohttp.ClientSession | None = None

    def sender(self, name: str, address: str) -> Send:
        """
        Return what posts a message of up to 2,000 characters, which pings nobody.

        It raises `NotTaken` where it may be tried again, `NeedsOperator` where the webhook is gone; the address, which
        is a secret, is in neither.

        Args:
            name: of the setting that holds the address.

        """

        async def send(text: str) -> None:
            body = {"content": text, "allowed_mentions": NO_MENTIONS}
            try:
                async with self._open().post(address, json=body) as answer:
                    status = answer.status
                    wait = answer.headers.get("Retry-After", "")
            except (OSError, aiohttp.ClientError, TimeoutError) as error:
                raise NotTaken(f"The webhook can't be reached ({type(error).__name__}).") from None
            if status in REFUSALS:
                raise NeedsOperator(
                    f"Discord doesn't know that webhook ({status}).",
                    remedy=f"Make a new one and set {name} to its address.",
                )
            if status >= HTTPStatus.BAD_REQUEST:
                seconds = float(wait) if wait.replace(".", "", 1).isdigit() else 0.0
                raise NotTaken(f"Discord didn't accept the message ({status}).", retry_after=seconds)

        return send

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._within))
        return self._session
