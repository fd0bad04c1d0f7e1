"""
A program that measures itself, frees memory when it is scarce, raises alerts, and is read by Prometheus.

Run it, then look at http://127.0.0.1:9100/metrics.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from steward.runtime.clock import Clock, SystemClock
from steward.runtime.memory import MemoryGuard, Pressure, collect_garbage, memory_limit, resident_reader
from steward.runtime.memory.tracked import TrackedObjects
from steward.runtime.monitor import AlertRule, Alerts, LoopWatch, Monitor, Rise, Severity, log_alert
from steward.runtime.tasks import Supervisor
from steward.web.metrics import CONTENT_TYPE, MetricsPage


class Artist:
    """Draws one picture and is then deleted: an artist who lives on is a leak."""

    async def draw(self, subject: str) -> bytes:
        await asyncio.sleep(0.01)
        return subject.encode() * 1000


class Shop:
    """Draws pictures, and caches them while there is memory."""

    def __init__(self, clock: Clock, *, budget_mb: int = 256) -> None:
        self.pictures: dict[str, bytes] = {}
        self.monitor = Monitor(clock, slow=0.5)
        self.monitor.gauge("pictures", "Pictures that are kept.", lambda: len(self.pictures))
        self.artists = TrackedObjects()
        self.monitor.gauge("artists", "Artists at work.", lambda: self.artists.counts().get("artist", 0))
        read = resident_reader()
        self.guard = MemoryGuard(read, memory_limit(budget_mb), clock)
        self.guard.on(Pressure.MEDIUM, "forget pictures", self.pictures.clear)
        self.guard.on(Pressure.HIGH, "collect garbage", collect_garbage)
        self.draw = self.monitor.memory_timed("draw", read)(self._draw)  # measures time, and growth of memory
        timer = self.monitor.timer("draw")
        failing = AlertRule(
            "drawing",
            Rise(lambda: timer.failures, clock, window=300),
            {Severity.WARNING: 3},
            "{:.0f} pictures could not be drawn within five minutes.",
            samples=1,
        )
        self.alerts = Alerts([failing], clock)
        self.alerts.add_listener("log", log_alert)

    async def _draw(self, subject: str) -> bytes:
        if not subject:
            raise ValueError("There is nothing to draw.")
        if subject not in self.pictures:
            artist = self.artists.add("artist", Artist())
            self.pictures[subject] = await artist.draw(subject)
        return self.pictures[subject]

    @asynccontextmanager
    async def open(self, port: int) -> AsyncIterator[None]:
        """Return a context manager that measures and serves the page."""
        page = MetricsPage(self.monitor, self.alerts)

        async def metrics(_: web.Request) -> web.Response:
            return web.Response(body=await page.text(), headers={"Content-Type": CONTENT_TYPE})

        app = web.Application()
        app.router.add_get("/metrics", metrics)
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            async with Supervisor() as tasks:
                tasks.start("watch memory", self.guard.run)
                tasks.start("sample", self.monitor.run)
                tasks.start("alert", self.alerts.run)
                yield
        finally:
            await runner.cleanup()


async def main() -> None:
    shop = Shop(SystemClock())
    with LoopWatch(asyncio.get_running_loop()):  # logs what blocks the event loop, while it does
        async with shop.open(9100):
            while True:
                await shop.draw("a penguin")
                await asyncio.sleep(1)


if __name__ == "__main__":
    asyncio.run(main())
