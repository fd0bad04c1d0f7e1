"""Brings things on Discord to what the tables say they should be; what is refused rests and holds up nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice

import structlog

from steward.client.rest.errors import Refused
from steward.errors import NeedsOperator, NotReady, StewardError
from steward.runtime.backoff import full_jitter
from steward.store import Store, Transaction
from steward.store.outbox import outbox

log = structlog.get_logger(__name__)

AT_ONCE = 10
REFUSED_WAIT = 600.0
LOOK_EVERY = 300.0  # another process may have left something undone
SENT_EVERY = 15.0  # another process may have sent it


def _own_lane(_: Transaction, __: int) -> None:
    return None


class Reconciler:
    """
    Keeps things, each known by a number, as they should be: the newest state only, whatever came before it.

    Things of a lane are brought one after the other, ten lanes at once: a channel or a server whose requests take long
    holds up no other. What Discord refuses rests for ten
    minutes, and so does what fails for another reason; what Discord or the database cannot do now is soon done.

    Args:
        store: where they are found.
        find: reads the numbers of things that may not be as they should be; called at the start, when `topic` is
            announced, and every five minutes.
        bring: makes one as it should be and returns True, or False where it has to wait for a message to be sent.
        lane: reads the lane of a thing, such as its channel; None for one of its own.
        said: makes the problem that people are told of a refusal.
        failed: begins the problem that people are told of any other failure.
        topic: announced when there is more to find; None where `changed` tells of it.
        pause: seconds for which a thing is left alone after each time.
        look_every: seconds between two looks at the most.

    Attributes:
        problems: what stands in the way of a thing, a sentence each, by number.

    """

    def __init__(
        self,
        store: Store,
        *,
        find: Callable[[Transaction], Sequence[int]],
        bring: Callable[[int], Awaitable[bool]],
        lane: Callable[[Transaction, int], int | None] = _own_lane,
        said: Callable[[int, Refused], Awaitable[str]] | None = None,
        failed: str = "Something of an event cannot be shown",
        topic: str | None = None,
        pause: float = 0.0,
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._store = store
        self._find = find
        self._lane = lane
        self._bring = bring
        self._said = said
        self._failed = failed
        self._topic = topic
        self._pause = pause
        self._look_every = look_every
        self._changed: dict[int, None] = {}
        self._unsent: set[int] = set()
        self._busy: set[int] = set()
        self._lanes: set[int] = set()  # in which something is being brought
        self._lane_of: dict[int, int] = {}  # of what waits for its lane
        self._entering = asyncio.Lock()
        self._resting: dict[int, asyncio.TimerHandle] = {}
        self._wake = asyncio.Event()
        self.problems: dict[int, str] = {}

    def changed(self, number: int) -> None:
        """Note that a thing is to be another."""
        self._changed[number] = None
        self._wake.set()

    def free(self, number: int) -> None:
        """Let a thing rest no longer."""
        if (resting := self._resting.pop(number, None)) is not None:
            resting.cancel()
            self._wake.set()

    async def run(self) -> None:
        """Bring everything to what it should be, for ever, a few at once."""
        self._busy.clear()
        self._lanes.clear()
        async with asyncio.TaskGroup() as running:
            running.create_task(self._look(), name="look for differences")
            running.create_task(self._hear_of_sent(), name="hear of sent messages")
            while True:
                self._wake.clear()
                for number in list(islice(self._ready(), AT_ONCE - len(self._busy))):
                    del self._changed[number]
                    self._busy.add(number)
                    running.create_task(self._try(number), name=f"bring {number}")
                await self._wake.wait()

    def _ready(self) -> Iterator[int]:
        """Yield what may be brought now, what has waited longest first: one of each lane that is free."""
        lanes = set(self._lanes)
        for number in self._changed:
            if number in self._busy or number in self._resting:
                continue
            lane = self._lane_of.get(number)
            if lane is None:
                yield number
            elif lane not in lanes:
                lanes.add(lane)
                yield number

    async def _look(self) -> None:
        """Note whatever is found, again and again."""
        with self._store.listening(self._topic or "") as announced:
            while True:
                announced.clear()
                pause = self._look_every
                try:
                    for number in await self._store.read(self._find):
                        self.changed(number)
                except StewardError as error:
                    log.warning("events_delayed", error=str(error))
                    pause = full_jitter(3)
                await _heard(announced, pause)

    async def _hear_of_sent(self) -> None:
        """Go on with what waited for a message to be sent."""
        with self._store.listening(outbox.SENT) as sent:
            while True:
                await sent.wait()
                sent.clear()
                for number in list(self._unsent):
                    self._look_again(number)

    def _look_again(self, number: int) -> None:
        """Bring what has waited for a message: it was sent, or another process may have sent it meanwhile."""
        if number in self._unsent:
            self._unsent.discard(number)
            self.changed(number)

    async def _try(self, number: int) -> None:
        rest, lane = self._pause, None
        try:
            async with self._entering:  # in turn, else the quickest read would go first, not what has waited longest
                lane = self._lane_of.pop(number, None) or await self._store.read(lambda tx: self._lane(tx, number))
                if lane is not None and lane in self._lanes:
                    self._lane_of[number], lane = lane, None
                    self._changed[number] = None
                    rest = 0.0
                    return
                if lane is not None:
                    self._lanes.add(lane)
            if not await self._bring(number):
                self._unsent.add(number)
                asyncio.get_running_loop().call_later(SENT_EVERY, self._look_again, number)
        except Refused as error:
            self.problems[number] = await self._explained(number, error)
            self._changed[number] = None
            rest = REFUSED_WAIT
        except (NotReady, NeedsOperator) as error:  # Discord's or the database's own
            log.warning("events_delayed", number=number, error=str(error))
            self._changed[number] = None
            rest = max(self._pause, full_jitter(3, max_delay=30.0))
        except Exception as error:  # the boundary of things: a fault is its own thing's only
            log.error("event_not_shown", number=number, exc_info=error)
            why = str(error) if isinstance(error, StewardError) else f"{type(error).__name__}, see the log."
            self.problems[number] = f"{self._failed}: {why}"
            self._changed[number] = None
            rest = REFUSED_WAIT
        else:
            self.problems.pop(number, None)
        finally:
            self._busy.discard(number)
            if lane is not None:
                self._lanes.discard(lane)
            self._resting[number] = asyncio.get_running_loop().call_later(rest, self.free, number)
            self._wake.set()

    async def _explained(self, number: int, error: Refused) -> str:
        """Return what people are told of a refusal: Discord's own words where nothing better can be found out."""
        try:
            return str(error) if self._said is None else await self._said(number, error)
        except StewardError as failed:
            log.warning("events_delayed", number=number, error=str(failed))
        except Exception as failed:  # the boundary of things, as above
            log.error("event_not_shown", number=number, exc_info=failed)
        return str(error)


async def _heard(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, but not for longer."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
