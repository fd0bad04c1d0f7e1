"""Does what is due, when it is due: once each, across crashes, restarts and jumps of the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import structlog

from steward.bots.events.schedule import moments
from steward.bots.events.schedule.effects import happen
from steward.bots.events.schedule.moments import Moment, MomentKind
from steward.errors import NeedsOperator, NotReady, StewardError
from steward.runtime.backoff import full_jitter
from steward.runtime.clock import Clock
from steward.store import Store

log = structlog.get_logger(__name__)

AT_ONCE = 50
LOOK_EVERY = 3600.0  # what another process has planned and left behind is found within that
TRIES = 5
FAULT_RESTS = 3600.0


async def _always(_: Moment) -> bool:
    return True


class Timetable:
    """
    Runs the moments of all events.

    Guarantee: the effect of each moment is committed exactly once, with the moment's end; whatever must reach Discord
    goes into the outbox by it.

    Args:
        store: keeps them.
        clock: the time.
        changed: told of occurrences whose posts are new, or to show something else.
        before_reminding: awaited with an occurrence before its people are reminded.
        role_reaches: asked before each moment whether a mention of a role reaches its members.
        watch: a wall clock that was put forward is noticed within this time.

    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        changed: Callable[[int], None],
        before_reminding: Callable[[int], Awaitable[None]] | None = None,
        role_reaches: Callable[[Moment], Awaitable[bool]] = _always,
        watch: timedelta = timedelta(minutes=1),
    ) -> None:
        self._store = store
        self._clock = clock
        self._changed = changed
        self._before_reminding = before_reminding
        self._role_reaches = role_reaches
        self._watch = watch.total_seconds()
        self._failures: dict[Moment, int] = {}
        self._problems: dict[tuple[int, str, str], str] = {}

    @property
    def problems(self) -> list[str]:
        """What keeps failing, a sentence each."""
        return list(self._problems.values())

    async def run(self) -> None:
        """Do what is due, for ever; one call at a time."""
        with self._store.listening(moments.TOPIC) as earlier:
            while True:
                earlier.clear()
                await self._sleep(await self._look(), earlier)

    async def _sleep(self, until: datetime, earlier: asyncio.Event) -> None:
        """Wait until an instant of the wall clock, which may be set meanwhile, or for something that comes earlier."""
        while not earlier.is_set() and (left := (until - self._clock.now()).total_seconds()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, self._watch)):
                    await earlier.wait()

    async def _look(self) -> datetime:
        """Do what is due and return when another look makes sense."""
        try:
            due = await self._store.read(partial(moments.due, limit=AT_ONCE))
            failed = [await self._do(moment) for moment in due]
            upcoming = await self._store.read(moments.next_due)
            if upcoming is not None and upcoming <= self._clock.now():
                await self._pass_over()
        except StewardError as error:
            log.warning("events_delayed", error=str(error))
            return self._after(full_jitter(3))
        if any(failed):
            return self._after(full_jitter(max(self._failures.values()), max_delay=60.0))
        latest = self._after(LOOK_EVERY)
        return latest if upcoming is None else min(latest, upcoming)

    async def _pass_over(self) -> None:
        """Have nothing wait behind what is due and can't be read."""
        for occurrence_id in await self._store.write(partial(moments.pass_over_unreadable, limit=AT_ONCE)):
            self._store.set_aside.note("moment", ValueError(), occurrence_id)

    def _after(self, seconds: float) -> datetime:
        return self._clock.now() + timedelta(seconds=seconds)

    async def _do(self, moment: Moment) -> bool:
        """Do one thing; return whether it failed, which holds up nothing else."""
        try:
            if moment.kind is MomentKind.REMIND and self._before_reminding is not None:
                await self._before_reminding(moment.occurrence_id)
            reaches = await self._role_reaches(moment)
            if await self._store.write(partial(happen, moment=moment, role_reaches=reaches)):
                self._changed(moment.occurrence_id)
        except (NotReady, NeedsOperator):  # the database's own
            raise
        except Exception as error:  # noqa: BLE001 - the boundary of events: a fault is its own occurrence's only
            return await self._note_failure(moment, error)
        self._failures.pop(moment, None)
        self._problems.pop(_name(moment), None)
        return False

    async def _note_failure(self, moment: Moment, error: Exception) -> bool:
        failures = self._failures[moment] = self._failures.get(moment, 0) + 1
        log.error("event_moment_failed", moment=moment, failures=failures, exc_info=error)
        if failures < TRIES:
            return True
        del self._failures[moment]
        self._problems[_name(moment)] = (
            f"What was due for event {moment.occurrence_id} ({moment.kind}) keeps failing: {type(error).__name__}, see"
            " the log. It's tried again every hour."
        )
        # Not given up: a series whose post never came would end by it.
        await self._store.write(partial(moments.put_off, moment=moment, until=self._after(FAULT_RESTS)))
        return False


def _name(moment: Moment) -> tuple[int, str, str]:
    """Name a moment the same whenever it is due."""
    return moment.occurrence_id, moment.kind, moment.name
