"""What the dashboard's first view shows, as JSON: made once for all viewers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from steward import __version__
from steward.client.gateway.identify_ledger import LOGINS_A_DAY
from steward.errors import StewardError
from steward.runtime.clock import Clock
from steward.runtime.memory import MEBIBYTE, MemoryGuard
from steward.runtime.monitor import Alerts
from steward.runtime.static_files import WebContent
from steward.runtime.tasks import TaskState
from steward.store import Store
from steward.web.dashboard.points import (
    KEPT,
    MINUTE,
    NUMBERS,
    TEN_MINUTES,
    MetricPoint,
    MetricPoints,
    mean_between,
    points_since,
)

MADE_EVERY = 5.0
"""Seconds for which an answer is shared."""
SPANS = {"1h": 3600, "6h": 6 * 3600, "24h": 86_400, "7d": 7 * 86_400}
DIGITS = {"memory": 1, "cpu": 4, "latency": 4, "hits": 4, "queries": 2, "requests": 1, "limited": 2}


@dataclass(frozen=True, slots=True)
class BotState:
    """
    What is told of the bot beside its numbers.

    Attributes:
        name: its user name; empty before the first login.
        gateway: how the connection to Discord is, a sentence.

    """

    name: str
    guilds: int
    is_ready: bool
    gateway: str
    uptime: float


class DashboardNow:
    """
    Makes the answers of the first view.

    Args:
        problems: returns all that is wrong, a sentence each; alerts are among it.
        tasks: returns the state of the background tasks.
        logins_spent: returns how often the bot logged in within a day.

    """

    def __init__(
        self,
        points: MetricPoints,
        store: Store,
        clock: Clock,
        alerts: Alerts,
        guard: MemoryGuard,
        *,
        state: Callable[[], BotState],
        problems: Callable[[], Awaitable[Sequence[str]]],
        tasks: Callable[[], Sequence[TaskState]],
        logins_spent: Callable[[], Awaitable[int]],
    ) -> None:
        self._points = points
        self._store = store
        self._clock = clock
        self._alerts = alerts
        self._guard = guard
        self._state = state
        self._problems = problems
        self._tasks = tasks
        self._logins_spent = logins_spent
        self._well_since = clock.now()
        self._made: tuple[float, WebContent] | None = None

    async def now(self) -> WebContent:
        """Return how the bot is; at most every five seconds it is looked at anew."""
        monotonic = self._clock.monotonic()
        if self._made is None or monotonic - self._made[0] >= MADE_EVERY:
            self._made = monotonic, _json(await self._facts())
        return self._made[1]

    async def series(self, span: str, after: int) -> WebContent:
        """
        Return the numbers of a span as lists of equal length, the oldest first.

        Args:
            span: a key of `SPANS`.
            after: seconds since 1970; only points that begin later are returned.

        Raises:
            KeyError: there is no such span.
            StewardError: the database doesn't answer.

        """
        seconds = SPANS[span]
        step = MINUTE if seconds <= KEPT[MINUTE] else TEN_MINUTES
        since = max(int(self._clock.now().timestamp()) - seconds, after + 1)
        found = await self._store.read(partial(points_since, step=step, since=since))
        columns: dict[str, Any] = {"step": step, "at": [at for at, _, _ in found]}
        columns["starts"] = [at for at, starts, _ in found if starts]
        for name in NUMBERS:
            columns[name] = [_rounded(name, getattr(point, name)) for _, _, point in found]
        return _json(columns)

    async def _facts(self) -> dict[str, Any]:
        state, now, problems = self._state(), self._clock.now(), await self._problems()
        alerts = [
            {"severity": alert.severity.name.lower(), "sentence": alert.sentence, "since": alert.since.timestamp()}
            for alert in self._alerts.active
        ]
        told = {alert["sentence"] for alert in alerts}
        problems = [sentence for sentence in problems if sentence not in told]
        if alerts or problems:
            self._well_since = now
        return {
            "version": __version__,
            "name": state.name,
            "guilds": state.guilds,
            "ready": state.is_ready,
            "gateway": state.gateway,
            "uptime": round(state.uptime),
            "alerts": alerts,
            "problems": problems,
            "well_since": self._well_since.timestamp(),
            "numbers": {name: _rounded(name, getattr(self._points.latest, name)) for name in NUMBERS},
            "hour_before": await self._hour_before(),
            "memory_limit": round(self._guard.limit / MEBIBYTE),
            "tasks": [
                {"name": task.name, "failing": task.failing, "failures": task.failures, "error": task.last_error}
                for task in self._tasks()
                if task.failures or task.failing
            ],
            "tasks_running": sum(task.running for task in self._tasks()),
            "logins": await self._logins(),
        }

    async def _hour_before(self) -> dict[str, float | None] | None:
        """Return the mean of each number over the hour before the last one; None without the database."""
        begin = int(self._clock.now().timestamp()) - 2 * 3600
        try:
            _, mean = await self._store.read(partial(mean_between, begin=begin, end=begin + 3600))
        except StewardError:
            return None
        if mean == MetricPoint():
            return None
        return {name: _rounded(name, getattr(mean, name)) for name in NUMBERS}

    async def _logins(self) -> dict[str, int] | None:
        try:
            spent = await self._logins_spent()
        except StewardError:
            return None
        return {"left": max(0, LOGINS_A_DAY - spent), "of": LOGINS_A_DAY}


def _json(facts: dict[str, Any]) -> WebContent:
    return WebContent("application/json", orjson.dumps(facts), level=6)


def _rounded(name: str, value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS[name])
