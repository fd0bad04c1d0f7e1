"""A dashboard over a test's own numbers, on a thread and an ordinary event loop of its own, as a browser needs it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from math import sin
from pathlib import Path
from threading import Thread
from typing import Any, Self

from steward.errors import NotReady
from steward.runtime.clock import SystemClock
from steward.runtime.memory import MEBIBYTE, MemoryGuard
from steward.runtime.monitor import AlertRule, Alerts, Monitor, Severity
from steward.runtime.pages import Pages
from steward.runtime.tasks import TaskState
from steward.settings.secret import Secret
from steward.store import open_store
from steward.web.dashboard.access import DashboardAccess
from steward.web.dashboard.dashboard import Dashboard
from steward.web.dashboard.now import BotState, DashboardNow
from steward.web.dashboard.points import MetricPoint, MetricPoints, keep_point
from steward.web.health import health_pages
from steward.web.metrics import MetricsPage
from steward.web.server import PageServer
from tests.web.serving import always


@dataclass
class Told:
    """What the bot tells; a test changes it."""

    name: str = "Steward"
    memory: float = 50.0  # MiB
    problems: list[str] = field(default_factory=list)
    tasks: list[TaskState] = field(default_factory=list)
    alert: str = ""
    is_away: bool = False


def numbers(told: Told, monitor: Monitor) -> None:
    """Give the monitor what the running bot measures."""
    monitor.gauge("memory_resident_bytes", "Bytes.", lambda: told.memory * MEBIBYTE)
    monitor.gauge("gateway_latency_seconds", "Seconds.", lambda: 0.042)
    monitor.gauge("cpu_seconds_total", "Seconds.", lambda: 1.0, grows=True)
    monitor.gauge("queries_total", "Statements.", lambda: 10.0, grows=True)


def dashboard_of(told: Told, store: Any, clock: Any, *, password: str = "", hosts: tuple[str, ...] = ()) -> Any:
    """Return a dashboard of what is told, and its points."""
    monitor = Monitor(clock)
    numbers(told, monitor)
    rule = AlertRule("told", lambda: float(bool(told.alert)), {Severity.SERIOUS: 1.0}, lambda _: told.alert, samples=1)
    alerts = Alerts([rule], clock)
    points = MetricPoints(monitor, store, clock)
    points.sample()

    async def problems() -> list[str]:
        await alerts.check()
        return [*(alert.sentence for alert in alerts.active), *told.problems]

    async def logins() -> int:
        return 3

    now = DashboardNow(
        points,
        store,
        clock,
        alerts,
        MemoryGuard(lambda: round(told.memory * MEBIBYTE), round(57.2 * MEBIBYTE), clock),
        state=lambda: BotState(told.name, 2, True, "Connected.", 7200.0),
        problems=problems,
        tasks=lambda: told.tasks,
        logins_spent=logins,
    )
    access = DashboardAccess(Secret(password) if password else None, hosts, clock.monotonic)
    return Dashboard(access, now), points


class AwayStore:
    """A store that can be taken away."""

    def __init__(self, store: Any, told: Told) -> None:
        self._store = store
        self._told = told

    async def read(self, work: Callable[[Any], Any]) -> Any:
        if self._told.is_away:
            raise NotReady("The database doesn't answer.")
        return await self._store.read(work)


class ServedDashboard:
    """Use as `with ServedDashboard(folder) as served`; `served.address` is what to open."""

    def __init__(self, folder: Path, *, password: str = "", past: int = 0) -> None:
        self.told = Told()
        self.address = ""
        self._folder = folder
        self._password = password
        self._past = past
        self._started: Future[str] = Future()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        self._thread = Thread(target=lambda: asyncio.run(self._serve()), name="dashboard", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.address = self._started.result(60)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the server, as if the bot were stopped."""
        if self._thread.is_alive() and self._loop is not None and self._ended is not None:
            self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join(20)

    async def _serve(self) -> None:
        clock = SystemClock()
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        async with open_store(self._folder / "steward.sqlite3", clock) as store:
            await store.write(partial(_past, minutes=self._past))
            dashboard, _ = dashboard_of(self.told, AwayStore(store, self.told), clock, password=self._password)
            metrics = MetricsPage(Monitor(clock), Alerts((), clock))
            pages = PageServer(health_pages(always(True), metrics, Pages(), dashboard), host="127.0.0.1", port=0)
            async with pages.serving():
                self._started.set_result(f"{pages.address}/dashboard/")
                await self._ended.wait()


def _past(tx: Any, minutes: int) -> None:
    """Keep so many minutes of a past, with an outage in the middle and a start after it."""
    last = int(time.time()) // 60 * 60
    for number in range(minutes, 0, -1):
        if minutes // 3 < number < minutes // 3 + 12:
            continue
        wave = 1 + sin(number / 9) / 3
        point = MetricPoint(48 + 3 * wave, 0.02 * wave, 0.04 * wave, 0.9, 2 * wave, 30 * wave, 0.0)
        keep_point(tx, last - 60 * number, point, starts=number == minutes // 3)
