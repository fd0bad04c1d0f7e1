"""The heartbeat: one message, edited in place, that shows the bot is alive and what it has seen today."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from zoneinfo import ZoneInfo

import structlog

from steward.bots.stats.facts import Kind
from steward.bots.stats.service import StatsService
from steward.bots.stats.views import Pulse, heartbeat
from steward.client.errors import Gone, Refused, TryLater
from steward.client.live_message import LiveMessage
from steward.runtime.clock import Clock
from steward.runtime.process import ProcessMeter

log = structlog.get_logger(__name__)

RECENT = 5
REFUSED_FOR = 600.0


class Heartbeat:
    """
    Beats for as long as it runs.

    Args:
        message: where it shows.
        service: the statistics.
        clock: the time.
        zone: the guild's time zone, for "today".
        interval: seconds between beats.
        latency: seconds to the gateway and back; None while unknown.
        problems: sentences about what needs attention.
        log_lines: the newest lines of the log.

    """

    def __init__(
        self,
        message: LiveMessage,
        service: StatsService,
        clock: Clock,
        *,
        zone: ZoneInfo,
        interval: float,
        latency: Callable[[], float | None],
        problems: Callable[[], Awaitable[Sequence[str]]],
        log_lines: Callable[[], Sequence[str]],
    ) -> None:
        self._message = message
        self._service = service
        self._clock = clock
        self._zone = zone
        self._interval = interval
        self._latency = latency
        self._problems = problems
        self._log_lines = log_lines
        self._meter = ProcessMeter()
        self._up_since = clock.now()

    async def run(self) -> None:
        """Beat for ever; what Discord refuses is logged once and tried again after ten minutes."""
        refused = False
        while True:
            try:
                await self._message.show(heartbeat(await self._pulse()))
            except TryLater as error:
                await asyncio.sleep(error.retry_after)
            except (Refused, Gone) as error:
                if not refused:
                    log.warning("heartbeat_refused", reason=str(error))
                refused = True
                await asyncio.sleep(REFUSED_FOR)
                continue
            else:
                refused = False
            await asyncio.sleep(self._interval)

    async def _pulse(self) -> Pulse:
        now = self._clock.now()
        midnight = now.astimezone(self._zone).replace(hour=0, minute=0, second=0, microsecond=0)
        service = self._service
        return Pulse(
            guild=service.counts,
            at=now,
            up_since=self._up_since,
            usage=self._meter.read(),
            latency=self._latency(),
            today=await service.today(midnight),
            joined=await service.latest(Kind.JOIN, RECENT),
            left=await service.latest(Kind.LEAVE, RECENT),
            problems=await self._problems(),
            log_lines=self._log_lines(),
            single_events=service.single_events,
        )
