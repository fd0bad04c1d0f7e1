"""
Whether Discord still takes the token: a refusal is believed when it stays one.

Discord has answered 401 to tokens that were valid, for some seconds, during outages. So whoever meets a 401 is told to
come back later, and here the token itself is tried again until that is settled.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from types import SimpleNamespace

import aiohttp
import discord
import structlog
from discord.http import HTTPClient, Route

from steward.client.rest.asking import asking
from steward.client.rest.errors import REFUSED_TOKEN_WAIT, TOKEN_REFUSED, TOKEN_REMEDY
from steward.errors import NeedsOperator, StewardError

log = structlog.get_logger(__name__)

TRIES, PAUSE = 6, REFUSED_TOKEN_WAIT
"""So many more refusals, so many seconds apart, are believed."""
TRIES_TO_LOG_IN, PAUSE_TO_LOG_IN = 3, 5.0
"""At the start, where a person may wait for the verdict: so many refusals in all, five seconds apart and then ten."""
PROBLEM = (
    "Discord doesn't accept the token. It's tried for a minute more, then Steward ends. If it was reset, copy it again"
    " from the developer portal (Bot > Reset Token) into BOT_TOKEN."
)
_OF_OTHER_TOKENS = ("/interactions/", "/webhooks/")  # in their path


class TokenWatch:
    """
    See the module.

    Args:
        http: discord.py's, logged in.

    """

    def __init__(self, http: HTTPClient) -> None:
        self._http = http
        self._refused = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self._is_logged_in = False

    def join(self, trace: aiohttp.TraceConfig) -> None:
        """Look at every answer that `trace` sees."""
        trace.on_request_end.append(self._saw)

    def logged_in(self) -> None:
        """Note that Discord has taken the token: refusals count from now on."""
        self._is_logged_in = True

    def refused(self) -> None:
        """Note a refusal."""
        if self._is_logged_in:
            self._refused.set()
            self._settled.clear()

    @property
    def problem(self) -> str | None:
        """A sentence while the token was refused and it is not known whether it stays so."""
        return PROBLEM if self._refused.is_set() else None

    async def settled(self) -> None:
        """Return once the token is taken after all; at once where it was not refused."""
        await self._settled.wait()

    async def run(self) -> None:
        """
        Settle each refusal, for ever.

        Raises:
            NeedsOperator: the token is refused for good.

        """
        while True:
            await self._refused.wait()
            log.warning("token_refused", tries=TRIES, seconds=TRIES * PAUSE)
            await self._settle()
            self._refused.clear()
            self._settled.set()
            log.info("token_taken_again")

    async def _settle(self) -> None:
        """Return once the token is taken; what says nothing about it, such as an outage, does not count."""
        refusals = 0
        while True:
            await asyncio.sleep(PAUSE)
            try:
                if await self._is_taken():
                    return
            except StewardError:
                continue
            refusals += 1
            if refusals == TRIES:
                raise NeedsOperator(TOKEN_REFUSED, remedy=TOKEN_REMEDY)

    async def _is_taken(self) -> bool:
        async with asking("try the token"):
            try:
                await self._http.request(Route("GET", "/users/@me"))
            except discord.HTTPException as error:
                if error.status == HTTPStatus.UNAUTHORIZED:
                    return False
                raise
            return True

    async def _saw(self, _: aiohttp.ClientSession, __: SimpleNamespace, request: aiohttp.TraceRequestEndParams) -> None:
        if request.response.status == HTTPStatus.UNAUTHORIZED and not any(
            part in request.url.path for part in _OF_OTHER_TOKENS
        ):
            self.refused()
