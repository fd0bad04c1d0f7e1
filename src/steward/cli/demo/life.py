"""The community of a demo: a simulated guild, and the days that are replayed in it."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

from steward.cli.stage import Stage
from steward.errors import NeedsOperator
from steward.runtime.clock import Clock
from steward.sim.traces.replay import Replay
from steward.sim.traces.trace import Trace

REAL_A_DAY = 4

Day = tuple[Trace, ...]
"""One day: traces that are replayed at the same time."""


def shared_days() -> Path:
    """Return the folder of real days: beside the project, or where STEWARD_SHARED says; it may not exist."""
    return Path(os.environ.get("STEWARD_SHARED", "../shared")) / "data" / "community"


def days_for(path: Path | None) -> tuple[list[Day], str]:
    """
    Return the days to replay and their source: the named trace or folder, else real days if present, else invented.

    Real days are excerpts of some hours without any ban, so several of them and the invented one make one day.

    Raises:
        NeedsOperator: the path is no trace and no folder of traces.

    """
    if path is not None and not path.is_dir():
        return [(Trace.load(path),)], f"the trace {path.name}"
    shared = shared_days()
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
class DemoScript:
    """
    What is played.

    Attributes:
        days_to_live: days, repeated when they run out; `source`: what they are, for display.
        days: how many virtual ones.
        weekend: played before them, with bets alone; none if it is zero.

    """

    days_to_live: Sequence[Day]
    source: str
    days: float
    members: int
    weekend: timedelta = timedelta(0)


class Life:
    """
    Replays what people do, day after day, from after the weekend on.

    Args:
        breathe: the crowd's online count follows the hour of the day.

    """

    def __init__(self, clock: Clock, stage: Stage, script: DemoScript, *, breathe: bool = True) -> None:
        self.clock = clock
        self.stage = stage
        self.script = script
        self.began = clock.now() + script.weekend
        self._breathe = breathe
        self._past: Counter[str] = Counter()
        self._replays: list[Replay] = []

    @property
    def sent(self) -> Counter[str]:
        """What members have done so far, by kind."""
        return sum((replay.sent for replay in self._replays), self._past)

    async def live(self) -> None:
        """Replay the days of the script."""
        end = self.began + timedelta(days=self.script.days)
        for midnight, day in self._days():
            if midnight >= end:
                break
            await asyncio.sleep(max(0.0, (midnight - self.clock.now()).total_seconds()))
            with suppress(TimeoutError):
                async with asyncio.timeout((end - self.clock.now()).total_seconds()):
                    await self._live_a_day(day, midnight)

    async def go_on(self) -> None:
        """Replay day after day, for ever."""
        for midnight, day in self._days():
            if midnight > self.clock.now():
                await asyncio.sleep((midnight - self.clock.now()).total_seconds())
                await self._live_a_day(day, midnight)

    def _days(self) -> Iterator[tuple[datetime, Day]]:
        """Yield each day's midnight and traces, for ever."""
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
                breathe=self._breathe and trace is day[-1],  # one trace only moves the crowd
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
