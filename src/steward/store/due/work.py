"""Does what is due, when it is due: once each, across crashes, restarts and jumps of the clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from steward.errors import NotReady, StewardError
from steward.runtime.backoff import full_jitter
from steward.runtime.clock import Clock
from steward.runtime.lanes import WATCH, WorkLanes
from steward.runtime.logs.loggers import get_logger
from steward.store.due import due
from steward.store.due.due import DueItem
from steward.store.interface import Store
from steward.store.transaction import Transaction, Work

log = get_logger(__name__)

LOOK_EVERY = 3600.0
LOOK_EVERY_BESIDE_OTHERS = 60.0  # their commits wake nobody here
TRIES = 5
A_TURN = 20  # of a guild until others have theirs
MAX_BETWEEN_TRIES = 30.0

Prepare = Callable[[DueItem], Awaitable[Work[object]]]
"""Prepares what is due, such as by asking Discord, and returns the unit of work that does it."""


@dataclass(frozen=True, slots=True)
class DueKind:
    """
    How what is due of a kind is done.

    Attributes:
        prepare: may run more than once for an item; what it returns is committed once, together with the item's end.
        failed: begins the sentence about one that keeps failing, given the item.

    """

    prepare: Prepare
    failed: Callable[[DueItem], str]


class DueWork:
    """
    Does what is due of some kinds.

    Guarantee: the effect of each item is committed exactly once, with the item's end; whatever must reach Discord goes
    into the outbox by it. The items of a guild are done one after the other in the order in which they are due, those
    of ten guilds at once. One that fails is tried five times within a minute or so and then every ten minutes, across
    restarts, and holds up nothing else. What is due of other kinds waits for whoever knows them.

    Args:
        owns: says whether what is due of a guild is done here; a plain function, called beside the event loop.
        watch: seconds within which it is noticed that the clock was put forward.

    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        kinds: Mapping[str, DueKind],
        *,
        owns: Callable[[int], bool] = lambda _: True,
        watch: float = WATCH,
    ) -> None:
        self._store = store
        self._clock = clock
        self._kinds = kinds
        self._owns = owns
        look_every = LOOK_EVERY_BESIDE_OTHERS if store.shared else LOOK_EVERY
        self._lanes = WorkLanes("due work", self._look, self._next_of, clock, look_every=look_every, watch=watch)
        self._problems: dict[tuple[str, int, str], str] = {}
        self._known_faults: set[tuple[str, type[Exception]]] = set()
        self._looked_at: datetime | None = None

    @property
    def problems(self) -> list[str]:
        """What keeps failing, a sentence each."""
        return list(self._problems.values())

    async def run(self) -> None:
        """Do what is due, until cancelled; one call at a time."""
        self._looked_at = None
        with self._store.listening(due.TOPIC) as earlier:
            await self._lanes.run(earlier)

    async def _look(self) -> tuple[Iterable[int], float | None]:
        now, before = self._clock.now(), self._looked_at
        if before is None or now < before - due.LONGEST_REST:  # a clock that was wrong may have said when to try again
            await self._store.write(due.end_rests)
        if before is None or self._problems:  # some may be forgotten meanwhile
            known = await self._store.read(partial(due.problems, kinds=self._kinds))
            self._problems = {_name(item): problem for item, problem in known if self._owns(item.guild_id)}
        self._looked_at = now
        found, upcoming = await self._store.read(partial(due.guilds, kinds=self._kinds))
        return filter(self._owns, found), None if upcoming is None else upcoming / 1000

    async def _next_of(self, guild_id: int) -> None:
        item = await self._store.read(partial(due.first, kinds=self._kinds, guild_id=guild_id))
        for _ in range(A_TURN):
            if item is not None:
                item = await self._done(item)

    async def _done(self, item: DueItem) -> DueItem | None:
        """Do something, and return what comes after it; None where nothing does, or it failed."""
        try:
            effect = await self._kinds[item.kind].prepare(item)
            following = await self._store.write(partial(_do, item=item, effect=effect, kinds=self._kinds))
        except Exception as error:  # noqa: BLE001 - the boundary of items: a fault is its own item's only
            await self._put_off(item, error)
            return None
        self._problems.pop(_name(item), None)
        return following

    async def _put_off(self, item: DueItem, error: Exception) -> None:
        attempts, problem = item.attempts + 1, None
        rests = timedelta(seconds=full_jitter(attempts, max_delay=MAX_BETWEEN_TRIES))
        if isinstance(error, NotReady):
            if item.attempts == 0:  # one line an outage, not one a try
                log.warning("due_work_delayed", kind=item.kind, number=item.number, error=str(error))
        else:
            fault = item.kind, type(error)
            trace = None if fault in self._known_faults else error  # where all fail, one traceback says it
            self._known_faults.add(fault)
            log.error(
                "due_work_failed",
                kind=item.kind,
                number=item.number,
                attempts=attempts,
                error=type(error).__name__,
                exc_info=trace,
            )
            if attempts >= TRIES:
                why = str(error) if isinstance(error, StewardError) else f"{type(error).__name__}, see the log."
                problem = f"{self._kinds[item.kind].failed(item)}: {why} It's tried again every ten minutes."
                rests = due.LONGEST_REST
        await self._store.write(partial(due.put_off, item=item, until=self._clock.now() + rests, problem=problem))
        if problem is not None:
            self._problems[_name(item)] = problem


def _do(tx: Transaction, item: DueItem, effect: Work[object], kinds: Collection[str]) -> DueItem | None:
    if due.drop(tx, item):  # else it is done, moved or forgotten meanwhile
        effect(tx)
    return due.first(tx, kinds, item.guild_id)


def _name(item: DueItem) -> tuple[str, int, str]:
    return item.kind, item.number, item.name
