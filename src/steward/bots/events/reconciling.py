"""Brings things on Discord to what the tables say they should be, one after the other; what is refused rests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Generic, Protocol, TypeVar

import structlog

from steward.client.errors import Refused
from steward.errors import StewardError
from steward.runtime.backoff import full_jitter
from steward.runtime.clock import Clock
from steward.store import Store, Transaction

log = structlog.get_logger(__name__)

REFUSED_WAIT = timedelta(minutes=10)
LOOK_EVERY = 300.0


class Difference(Protocol):
    """Something that is not as it should be; those of one `rests_with` are refused together."""

    @property
    def rests_with(self) -> int: ...


D = TypeVar("D", bound=Difference)


class Find(Protocol[D]):
    """Reads some differences, but for those that rest with one of these numbers."""

    def __call__(self, tx: Transaction, /, *, without: Sequence[int]) -> list[D]: ...


@dataclass(frozen=True, slots=True)
class _Refusal:
    problem: str
    until: datetime


class Reconciler(Generic[D]):
    """
    Looks for differences and has them brought to an end.

    Args:
        store: where they are found.
        clock: the time.
        topics: announced when there may be some.
        find: reads them, some at a time.
        bring: ends one on Discord and in the tables and returns True, or False where it has to wait for one of the
            topics; `Refused` lets its kind rest for ten minutes.
        said: makes the problem that people are told of a refusal.

    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        topics: Sequence[str],
        find: Find[D],
        bring: Callable[[D], Awaitable[bool]],
        said: Callable[[Refused], str],
    ) -> None:
        self._store = store
        self._clock = clock
        self._topics = topics
        self._find = find
        self._bring = bring
        self._said = said
        self._refused: dict[int, _Refusal] = {}

    @property
    def problems(self) -> list[str]:
        """What stands in the way, a sentence each."""
        return [refusal.problem for refusal in self._refused.values()]

    async def run(self) -> None:
        """Bring everything to what it should be, for ever; one call at a time."""
        with ExitStack() as stack:
            heard = [stack.enter_context(self._store.listening(topic)) for topic in self._topics]
            while True:
                for event in heard:
                    event.clear()
                pause = await self._look()
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await _first(heard)

    async def _look(self) -> float:
        """End some differences; return the seconds until another look makes sense."""
        now = self._clock.now()
        resting = [number for number, refusal in self._refused.items() if now < refusal.until]
        try:
            found = await self._store.read(partial(self._find, without=resting))
            ended = [await self._end(difference) for difference in found]
        except StewardError as error:
            log.warning("events_delayed", error=str(error))
            return full_jitter(3)
        return 0.0 if any(ended) else LOOK_EVERY

    async def _end(self, difference: D) -> bool:
        try:
            ended = await self._bring(difference)
        except Refused as error:
            self._refused[difference.rests_with] = _Refusal(self._said(error), self._clock.now() + REFUSED_WAIT)
            return True  # it rests; there may be others
        self._refused.pop(difference.rests_with, None)
        return ended


async def _first(events: Sequence[asyncio.Event]) -> None:
    """Wait for one of these."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
