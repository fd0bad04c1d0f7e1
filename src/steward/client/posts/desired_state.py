"""Brings what Discord shows to what it should show: the newest state only, whatever came before it."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any, Generic, TypeVar

from steward.client.rest.errors import Refused
from steward.errors import NeedsOperator, NotReady, StewardError
from steward.runtime.backoff import full_jitter
from steward.runtime.clock import Clock
from steward.runtime.lanes import WorkLanes
from steward.runtime.logs.loggers import get_logger
from steward.store import Store, Transaction
from steward.store.desired import desired
from steward.store.desired.desired import DesiredItem, Outcome
from steward.store.outbox import outbox

log = get_logger(__name__)

LOOK_EVERY = 3600.0
LOOK_EVERY_BESIDE_OTHERS = 15.0  # their commits wake nobody here
REVIEW_EVERY = 600.0
BETWEEN_LOOKS = 0.05  # a flood of clicks is one look

S = TypeVar("S")


class NotSentYet(Exception):
    """Something can be shown only once a message of the outbox is sent."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class DesiredKind(ABC, Generic[S]):
    """
    A kind of thing that is shown.

    Attributes:
        name: in the table of desired state.
        every: seconds for which an item is left alone after a write.
        failed: begins the sentence about an item that fails for another reason than Discord's.

    """

    name: str
    every = 0.0
    failed: str

    @abstractmethod
    def read(self, tx: Transaction, item: DesiredItem) -> S:
        """
        Return what an item should show.

        Raises:
            NotSentYet: a message has to be sent first.

        """

    @abstractmethod
    async def write(self, item: DesiredItem, state: S) -> Outcome | None:
        """
        Have Discord show it, if it does not; None where nothing is to be shown ever after.

        May run more than once for a revision; whatever it raises leaves the item to be written again.
        """

    async def explain(self, _: DesiredItem, error: Refused) -> str | None:
        """Return what people are told of a refusal; None for nothing."""
        return str(error)


class DesiredState:
    """
    Keeps all things of a kind as they should be.

    Those of a lane are written one after the other, ten lanes at once and in turn: a channel or a guild whose requests
    take long holds up no other. What Discord refuses rests for ten minutes, and so does what fails for another reason;
    what Discord cannot do now is tried again within seconds. Rests and problems are in the table: they survive
    restarts.

    Args:
        owns: says whether what is in a guild is written here.

    """

    def __init__(
        self, store: Store, clock: Clock, kind: DesiredKind[Any], *, owns: Callable[[int], bool] = lambda _: True
    ) -> None:
        self._store = store
        self._clock = clock
        self._kind = kind
        self._owns = owns
        look_every = LOOK_EVERY_BESIDE_OTHERS if store.shared else LOOK_EVERY
        self._lanes = WorkLanes(f"show {kind.name}", self._look, self._next_in, clock, look_every=look_every)
        self._problems: dict[tuple[int, str], str] = {}
        self._looked_at = self._reviewed_at = float("-inf")

    @property
    def problems(self) -> list[str]:
        """What stands in the way, a sentence each."""
        return list(self._problems.values())

    async def run(self) -> None:
        """Bring everything to what it should be, until cancelled; one call at a time."""
        self._reviewed_at = float("-inf")
        with self._store.listening(desired.topic(self._kind.name)) as marked:
            await self._lanes.run(marked)

    async def _look(self) -> tuple[Iterable[int], float | None]:
        await asyncio.sleep(self._looked_at + BETWEEN_LOOKS - self._clock.monotonic())
        now = self._looked_at = self._clock.monotonic()
        if now >= self._reviewed_at + REVIEW_EVERY:
            known = await self._store.write(partial(desired.review, kind=self._kind.name))
            self._problems = {(item.number, item.name): said for item, said in known if self._owns(item.guild_id)}
            self._reviewed_at = now
        found, upcoming = await self._store.read(partial(desired.lanes, kind=self._kind.name))
        return [lane for lane, guild_id in found if self._owns(guild_id)], None if upcoming is None else upcoming / 1000

    async def _next_in(self, lane: int) -> None:
        item, state = await self._store.read(partial(self._read, lane=lane))
        if item is None:
            return
        problem = item.problem
        rest: timedelta | None = desired.LONGEST_REST
        try:
            if isinstance(state, Exception):
                raise state
            outcome = await self._kind.write(item, state)
            problem = None if outcome is None else outcome.problem
            again = self._clock.now() + timedelta(seconds=self._kind.every)
            await self._store.write(partial(desired.note, item=item, outcome=outcome, not_before=again))
            rest = None
        except NotSentYet as error:
            await self._store.write(partial(desired.wait, item=item, key=error.key))
            rest = None
        except Refused as error:
            problem = await self._explained(item, error)
        except (NotReady, NeedsOperator) as error:  # Discord's or the database's own
            if item.attempts == 0:  # one line an outage, not one a try
                log.warning("not_shown_yet", kind=item.kind, number=item.number, error=str(error))
            rest = timedelta(seconds=full_jitter(3))
        except Exception as error:  # the boundary of items: a fault is its own item's only
            log.error("not_shown", kind=item.kind, number=item.number, exc_info=error)
            why = str(error) if isinstance(error, StewardError) else f"{type(error).__name__}, see the log."
            problem = f"{self._kind.failed}: {why}"
        if rest is not None:
            until = self._clock.now() + rest
            await self._store.write(partial(desired.rest, item=item, until=until, problem=problem))
        self._problems.pop((item.number, item.name), None)
        if problem is not None:
            self._problems[item.number, item.name] = problem

    def _read(self, tx: Transaction, lane: int) -> tuple[DesiredItem | None, Any]:
        """Read what is written next in a lane, and what it should show, or why that cannot be read."""
        item = desired.first(tx, self._kind.name, lane)
        if item is None:
            return None, None
        try:
            return item, self._kind.read(tx, item)
        except (NotReady, NeedsOperator):
            raise
        except Exception as error:  # noqa: BLE001 - the boundary of items, as above
            return item, error

    async def _explained(self, item: DesiredItem, error: Refused) -> str | None:
        """Return what people are told of a refusal: Discord's own words where nothing better can be found out."""
        try:
            return await self._kind.explain(item, error)
        except StewardError as failed:
            log.warning("not_shown_yet", kind=item.kind, number=item.number, error=str(failed))
        except Exception as failed:  # the boundary of items, as above
            log.error("not_shown", kind=item.kind, number=item.number, exc_info=failed)
        return str(error)


def sent_message(tx: Transaction, key: str) -> int | None:
    """
    Return Discord's id of a message of the outbox; None where it was given up.

    Raises:
        NotSentYet: it is on its way.

    """
    waits = outbox.is_waiting(tx, key)  # first: it may be sent now
    message_id = outbox.sent_id(tx, key)
    if message_id is None and waits:
        raise NotSentYet(key)
    return message_id
