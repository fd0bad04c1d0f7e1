"""
What every request passes on its way to Discord, so that few are refused and the address is never banned.

Discord bans an address for a day after 10,000 answers of 401, 403 or 429 in ten minutes (docs: Rate Limits > "Invalid
Request Limit"). Steward stays at 50 of 401 and 403: permissions that vanish in many servers at once. A 429 says nothing
of other requests; for it the library waits, and `RequestPace` and `ChannelNames` see that there are hardly any.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import NamedTuple

import aiohttp

from steward.client.rest.errors import Forbidden, TryLater
from steward.runtime.bounded_dict import BoundedDict
from steward.runtime.clock import Clock
from steward.runtime.logs.loggers import get_logger

log = get_logger(__name__)

WINDOW = 600.0
QUIET = 2 * WINDOW  # without a refusal, until what was refused is tried anew
FEW = 10  # refusals in the window; up to here nothing is kept back, and what is on its way not reckoned with
MANY = 25  # refusals in the window; from here on what was refused has had its try: the next is another's
UNPROVEN_UP_TO = 40
PROVEN_UP_TO = 50  # what has worked since goes on beside all that fails
REFUSED_WITHIN = 5.0  # seconds; Discord refuses at once
REMEMBERED = 10_000
REFUSED = frozenset({401, 403})


class RequestKey(NamedTuple):
    """What requests have in common that Discord refuses alike: it decides by channel, server or webhook."""

    method: str
    route: str
    """With the names of its parameters: `/channels/{channel_id}/messages/{message_id}`."""
    major: str
    """The id of the channel, server or webhook."""


class Gate:
    """
    Lets requests through by what became of the same request before, as long as refusals are remembered.

    Use as `async with gate.passing(key, "rename channel 123"): ...` and have it `join` the traces of the HTTP client,
    where it counts the library's retries, too.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._refusals: deque[float] = deque(maxlen=2 * PROVEN_UP_TO)
        self._worked = BoundedDict[RequestKey, bool](REMEMBERED)  # noted while there are refusals
        self._on_their_way: dict[object, float] = {}  # since when
        self._last = ""
        self._last_at = 0.0
        self._many = False

    def join(self, config: aiohttp.TraceConfig) -> None:
        """Count the refusals of whatever `config` traces."""
        config.on_request_end.append(self._saw)

    @property
    def refused(self) -> int:
        """How many requests were refused in the last ten minutes."""
        now = self._clock.monotonic()
        while self._refusals and self._refusals[0] <= now - WINDOW:
            self._refusals.popleft()
        if self._many and now - self._last_at > QUIET:
            self._many = False
            for key in [key for key, worked in self._worked.items() if not worked]:
                del self._worked[key]
            log.info("refusals_over")
        return len(self._refusals)

    @property
    def problem(self) -> str | None:
        """A sentence for the operator while something is kept back."""
        refused = self.refused
        if not self._many:
            return None
        return (
            f"Discord is refusing many requests ({refused} in the last ten minutes), so I'm holding back those that it"
            " may refuse as well: else it may ban me. Most likely I'm missing permissions. The last refusal:"
            f" {self._last}"
        )

    @asynccontextmanager
    async def passing(self, key: RequestKey, what: str) -> AsyncIterator[None]:
        """
        Make the request inside the block.

        Args:
            key: the same for what will be refused alike.
            what: the same for people, to follow "could not": "rename channel 123".

        Raises:
            TryLater: it is kept back, and until when.

        """
        self._admit(key, what)
        request = object()
        self._on_their_way[request] = self._clock.monotonic()
        try:
            yield
        except Forbidden as error:
            self._last = str(error)
            self._note(key, worked=False)
            raise
        else:
            if self._refusals:
                self._note(key, worked=True)
        finally:
            del self._on_their_way[request]

    def _admit(self, key: RequestKey, what: str) -> None:
        refused, now = self.refused, self._clock.monotonic()
        worked = self._worked.get(key)
        most = PROVEN_UP_TO if worked else UNPROVEN_UP_TO
        if self._many and worked is False:
            until = self._last_at + QUIET
        elif refused < FEW or refused + self._soon_answered(now) < most:
            return
        else:
            until = self._refusals[refused - most] + WINDOW if refused >= most else now
        raise TryLater(
            f"I couldn't {what}: Discord is refusing too many requests, so I'm holding this one back.",
            retry_after=max(1.0, until - now),
        )

    def _soon_answered(self, now: float) -> int:
        """Return how many may be refused yet: what hangs for longer is no refusal, and must not hold up others."""
        return sum(now - since < REFUSED_WITHIN for since in self._on_their_way.values())

    def _note(self, key: RequestKey, *, worked: bool) -> None:
        self._worked[key] = worked

    async def _saw(
        self, session: aiohttp.ClientSession, context: SimpleNamespace, end: aiohttp.TraceRequestEndParams
    ) -> None:
        del session, context
        self.answered(end.response.status)

    def answered(self, status: int) -> None:
        """Count an answer that no trace has seen."""
        if status in REFUSED:
            self._count()

    def _count(self) -> None:
        self._last_at = self._clock.monotonic()
        self._refusals.append(self._last_at)
        if self.refused >= MANY and not self._many:
            self._many = True
            log.warning("refusals_many", refused=self.refused, last=self._last)
