"""A day of heavy traffic, each hour as fast as the bot reads it: the growth of memory."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from benchmarks.bots import PLAIN, STEWARD, Bot, Stage, stage
from benchmarks.cpu import until_still
from benchmarks.memory import read_memory
from benchmarks.run import Run
from steward.runtime.memory.leak import slope_of

LIMIT = 1500.0
HOURS, QUICK_HOURS = 24, 4
WARM_UP = 6  # hours; caches and the heap fill
MEMBERS = 100_000
TALKERS = 2_000
MESSAGES, JOINS, MOVES = 20_000, 200, 1_000  # an hour
AT_ONCE = 200
BUDGET_MB = 80
PEAK = 57.2  # MiB; 60 MB
SLOPE = 1.0  # MB an hour
LOADS_WITHIN = 240.0


async def measure(run: Run) -> None:
    """Let each bot run through the day, and measure its memory after each hour."""
    hours = QUICK_HOURS if run.quick else HOURS
    for bot in (STEWARD, PLAIN):
        readings = await _live(run, bot, hours)
        steady = [(float(hour), reading) for hour, reading in enumerate(readings)][min(WARM_UP, hours // 2) :]
        ours = bot is STEWARD
        slope = slope_of(steady)
        run.found("soak.slope", slope, "MiB/h", better="lower", who=bot.who, target=SLOPE if ours else None)
        peak = max(readings)
        run.found("soak.peak", peak, "MiB", better="lower", who=bot.who, target=PEAK if ours else None)
    run.ratio("soak.peak", "plain")


async def _live(run: Run, bot: Bot, hours: int) -> list[float]:
    """Return the resident MiB at the beginning and after each hour."""
    async with stage(MEMBERS) as scene:
        budgeted = replace(scene, environ={**scene.environ, "STEWARD_MEMORY_BUDGET_MB": str(BUDGET_MB)})
        async with budgeted.started(bot) as child:
            await child.until_it_says(bot.ready, within=LOADS_WITHIN)
            await until_still(child.pid)
            readings = [read_memory(child.pid).resident]
            traffic = Traffic(budgeted)
            for hour in range(hours):
                run.progress(f"{bot.who} bot, hour {hour + 1} of {hours}, {readings[-1]:.1f} MiB")
                await traffic.pass_an_hour()
                await until_still(child.pid)
                readings.append(read_memory(child.pid).resident)
            return readings


class Traffic:
    """A mix of messages, joins, leaves and voice moves, the same for each bot."""

    def __init__(self, scene: Stage) -> None:
        self._scene = scene
        self._guild = scene.community.guild
        self._chance = Random(1)
        self._rooms = [self._guild.add_text_channel(f"room-{number}") for number in range(20)]
        self._lounges: Sequence[object] = (None, *(self._guild.add_voice_channel(f"Lounge {n}") for n in range(3)))
        self._talkers = [self._guild.meet(f"talker{number}") for number in range(TALKERS)]
        self._newcomers = 0

    async def pass_an_hour(self, share: float = 1.0) -> None:
        """Send the events of an hour, or of a share of it, and wait until the bot has read them."""
        counts = {"message": MESSAGES, "join": JOINS, "move": MOVES}
        acts = [act for act, count in counts.items() for _ in range(round(count * share))]
        self._chance.shuffle(acts)
        (session,) = [found for found in self._scene.sim.sessions if found.connected]
        for number, act in enumerate(acts, 1):
            self._act(act)
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
                while session.connection is not None and session.connection.backlog > AT_ONCE:
                    await asyncio.sleep(0.01)
        while session.connection is not None and session.connection.backlog:
            await asyncio.sleep(0.01)

    def _act(self, act: str) -> None:
        somebody = self._chance.choice(self._talkers)
        if act == "message":
            somebody.say(self._chance.choice(self._rooms), "good morning, everybody")
        elif act == "move":
            somebody.move_to(self._chance.choice(self._lounges))  # type: ignore[arg-type]
        else:
            self._newcomers += 1
            newcomer = self._guild.join(f"newcomer{self._newcomers}")
            if self._newcomers % 2:
                newcomer.leave()
