"""The heartbeat: one message a guild, edited in place, that shows the bot is alive and what it has seen today."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from steward.bots.stats.counts.facts import EventKind
from steward.bots.stats.counts.service import StatsService
from steward.bots.stats.setup.guild_settings import GuildSettings
from steward.bots.stats.views.heartbeat import Pulse, heartbeat
from steward.client.access.permissions import POST
from steward.client.posts.live_message import LiveMessage
from steward.client.rest.errors import Gone, Refused, TryLater, refusal
from steward.runtime.clock import Clock
from steward.runtime.isolation import Isolation
from steward.runtime.process.disk import DiskUsage
from steward.runtime.process.measuring import ProcessMeter
from steward.runtime.waiting import wait_within

log = structlog.get_logger(__name__)

RECENT = 5
REFUSED_FOR = 600.0
MIN_SPACING = 0.25  # 4 edits a second over all guilds: the rest of Discord's 50 is for others


@dataclass(slots=True)
class _Beat:
    message: LiveMessage
    channel_id: int
    due: float = 0.0
    problem: str | None = None
    gone: bool = False


class Heartbeats:
    """
    Beats for as long as it runs.

    Args:
        interval: seconds between beats of one guild; longer where there are so many that Discord would be pressed.
        disk: how full the disk is on which the database lies; None where nobody can tell.
        latency: seconds to the gateway and back; None while unknown.
        log_lines: the newest lines of the log, for the guild of the operator.

    """

    def __init__(
        self,
        message: Callable[[int], LiveMessage],
        service: StatsService,
        clock: Clock,
        *,
        interval: float,
        disk: Callable[[], DiskUsage | None],
        latency: Callable[[], float | None],
        problems: Callable[[int], Awaitable[Sequence[str]]],
        log_lines: Callable[[int], Sequence[str]],
    ) -> None:
        self._message = message
        self._service = service
        self._clock = clock
        self._interval = interval
        self._disk = disk
        self._latency = latency
        self._problems = problems
        self._log_lines = log_lines
        self._meter = ProcessMeter()
        self._began = clock.monotonic()
        self._beats: dict[int, _Beat] = {}
        self._changed = asyncio.Event()
        self._isolation = Isolation("beat")

    def configured(self, guild_id: int, settings: GuildSettings) -> None:
        """Follow a guild's settings: begin, move or end its heartbeat."""
        beat = self._beats.get(guild_id)
        if settings.heartbeat_channel_id is None:
            self._beats.pop(guild_id, None)
        elif beat is None or beat.channel_id != settings.heartbeat_channel_id:
            channel_id = settings.heartbeat_channel_id
            self._beats[guild_id] = _Beat(self._message(channel_id), channel_id)
        self._changed.set()

    def problem_in(self, guild_id: int) -> str | None:
        """Return why the heartbeat of a guild cannot be shown."""
        beat = self._beats.get(guild_id)
        return None if beat is None else beat.problem

    async def run(self) -> None:
        """Beat for ever; a refusal is logged once and tried again in ten minutes, a deleted channel is left alone."""
        while True:
            self._changed.clear()
            there = (key for key, beat in self._beats.items() if not beat.gone)
            guild_id = min(there, key=lambda key: self._beats[key].due, default=None)
            pause = None if guild_id is None else self._beats[guild_id].due - self._clock.monotonic()
            if guild_id is not None and pause is not None and pause <= 0:
                beat = self._beats[guild_id]
                seconds = REFUSED_FOR
                with self._isolation.item(guild_id):
                    seconds = await self._beat(guild_id, beat)
                beat.due = self._clock.monotonic() + max(seconds, MIN_SPACING * len(self._beats))
                continue
            await wait_within(self._changed, pause)

    async def _beat(self, guild_id: int, beat: _Beat) -> float:
        """Bring one guild's message up to date; return the seconds until the next time."""
        try:
            await beat.message.show(heartbeat(await self._pulse(guild_id)))
        except TryLater as error:
            return max(error.retry_after, self._interval)
        except Gone as error:  # the channel: a message that is gone has been posted anew
            beat.gone = True
            beat.problem = f"<#{beat.channel_id}>, the heartbeat's channel, was deleted. Choose another with `/setup`."
            log.warning("heartbeat_channel_gone", guild=guild_id, reason=str(error))
            return REFUSED_FOR
        except Refused as error:
            if beat.problem is None:
                log.warning("heartbeat_refused", guild=guild_id, reason=str(error))
            beat.problem = refusal("show the heartbeat in", beat.channel_id, error, POST)
            return REFUSED_FOR
        beat.problem = None
        return self._interval

    async def _pulse(self, guild_id: int) -> Pulse:
        now = self._clock.now()
        service = self._service
        stats = service.guild(guild_id)
        midnight = now.astimezone(stats.settings.zone_info).replace(hour=0, minute=0, second=0, microsecond=0)
        return Pulse(
            guild=stats.counts,
            at=now,
            up_since=now - timedelta(seconds=self._clock.monotonic() - self._began),
            usage=self._meter.read(),
            disk=self._disk(),
            latency=self._latency(),
            today=await service.today(guild_id, midnight),
            joined=await service.book.latest(guild_id, EventKind.JOIN, RECENT),
            left=await service.book.latest(guild_id, EventKind.LEAVE, RECENT),
            problems=await self._problems(guild_id),
            log_lines=self._log_lines(guild_id),
            single_events=service.single_events,
        )
