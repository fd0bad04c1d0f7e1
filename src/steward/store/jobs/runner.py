"""Run durable jobs: each occurrence once, across crashes, restarts and jumps of the clock."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from math import ceil

from steward.errors import StewardError
from steward.runtime.backoff import full_jitter
from steward.runtime.clock import Clock
from steward.runtime.logs.loggers import get_logger
from steward.runtime.quarantine import Owner
from steward.runtime.waiting import wait_within
from steward.store.instants import from_millis, to_millis
from steward.store.interface import Store
from steward.store.jobs import due_jobs, jobs, planning
from steward.store.jobs import status as job_status
from steward.store.jobs.jobs import JobOccurrence, Terms
from steward.store.jobs.planning import AHEAD, Agenda
from steward.store.jobs.schedule import Schedule, Shifted, share_of
from steward.store.jobs.status import JobStatus
from steward.store.transaction import Transaction, Work
from steward.text.cutting import storable

log = get_logger(__name__)

Handler = Callable[[JobOccurrence], Awaitable[Work[object] | None]]
"""Prepares one occurrence and returns its effect: a unit of work committed together with the end of the occurrence."""

_SHORTEST_SLEEP = 0.001
_JUMP_SECONDS = 5.0
_FAULTY_RESTS = 3600.0
_WRONG_CLOCK = 86_400_000  # milliseconds


def _growing(failures: int) -> float:
    return full_jitter(failures, base_delay=5.0, max_delay=300.0)


@dataclass(slots=True)
class _Job:
    schedule: Schedule
    handler: Handler
    coalesce: bool
    shift: timedelta
    """How long after its due time an occurrence begins."""
    owner: Owner | None = None
    planned_until: int | None = None
    """When its next occurrence is due, in milliseconds; None: it must be planned."""
    replanned: bool = False
    seen_until: int | None = None
    """When it was last looked for, in milliseconds; None: never."""

    def saw(self, at: int) -> None:
        """Note that it was looked for; a clock set back does not undo that, unless by more than a day."""
        before = self.seen_until
        self.seen_until = at if before is None or before - at > _WRONG_CLOCK else max(before, at)


class JobRunner:
    """
    Runs registered jobs when they are due.

    The effect that a handler returns is committed exactly once for each occurrence, or the occurrence is recorded as
    `skipped` or `failed`. The handler itself may run more than once (a crash, an error), so it only prepares; the
    effect acts, and puts messages for Discord into the outbox.

    Args:
        owner: the claimer's name; the same after a restart, different for each process that shares the database.
        grace: how late a missed occurrence is still run; older ones are recorded as skipped.
        limit: the longest a handler may take.
        margin: how much longer than `limit` a claim is held; then another process takes over.
        tries: failures after which an occurrence is given up, 1 or more.
        concurrency: handlers that may run at the same time, 1 or more.
        backoff: seconds to wait after so many failures, at most ten minutes.
        spread: the time over which jobs due at the same time are spread; the delay of a job is constant.
        watch: the longest time until a change of the wall clock is noticed.
        may_delete: tells whether the clock is trusted enough to delete old data; jobs that delete wait for it.

    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        owner: str = "steward",
        grace: timedelta = timedelta(hours=24),
        limit: timedelta = timedelta(minutes=3),
        margin: timedelta = timedelta(minutes=1),
        tries: int = 5,
        concurrency: int = 3,
        backoff: Callable[[int], float] = _growing,
        spread: timedelta = timedelta(),
        watch: timedelta = timedelta(minutes=1),
        may_delete: Callable[[], bool] = lambda: True,
    ) -> None:
        self._store = store
        self._clock = clock
        self._terms = Terms(owner, grace, limit + margin)
        self._limit = limit
        self._tries = tries
        self._concurrency = concurrency
        self._backoff = backoff
        self._watch = watch.total_seconds()
        self._spread = spread
        self._may_delete = may_delete
        self._jobs: dict[str, _Job] = {}
        self._deleting: set[str] = set()
        self._busy: set[str] = set()
        self._agenda = Agenda()
        self._news = asyncio.Event()
        self._offset: float | None = None

    def register(
        self,
        name: str,
        schedule: Schedule,
        handler: Handler,
        *,
        coalesce: bool = False,
        deletes: bool = False,
        owner: Owner | None = None,
    ) -> None:
        """
        Add a job, or change the schedule and handler of one; at any time.

        For a new job nothing is caught up for the time before now.

        Args:
            name: at most 190 characters.
            coalesce: of several due occurrences run only the newest; the others are recorded as skipped.
            deletes: it deletes old data, so it waits until `may_delete` is true.
            owner: whose job it is; while the owner is off, the job is not run and its occurrences wait.

        """
        if owner is not None and not owner.is_on:
            return
        shift = share_of(name, self._spread)
        self._jobs[name] = _Job(Shifted(schedule, shift) if shift else schedule, handler, coalesce, shift, owner)
        if deletes:
            self._deleting.add(name)
        self._agenda.outdate()
        self._news.set()

    def unregister(self, name: str) -> None:
        """Stop running a job; its rows stay."""
        self._jobs.pop(name, None)

    def stop(self, owner: Owner) -> None:
        """Stop running all jobs of an owner; their due occurrences wait."""
        self._jobs = {name: job for name, job in self._jobs.items() if job.owner is not owner}

    async def status(self) -> list[JobStatus]:
        """Return the status of each registered job."""
        return await self._store.read(partial(job_status.status, jobs=tuple(self._jobs)))

    async def last_done(self, name: str, before: datetime) -> datetime | None:
        """Return when the newest done occurrence of a job before `before` was due."""
        shift = self._jobs[name].shift if name in self._jobs else timedelta()
        last = await self._store.read(partial(jobs.last_done, job=name, before=before + shift))
        return None if last is None else last - shift

    async def run(self) -> None:
        """Run due jobs for ever; one call at a time."""
        self._busy.clear()
        self._replan_all()
        await self._store.write(partial(jobs.release, owner=self._terms.owner))
        async with asyncio.TaskGroup() as running:
            while True:
                self._news.clear()
                await self._sleep(await self._begin_due(running))

    async def _begin_due(self, running: asyncio.TaskGroup) -> int | None:
        """Start the handlers of due jobs; return when to go on, in milliseconds."""
        failures = 0
        while True:
            now_ms = to_millis(self._clock.now())
            look_in = self._agenda.look_in(now_ms, self._clock.monotonic())
            try:
                if look_in == 0:
                    await self._look()
                if await self._claim(running):
                    return now_ms + ceil(look_in * 1000) if look_in else self._agenda.wake_at
            except Exception as error:  # noqa: BLE001 - the supervisor boundary of jobs, as below
                failures += 1
                self._replan_all()
                if failures == 1:
                    log.warning("jobs_delayed", error=self._describe(error))
                await asyncio.sleep(full_jitter(failures, max_delay=5.0))

    async def _look(self) -> None:
        """Plan the jobs that need it, and find what is due."""
        agenda, began = self._agenda, self._clock.monotonic()
        agenda.begin_look()
        registered = dict(self._jobs)
        deferred = self._deferred()
        planned, looked_at = await self._planned(registered)
        for name, until in planned.items():
            registered[name].planned_until = until
            registered[name].replanned = True
        due = await self._store.read(
            partial(
                due_jobs.look,
                jobs=registered,
                busy=frozenset(self._busy | deferred),
                at=from_millis(looked_at),
                grace=self._terms.grace,
                lease=self._terms.lease,
                limit=AHEAD,
            )
        )
        for job in registered.values():
            job.saw(looked_at)
        wakes = [job.planned_until for job in registered.values() if job.planned_until is not None]
        if due.wake_at is not None:
            wakes.append(due.wake_at)
        if deferred:
            wakes.append(looked_at + round(self._watch * 1000))
        agenda.found(due.candidates, min(wakes, default=None), began=began, ended=self._clock.monotonic())

    def _deferred(self) -> set[str]:
        """Return the jobs that wait until the clock is trusted."""
        return set() if not self._deleting or self._may_delete() else self._deleting

    async def _planned(self, registered: dict[str, _Job]) -> tuple[dict[str, int], int]:
        """Plan all jobs together; one that cannot be planned is put off alone."""
        may_delete = self._may_delete()
        try:
            return await self._store.write(partial(self._plan, registered, may_delete))
        except Exception as error:
            if not self._store.is_content_error(error):
                raise
        planned: dict[str, int] = {}
        looked_at = to_millis(self._clock.now())

        async def plan(some: Sequence[tuple[str, _Job]]) -> None:
            nonlocal looked_at
            found, looked_at = await self._store.write(partial(self._plan, dict(some), may_delete))
            planned.update(found)

        async def put_off(one: tuple[str, _Job]) -> None:  # it stays unplanned, so `replan` is still to be run
            one[1].planned_until = looked_at + round(_FAULTY_RESTS * 1000)

        planning_each = self._store.skipper.writing(
            "job", tuple(registered.items()), plan, ids=lambda one: one[0], on_skip=put_off
        )
        async for _ in planning_each:
            pass
        return planned, looked_at

    def _plan(self, registered: Mapping[str, _Job], may_delete: bool, tx: Transaction) -> tuple[dict[str, int], int]:
        planned: dict[str, int] = {}
        for name, job in registered.items():
            if job.planned_until is not None and job.planned_until > tx.now_ms:
                continue
            if not job.replanned:
                planning.replan(tx, name, job.schedule)
            planned[name] = planning.plan(tx, name, job.schedule, self._terms.grace, forget=may_delete)
        for name in (name for name, job in registered.items() if job.coalesce):
            jobs.coalesce(tx, name)
        jobs.mark_late(tx, {name: job.seen_until for name, job in registered.items()})
        return planned, tx.now_ms

    async def _claim(self, running: asyncio.TaskGroup) -> bool:
        """Start candidates while there are free slots; return whether that is all there is to do now."""
        agenda, room = self._agenda, self._concurrency - len(self._busy)
        deferred = self._deferred()
        wanted = [each for each in agenda.candidates if each.job in self._jobs and each.job not in deferred]
        if not wanted or room <= 0:
            return True
        claims = await self._store.write(partial(jobs.claim, terms=self._terms, candidates=wanted, limit=room))
        agenda.candidates = deque(wanted[claims.tried :])
        for occurrence in claims.claimed:
            job = self._jobs.get(occurrence.job)
            if job is None:  # unregistered just now
                continue
            self._busy.add(occurrence.job)
            unshifted = replace(occurrence, due_at=occurrence.due_at - job.shift)
            running.create_task(self._run_one(unshifted, job.handler), name=f"job {unshifted.job} {unshifted.key}")
        return len(claims.claimed) == room or claims.tried == len(claims.claimed)

    async def _run_one(self, occurrence: JobOccurrence, handler: Handler) -> None:
        try:
            async with asyncio.timeout(self._limit.total_seconds()):
                effect = await handler(occurrence)
            await self._store.write(partial(self._commit, occurrence, effect))
        except Exception as error:  # noqa: BLE001 - the supervisor boundary of jobs: a fault stops its own job only
            await self._note_failure(occurrence, error)
        else:
            log.info("job_done", job=occurrence.job, occurrence=occurrence.key, late=occurrence.late)
        finally:
            self._busy.discard(occurrence.job)
            self._news.set()

    def _commit(self, occurrence: JobOccurrence, effect: Work[object] | None, tx: Transaction) -> None:
        jobs.finish(tx, occurrence, self._terms.owner)
        if effect is not None:
            effect(tx)

    async def _note_failure(self, occurrence: JobOccurrence, error: Exception) -> None:
        problem = self._describe(error)

        def work(tx: Transaction) -> int | None:
            failures = jobs.failures(tx, occurrence) + 1
            retry_at = tx.now_ms + round(self._backoff(failures) * 1000) if failures < self._tries else None
            jobs.fail(tx, occurrence, self._terms.owner, problem, retry_at=retry_at)
            return retry_at

        try:
            retry_at = await self._store.write(work)
        except Exception as unwritable:  # noqa: BLE001 - the job is retried when its lease ends
            log.warning("job_failure_not_recorded", job=occurrence.job, error=self._describe(unwritable))
            return
        log.error(
            "job_failed",
            job=occurrence.job,
            occurrence=occurrence.key,
            again_at=None if retry_at is None else from_millis(retry_at).isoformat(timespec="seconds"),
            error=problem,
            exc_info=None if isinstance(error, StewardError) else error,
        )

    def _describe(self, error: Exception) -> str:
        if isinstance(error, TimeoutError) and not str(error):
            return f"took longer than {self._limit.total_seconds():.0f} s"
        return storable(str(error) if isinstance(error, StewardError) else f"{type(error).__name__}: {error}")

    async def _sleep(self, wake_at: int | None) -> None:
        """
        Wait until `wake_at`, a change of the jobs, the end of a handler, or a jump of the clock.

        One wait is at most `watch`, so a wall clock set forward is noticed within that time. Waking early does no
        harm: what is not due is not claimed.
        """
        while not self._news.is_set():
            now = self._clock.now()
            if self._jumped(now):
                self._replan_all()
                return
            seconds = self._watch if wake_at is None else (wake_at - to_millis(now)) / 1000
            if seconds <= 0:
                return
            await wait_within(self._news, min(max(seconds, _SHORTEST_SLEEP), self._watch))

    def _replan_all(self) -> None:
        """Look at once, and plan each job again."""
        self._agenda.outdate(urgent=True)
        for job in self._jobs.values():
            job.planned_until = None

    def _jumped(self, now: datetime) -> bool:
        """Tell whether the wall clock was set since the last look, by its offset to the monotonic one."""
        offset = now.timestamp() - self._clock.monotonic()
        before, self._offset = self._offset, offset
        if before is None or abs(offset - before) < _JUMP_SECONDS:
            return False
        log.warning("clock_jumped", seconds=round(offset - before, 1))
        return True
