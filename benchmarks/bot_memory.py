"""Memory of the running bot, of the least that discord.py can be, and of a bot as usually written."""

from __future__ import annotations

import asyncio

from benchmarks.bots import FLOOR, PLAIN, READY, STEWARD, stage
from benchmarks.figures import MEMORY_MARGIN
from benchmarks.memory import Memory, read_memory
from benchmarks.run import Run

LIMIT = 400.0
TARGET = 56.0  # MiB
FLAT_WITHIN = 2.0  # MiB between the smallest and the largest community
SIZES = (1_000, 100_000, 1_000_000)
PLAIN_SIZES = (1_000, 100_000)  # a million takes it a gigabyte and minutes
SETTLE = 6.0  # seconds after READY: counts polled, counters renamed, heartbeat and presence shown


async def measure(run: Run) -> None:
    """Read each bot some seconds after it is ready."""
    sizes = (SIZES[0], SIZES[-1]) if run.quick else SIZES
    resident: list[float] = []
    for size in sizes:
        bot = await _memory(run, "steward", STEWARD, size)
        floor = await _memory(run, "floor", FLOOR, size)
        resident.append(bot.resident)
        run.found(f"bot_memory.steward.of_floor.{size}", bot.resident / floor.resident, "")
    growth = max(resident) - min(resident)
    # No margin: a difference of almost nothing triples easily; its target says what matters.
    run.found("bot_memory.steward.growth", growth, "MiB", target=FLAT_WITHIN)
    for size in PLAIN_SIZES[:1] if run.quick else PLAIN_SIZES:
        await _memory(run, "plain", PLAIN, size)


async def _memory(run: Run, name: str, words: tuple[str, ...], members: int) -> Memory:
    run.progress(f"{name} bot with {members:,} members")
    async with stage(members) as scene, scene.bot(words) as child:
        await child.until_it_says(READY[words])
        await asyncio.sleep(SETTLE)
        memory = read_memory(child.pid)
    ours = name == "steward"
    run.found(
        f"bot_memory.{name}.resident.{members}",
        memory.resident,
        "MiB",
        better="lower" if ours else None,
        target=TARGET if ours else None,
        margin=MEMORY_MARGIN,
    )
    if memory.anonymous is not None:
        run.found(
            f"bot_memory.{name}.anonymous.{members}",
            memory.anonymous,
            "MiB",
            better="lower" if ours else None,
            margin=MEMORY_MARGIN,
        )
    return memory
