"""How soon each bot is connected, and how soon it is ready."""

from __future__ import annotations

from collections import defaultdict
from statistics import median

from benchmarks.bots import BOTS, stage
from benchmarks.cpu import cpu_seconds
from benchmarks.figures import Who
from benchmarks.run import Run

LIMIT = 300.0
RUNS = 7
QUICK_RUNS = 3
MEMBERS = 1000


async def measure(run: Run) -> None:
    """Take the median of several starts, the bots in turn, so that other load affects all alike."""
    taken: defaultdict[tuple[str, Who], list[float]] = defaultdict(list)
    runs = QUICK_RUNS if run.quick else RUNS
    for number in range(runs + 1):
        run.progress(f"start {number} of {runs}" if number else "a first start, not counted: it may compile")
        for bot in BOTS:
            async with stage(MEMBERS) as scene, scene.started(bot) as child:
                taken["connected", bot.who].append(await child.until_it_says(bot.connected))
                taken["connected_cpu", bot.who].append(cpu_seconds(child.pid))
                if bot.ready != bot.connected:
                    taken["ready", bot.who].append(await child.until_it_says(bot.ready))
    for (name, who), seconds in taken.items():
        run.found(f"start_to_ready.{name}", median(seconds[1:]), "s", better="lower", who=who)
    run.ratio("start_to_ready.connected", "floor")
    run.ratio("start_to_ready.connected", "plain")
