"""Memory of the running bot with the events of a large community, when it is ready and after members used them."""

from __future__ import annotations

import asyncio

from benchmarks.bots import STEWARD, Stage, stage
from benchmarks.figures import MEMORY_MARGIN
from benchmarks.many_events import ANSWERS, EVENTS, keep_events
from benchmarks.memory import Memory, read_memory, settled
from benchmarks.run import Run
from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.store import open_store

LIMIT = 300.0
MEMBERS = 1_000
TARGET = 57.2  # MiB: 60 MB
USERS = 100


async def measure(run: Run) -> None:
    """Fill the database before the bot starts; measure when it is ready, and after members asked for lists."""
    async with stage(MEMBERS) as scene:
        run.progress(f"filling {EVENTS:,} events")
        async with open_store(scene.folder / "steward.sqlite3", SystemClock(), migrations=MIGRATIONS) as store:
            guild = scene.community.guild
            users = [guild.join(f"player {number}").id for number in range(ANSWERS)]
            await store.write(lambda tx: keep_events(tx, guild.id, users))
        async with scene.started(STEWARD) as child:
            await child.until_it_says(STEWARD.ready)
            _report(run, "ready", await settled(child.pid))
            run.progress("looking events up")
            await _use(scene)
            _report(run, "used", read_memory(child.pid))


def _report(run: Run, when: str, memory: Memory) -> None:
    name = f"events_memory.{when}"
    run.found(name, memory.resident, "MiB", better="lower", target=TARGET, margin=MEMORY_MARGIN)


async def _use(scene: Stage) -> None:
    """Have members, one after the other, list upcoming events in both ways, and their own."""
    guild = scene.community.guild
    hall = guild.add_text_channel("hall")
    await asyncio.sleep(1)
    for number in range(USERS):
        member = guild.join(f"guest {number}")
        await member.run("/events list", hall)
        await member.run("/events list", hall, days=366)
        await member.run("/events mine", hall)
