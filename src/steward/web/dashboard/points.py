"""Numbers of the running bot over time, kept in the database: by the minute for a day, by ten minutes for a week."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from statistics import fmean
from typing import NamedTuple

import structlog

from steward.errors import StewardError
from steward.runtime.clock import Clock
from steward.runtime.memory import MEBIBYTE
from steward.runtime.monitor import Monitor
from steward.store import Store, Transaction

log = structlog.get_logger(__name__)

EVERY = 15.0
"""Seconds between two samples; a minute's point is their mean."""
MINUTE, TEN_MINUTES = 60, 600
KEPT = {MINUTE: 86_400, TEN_MINUTES: 7 * 86_400}
"""For how many seconds points are kept, by their step."""


class MetricPoint(NamedTuple):
    """
    What was measured within a step; None for what isn't known.

    Attributes:
        memory: resident, in MiB.
        cpu: share of a core.
        latency: seconds to Discord's gateway and back.
        hits: share of the cache's lookups.
        queries: statements of the database a second.
        requests, limited: to Discord, and those refused with 429, a minute.

    """

    memory: float | None = None
    cpu: float | None = None
    latency: float | None = None
    hits: float | None = None
    queries: float | None = None
    requests: float | None = None
    limited: float | None = None


NUMBERS = MetricPoint._fields


class MetricPoints:
    """Measures every 15 seconds and keeps a point a minute; while the database is away, points are missing."""

    def __init__(self, monitor: Monitor, store: Store, clock: Clock) -> None:
        self._monitor = monitor
        self._store = store
        self._clock = clock
        self._totals: tuple[float, dict[str, float]] | None = None
        self._samples: list[MetricPoint] = []
        self._starts = True
        self._is_kept = True
        self.latest = MetricPoint()
        """The newest sample."""

    async def run(self) -> None:
        """Sample and keep forever."""
        minute = self._minute()
        while True:
            self.sample()
            await asyncio.sleep(EVERY)
            if (now := self._minute()) != minute:
                samples, self._samples = self._samples, []
                if samples and now > minute:
                    await self._keep(minute, mean_of(samples))
                minute = now

    def sample(self) -> None:
        """Measure once."""
        gauge, now, totals = self._gauge, self._clock.monotonic(), self._counted()
        rates: dict[str, float | None] = dict.fromkeys(totals)
        if self._totals is not None and now > self._totals[0]:
            began, before = self._totals
            rates = {name: max(0.0, total - before[name]) / (now - began) for name, total in totals.items()}
        self._totals = now, totals
        memory, lookups = gauge("memory_resident_bytes"), None
        hits, misses = rates["hits"], rates["misses"]
        if hits is not None and misses is not None and hits + misses > 0:
            lookups = hits / (hits + misses)
        self.latest = MetricPoint(
            None if memory is None else memory / MEBIBYTE,
            rates["cpu"],
            gauge("gateway_latency_seconds"),
            lookups,
            rates["queries"],
            _a_minute(rates["requests"]),
            _a_minute(rates["limited"]),
        )
        self._samples.append(self.latest)

    def _counted(self) -> dict[str, float]:
        counts = self._monitor.counts
        return {
            "cpu": self._gauge("cpu_seconds_total") or 0.0,
            "queries": self._gauge("queries_total") or 0.0,
            "hits": counts.get("cache.hits", 0.0),
            "misses": counts.get("cache.misses", 0.0),
            "requests": counts.get("discord.requests", 0.0),
            "limited": counts.get("discord.limited", 0.0),
        }

    def _gauge(self, name: str) -> float | None:
        gauge = self._monitor.gauges.get(name)
        return None if gauge is None else gauge.value()

    def _minute(self) -> int:
        return int(self._clock.now().timestamp()) // MINUTE * MINUTE

    async def _keep(self, at: int, point: MetricPoint) -> None:
        try:
            await self._store.write(partial(keep_point, at=at, point=point, starts=self._starts))
        except StewardError as error:
            if self._is_kept:
                log.warning("metric_points_not_kept", reason=str(error))
            self._is_kept = False
        else:
            self._starts, self._is_kept = False, True


def mean_of(samples: Sequence[MetricPoint]) -> MetricPoint:
    """Return the mean of each number over those samples that have it."""
    known = ([value for value in values if value is not None] for values in zip(*samples, strict=True))
    return MetricPoint(*(fmean(values) if values else None for values in known))


def keep_point(tx: Transaction, at: int, point: MetricPoint, *, starts: bool = False) -> None:
    """
    Keep a minute's point; the last of ten minutes is summed up with those before it, and old points go.

    Args:
        at: seconds since 1970 at which the minute began.
        starts: whether the bot was started in it.

    """
    _put(tx, MINUTE, at, point, starts=starts)
    if (at + MINUTE) % TEN_MINUTES:
        return
    begin = at + MINUTE - TEN_MINUTES
    was_started, mean = mean_between(tx, begin, at + MINUTE)
    _put(tx, TEN_MINUTES, begin, mean, starts=was_started)
    for step, kept in KEPT.items():
        tx.execute("DELETE FROM metric_points WHERE step = ? AND at < ?", (step, at - kept))


def mean_between(tx: Transaction, begin: int, end: int) -> tuple[bool, MetricPoint]:
    """
    Return whether the bot was started in a minute from `begin` until before `end`, and the mean of their points.

    Nothing is known of minutes that have no point, or whose points don't have a number.
    """
    means = ", ".join(f"AVG({name})" for name in NUMBERS)
    sql = f"SELECT MAX(starts), {means} FROM metric_points WHERE step = ? AND at >= ? AND at < ?"  # noqa: S608 - ours
    was_started, *numbers = tx.all(sql, (MINUTE, begin, end))[0]
    return bool(was_started), MetricPoint(*numbers)


def points_since(tx: Transaction, step: int, since: int) -> list[tuple[int, bool, MetricPoint]]:
    """Return the points of a step that begin at a second or later: when, whether the bot was started in it, what."""
    sql = f"SELECT at, starts, {', '.join(NUMBERS)} FROM metric_points WHERE step = ? AND at >= ? ORDER BY at"  # noqa: S608
    return [(at, bool(starts), MetricPoint(*numbers)) for at, starts, *numbers in tx.all(sql, (step, since))]


def _put(tx: Transaction, step: int, at: int, point: MetricPoint, *, starts: bool) -> None:
    tx.upsert("metric_points", key={"step": step, "at": at}, values={"starts": int(starts), **point._asdict()})


def _a_minute(a_second: float | None) -> float | None:
    return None if a_second is None else a_second * MINUTE
