"""Memory of each bot in communities of a thousand to a million members."""

from __future__ import annotations

from benchmarks.bots import BOTS, STEWARD, Bot, stage
from benchmarks.memory import Memory, report, settled
from benchmarks.run import Run

LIMIT = 600.0
TARGET = 56.0  # MiB
FLAT_WITHIN = 2.0  # MiB between the smallest and the largest community
SIZES = (1_000, 100_000, 1_000_000)
PLAIN_BOT_LOADS_WITHIN = 240.0  # seconds; it takes a gigabyte for a million members


async def measure(run: Run) -> None:
    """Measure each bot once its start is complete."""
    sizes = SIZES[:2] if run.quick else SIZES
    resident: list[float] = []
    for size in sizes:
        for bot in BOTS:
            run.progress(f"{bot.who} bot with {size:,} members")
            memory = await _memory(bot, size)
            report(run, "members_memory", size, bot.who, memory, target=TARGET)
            if bot is STEWARD:
                resident.append(memory.resident)
        run.ratio(f"members_memory.resident.{size}", "floor")
        run.ratio(f"members_memory.resident.{size}", "plain")
    # Without a better side: a tiny difference triples easily, and the target says what matters.
    run.found("members_memory.growth", max(resident) - min(resident), "MiB", target=FLAT_WITHIN)


async def _memory(bot: Bot, members: int) -> Memory:
    async with stage(members) as scene, scene.started(bot) as child:
        await child.until_it_says(bot.ready, within=PLAIN_BOT_LOADS_WITHIN)
        return await settled(child.pid)
