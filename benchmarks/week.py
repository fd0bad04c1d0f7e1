"""
Days in a community with one bot, in accelerated time: `python -m benchmarks.week BOT TRAFFIC DAYS`.

BOT is steward or plain; TRAFFIC is `invented`, the day that ships with Steward, or a folder of real ones.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

import structlog

from benchmarks.least_error import least_error, least_without_foresight
from benchmarks.plain_bot import PlainBot
from benchmarks.tide import Tide
from steward.app import open_steward
from steward.bots.settings import load
from steward.bots.stats.counts.facts import EventKind
from steward.bots.stats.part import StatsPart
from steward.cli.commands.demo import START
from steward.cli.demo.life import DemoScript, Life, days_for
from steward.cli.stage import Stage, build_stage
from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim import time as accelerated
from steward.sim.library_address import pointed_at
from steward.sim.traces.trace import Trace

MEMBERS = 5000
BANS = 12
SETTLE = 900.0  # seconds after the last day, for pending writes
SAMPLE_EVERY = 10  # seconds
RENAME_WINDOW = 600 // SAMPLE_EVERY
NAME_STANDS = 3600 // SAMPLE_EVERY
KINDS = ("join", "leave", "ban", "unban")
COUNTERS = {
    "members": "MEMBER_COUNT_CHANNEL_ID",
    "online": "ONLINE_COUNT_CHANNEL_ID",
    "bans": "BAN_COUNT_CHANNEL_ID",
}

Recorded = Callable[[], Awaitable[Mapping[str, int]]]
"""Returns how many events of each kind a bot has stored."""


@dataclass(frozen=True, slots=True)
class Week:
    """
    The result of some days.

    Attributes:
        sent: joins, leaves, bans and unbans that happened.
        recorded: those that the bot has stored.
        rest: requests, by method and route.
        refused: those of them that were rate limited (429).
        error: the mean absolute error of each counter.
        least: the least possible error of each counter.
        causal: the least possible error of each counter without knowing the future.
        reports: daily reports.

    """

    sent: Mapping[str, int]
    recorded: Mapping[str, int]
    rest: Mapping[str, int]
    refused: Mapping[str, int]
    error: Mapping[str, float]
    least: Mapping[str, float]
    causal: Mapping[str, float]
    reports: int


async def live(clock: Clock, folder: Path, who: str, script: DemoScript) -> Week:
    """Let one bot run through the script."""
    async with Simulator(clock=clock) as sim:
        stage = build_stage(sim, members=script.members, online=script.members // 6, bans=BANS)
        life = Life(clock, stage, script, breathe=False)
        tide = Tide(stage.guild, clock)
        errors = Errors(stage)
        async with OPEN[who](clock, sim, stage, folder) as recorded:
            moving, watching = asyncio.create_task(tide.run()), asyncio.create_task(errors.watch())
            await life.live()
            watching.cancel()
            rest, refused = _requests(sim, None), _requests(sim, 429)
            moving.cancel()
            await asyncio.sleep(SETTLE)
            kept = await recorded()
        reports = sum("report" in message.embeds[0]["title"] for message in stage.channels["STATS_CHANNEL_ID"].messages)
    sent = {kind: life.sent[kind] for kind in KINDS}
    return Week(sent, kept, rest, refused, errors.mean(), errors.least(), errors.causal(), reports)


class Errors:
    """Samples the errors of the counters every ten seconds."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._truth: dict[str, list[int]] = {name: [] for name in COUNTERS}
        self._off: Counter[str] = Counter()

    async def watch(self) -> None:
        """Take samples for ever."""
        guild = self._stage.guild
        while True:
            await asyncio.sleep(SAMPLE_EVERY)
            truth = {"members": guild.member_count, "online": guild.online_count, "bans": guild.ban_count}
            for name, setting in COUNTERS.items():
                shown = int(self._stage.channels[setting].name.rpartition(":")[2].replace(",", ""))
                self._truth[name].append(truth[name])
                self._off[name] += abs(shown - truth[name])

    def mean(self) -> dict[str, float]:
        """Return the mean absolute error of each counter."""
        return {name: self._off[name] / len(samples) for name, samples in self._truth.items()}

    def least(self) -> dict[str, float]:
        """Return the least possible error of each counter."""
        return {
            name: least_error(samples, window=RENAME_WINDOW, longest=NAME_STANDS)
            for name, samples in self._truth.items()
        }

    def causal(self) -> dict[str, float]:
        """Return the least possible error of each counter without knowing the future."""
        return {name: least_without_foresight(samples, window=RENAME_WINDOW) for name, samples in self._truth.items()}


def _requests(sim: Simulator, status: int | None) -> dict[str, int]:
    routes = {(request.method, request.route) for request in sim.recorder.requests()}
    counts = {
        f"{method} {route}": sim.recorder.count(method=method, route=route, status=status) for method, route in routes
    }
    assert sum(counts.values()) == sim.recorder.count(status=status), "a request was forgotten"
    return {name: count for name, count in sorted(counts.items()) if count}


@asynccontextmanager
async def _steward(clock: Clock, sim: Simulator, stage: Stage, folder: Path) -> AsyncIterator[Recorded]:
    environ = {**stage.environment(sim), "STEWARD_HEALTH_PORT": "0", "STEWARD_DATA_DIR": str(folder)}
    began = clock.now()
    async with open_steward(load(environ, folder), clock) as steward:

        async def recorded() -> dict[str, int]:
            begin, end = began - timedelta(days=1), clock.now()
            counts = (await steward.bots.part(StatsPart).service.summary(stage.guild.id, begin, end, names=0)).counts
            return {kind: counts[EventKind(kind)] for kind in KINDS}

        running = asyncio.create_task(steward.run())
        try:
            await steward.health.first_connection.wait()
            yield recorded
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def _plain(clock: Clock, sim: Simulator, stage: Stage, folder: Path) -> AsyncIterator[Recorded]:
    with pointed_at(sim.api_url, sim.gateway_url):
        async with PlainBot(stage.environment(sim), folder) as bot:

            async def recorded() -> dict[str, int]:
                stats = json.loads(bot.path.read_text())
                return {kind: len(stats[f"{kind}s"]) for kind in KINDS}

            running = asyncio.create_task(bot.start(sim.bot.token))
            try:
                while not bot.update_counters.is_running():
                    await asyncio.sleep(1)
                yield recorded
            finally:
                for loop in (bot.update_counters, bot.heartbeat, bot.daily_report):
                    loop.cancel()
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)


OPEN: Mapping[str, Callable[[Clock, Simulator, Stage, Path], AbstractAsyncContextManager[Recorded]]] = {
    "steward": _steward,
    "plain": _plain,
}


def main(who: str, traffic: str, days: float) -> Week:
    """Run through the days and return the result."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    played, source = ([(Trace.community_day(),)], traffic) if traffic == "invented" else days_for(Path(traffic))
    script = DemoScript(played, source, days, MEMBERS)
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
        return accelerated.run(lambda clock: live(clock, Path(folder), who, script), start=START)


if __name__ == "__main__":
    print(json.dumps(asdict(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))))
