"""The demo itself: a simulated community, the real bot, and the days they live through."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

from steward.app import Steward, open_steward
from steward.bots.stats.facts import Kind
from steward.cli.demo.figures import CounterFigure, Figures
from steward.cli.stage import Stage, build_stage
from steward.errors import NeedsOperator
from steward.runtime.clock import Clock
from steward.runtime.process import ProcessMeter
from steward.settings import load
from steward.sim import Simulator
from steward.sim.channel import Channel
from steward.sim.replay import Replay
from steward.sim.trace import Trace

REAL_A_DAY = 4
SETTLE = 900.0  # seconds after the last event: a counter may wait ten minutes for its next rename
CHANNEL = "/channels/{channel_id}"
MESSAGE = "/channels/{channel_id}/messages/{message_id}"

Day = tuple[Trace, ...]
"""What happens on one day: traces that are replayed at the same time."""


def days_for(path: Path | None) -> tuple[list[Day], str]:
    """
    Return the days to live through and what they are: the named ones, else real ones if they are there, else invented.

    Real days are excerpts of some hours without any ban, so several of them and the invented one make a day here.

    Raises:
        NeedsOperator: what was named is no trace and no folder of traces.

    """
    if path is not None and not path.is_dir():
        return [(Trace.load(path),)], f"the trace {path.name}"
    shared = Path(os.environ.get("STEWARD_SHARED", "../shared")) / "data" / "community"
    folder = path or shared
    if path is None and not shared.is_dir():
        return [(Trace.community_day(),)], "an invented day that ships with Steward"
    files = sorted(folder.glob("*.jsonl*"))
    if not files:
        raise NeedsOperator(
            f"The folder {folder} holds no traces.", remedy="Name a folder of .jsonl or .jsonl.gz files."
        )
    real = [Trace.load(file) for file in files]
    days = [(*real[first : first + REAL_A_DAY], Trace.community_day()) for first in range(0, len(real), REAL_A_DAY)]
    return days, f"real public chat ({folder.name}, {REAL_A_DAY} excerpts a day) over an invented day"


@dataclass(frozen=True, slots=True)
class Script:
    """
    What is played.

    Attributes:
        days_to_live: what happens on each, from the first again when they run out.
        source: what they are, for people.
        days: virtual days.
        members: members of the guild at the start.

    """

    days_to_live: Sequence[Day]
    source: str
    days: float
    members: int


@asynccontextmanager
async def open_demo(
    clock: Clock, folder: Path, script: Script, *, log_lines: Callable[[], Sequence[str]]
) -> AsyncIterator[Demo]:
    """Set up the simulated community and the bot in it, with its data in `folder`, and take both down at the end."""
    errors = _ErrorCount()
    logging.getLogger().addHandler(errors)
    try:
        async with Simulator(clock=clock) as sim:
            stage = build_stage(sim, members=script.members, online=script.members // 6, bans=12)
            environ = {**stage.environment(sim), "STEWARD_HEALTH_PORT": "0", "STEWARD_DATA_DIR": str(folder)}
            async with open_steward(load(environ, folder), clock, log_lines=log_lines) as steward:
                yield Demo(clock, script, sim, stage, steward, errors)
    finally:
        logging.getLogger().removeHandler(errors)


class Demo:
    """
    One run; made by `open_demo`.

    Args:
        clock: the accelerated time.
        script: what is played.
        sim: the simulated Discord.
        stage: the guild in it.
        steward: the bot.
        errors: counts the errors that are logged.

    """

    def __init__(
        self, clock: Clock, script: Script, sim: Simulator, stage: Stage, steward: Steward, errors: _ErrorCount
    ) -> None:
        self.clock = clock
        self.script = script
        self.sim = sim
        self.stage = stage
        self.steward = steward
        self.began = clock.now()
        self._errors = errors
        self._meter = ProcessMeter()
        self._past: Counter[str] = Counter()
        self._replays: list[Replay] = []

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Keep the bot connected while entered; an error of the bot ends what runs inside and is raised."""
        async with asyncio.TaskGroup() as group:
            bot = group.create_task(self.steward.run(), name="bot")
            await self.steward.health.first_connection.wait()
            yield
            bot.cancel()

    async def live(self) -> Figures:
        """Live through the days, let the counters settle, and return the figures."""
        started = time.perf_counter()
        end = self.began + timedelta(days=self.script.days)
        for midnight, day in self._days():
            if midnight >= end:
                break
            with suppress(TimeoutError):
                async with asyncio.timeout((end - self.clock.now()).total_seconds()):
                    await self._live_a_day(day, midnight)
        await asyncio.sleep(SETTLE)
        return await self._measure(time.perf_counter() - started)

    async def go_on(self) -> None:
        """Live on, a day after the other, for ever."""
        for midnight, day in self._days():
            if midnight > self.clock.now():
                await asyncio.sleep((midnight - self.clock.now()).total_seconds())
                await self._live_a_day(day, midnight)

    @property
    def sent(self) -> Counter[str]:
        """What members have done so far, by kind."""
        return sum((replay.sent for replay in self._replays), self._past)

    @property
    def memory_mb(self) -> float:
        """Resident memory of this process, in MiB."""
        return self._meter.read().memory_mb

    def counters(self) -> list[CounterFigure]:
        """Return each counter with what it shows and what is true."""
        guild = self.stage.guild
        truth = {
            "MEMBER_COUNT_CHANNEL_ID": guild.member_count,
            "ONLINE_COUNT_CHANNEL_ID": guild.online_count,
            "BAN_COUNT_CHANNEL_ID": guild.ban_count,
        }
        return [
            CounterFigure(channel.name, _shown(channel), truth[setting])
            for setting, channel in self.stage.channels.items()
            if setting in truth
        ]

    def _days(self) -> Iterator[tuple[datetime, Day]]:
        """Yield each day's midnight and what happens on it, without end."""
        for number, day in enumerate(cycle(self.script.days_to_live)):
            yield self.began + timedelta(days=number), day

    async def _live_a_day(self, day: Day, midnight: datetime) -> None:
        self._replays = [
            Replay(
                trace,
                self.stage.guild,
                [self.stage.general],
                self.clock,
                start=midnight,
                breathe=trace is day[-1],  # the crowd comes and goes once
            )
            for trace in day
        ]
        try:
            async with asyncio.TaskGroup() as group:
                for replay in self._replays:
                    group.create_task(replay.run())
            await asyncio.sleep((midnight + timedelta(days=1) - self.clock.now()).total_seconds())
        finally:
            self._past = self.sent
            self._replays = []

    async def _measure(self, wall_seconds: float) -> Figures:
        now = self.clock.now()
        kept = (
            await self.steward.stats.summary(self.stage.guild.id, self.began - timedelta(days=1), now, names=0)
        ).counts
        sent, recorder = self.sent, self.sim.recorder
        virtual_seconds = (now - self.began).total_seconds()
        return Figures(
            source=self.script.source,
            virtual_seconds=round(virtual_seconds, 1),
            wall_seconds=round(wall_seconds, 2),
            speed=round(virtual_seconds / wall_seconds),
            guilds=len(self.sim.world.guilds),
            members=self.stage.guild.member_count,
            messages_sent=sent["message"],
            joins_sent=sent["join"],
            joins_recorded=kept[Kind.JOIN],
            leaves_sent=sent["leave"],
            leaves_recorded=kept[Kind.LEAVE],
            bans_sent=sent["ban"],
            bans_recorded=kept[Kind.BAN],
            unbans_sent=sent["unban"],
            unbans_recorded=kept[Kind.UNBAN],
            renames=recorder.count(method="PATCH", route=CHANNEL, status=200),
            rename_429=recorder.count(method="PATCH", route=CHANNEL, status=429),
            http_429=recorder.count(status=429),
            rest_calls=recorder.count(),
            identifies=len(recorder.identifies),
            reports=len(self.stage.channels["STATS_CHANNEL_ID"].messages),
            heartbeat_edits=recorder.count(method="PATCH", route=MESSAGE, status=200),
            rss_mb=round(self.memory_mb, 1),
            errors=self._errors.count,
            counters=self.counters(),
        )


class _ErrorCount(logging.Handler):
    """Counts what the bot logs at ERROR and above."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1


def _shown(channel: Channel) -> int | None:
    number = channel.name.rpartition(":")[2].strip()
    return int(number) if number.isdecimal() else None
