"""Memory in a thousand guilds while Discord ends the session fifty times and sends all guilds again."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from functools import partial

from benchmarks.bots import FLOOR, STEWARD, Bot, Stage, stage
from benchmarks.cpu import until_still
from benchmarks.figures import MEMORY_MARGIN
from benchmarks.guilds_memory import MEMBERS, fill
from benchmarks.memory import read_memory, settled
from benchmarks.processes import Child
from benchmarks.run import Run
from steward.cli.stage import Stage as Community
from steward.errors import NotReady
from steward.sim import Simulator

LIMIT = 2400.0
GUILDS, RENEWALS = 1_000, 50
QUICK_GUILDS, QUICK_RENEWALS = 100, 10
WARM_UP = 3  # new sessions
TARGET = 5.0  # percent
FILLED_WITHIN = 600.0  # seconds; three requests a guild, ten guilds a second


async def measure(run: Run) -> None:
    """Measure Steward and bare discord.py after the third new session and after the last."""
    guilds, renewals = (QUICK_GUILDS, QUICK_RENEWALS) if run.quick else (GUILDS, RENEWALS)
    for bot in (STEWARD, FLOOR):
        async with stage(MEMBERS, partial(_furnish, guilds)) as scene, scene.started(bot) as child:
            await _measure(run, bot, scene, child, renewals)


async def _measure(run: Run, bot: Bot, scene: Stage, child: Child, renewals: int) -> None:
    run.progress(f"{bot.who} bot, first session")
    await child.until_it_says(bot.ready)
    ready = (await settled(child.pid)).resident
    readings: list[float] = []
    for number in range(1, renewals + 1):
        await _renew(bot, scene, child)
        if number in (WARM_UP, renewals):
            await _until_filled(scene)
            await until_still(child.pid)
        if number >= WARM_UP:
            readings.append(read_memory(child.pid).resident)
            run.progress(f"{bot.who} bot, session {number} of {renewals}, {readings[-1]:.1f} MiB")
    first, last = readings[0], readings[-1]
    found = partial(run.found, unit="MiB", better="lower", margin=MEMORY_MARGIN, who=bot.who)
    found("reidentify.ready", ready)
    found("reidentify.first", first)
    found("reidentify.last", last)
    found("reidentify.most", max(readings))
    # Without a better side: a tiny difference triples easily, and the target says what matters.
    run.found("reidentify.growth", 100 * (last - first) / first, "%", target=TARGET, who=bot.who)


def _furnish(guilds: int, sim: Simulator, community: Community) -> None:
    fill(community.guild)
    for number in range(2, guilds + 1):
        fill(sim.add_guild(f"Guild {number}", members=MEMBERS, online=MEMBERS // 6))


async def _renew(bot: Bot, scene: Stage, child: Child) -> None:
    """End the session as Discord does, and wait until the new one has sent all guilds."""
    _forget_logins(scene)
    scene.sim.faults.invalidate(resumable=False)
    await child.until_it_says(bot.connected)
    (session,) = [found for found in scene.sim.sessions if found.connected]
    while session.connection is not None and session.connection.backlog:
        await asyncio.sleep(0.1)


def _forget_logins(scene: Stage) -> None:
    """
    Delete all but the last login from Steward's ledger, as if they were a day old.

    Steward would space fifty a day out over half an hour.
    """
    _ask(scene, "DELETE FROM identifies WHERE id < (SELECT MAX(id) FROM identifies)")


async def _until_filled(scene: Stage) -> None:
    """
    Wait until Steward has filled its gaps from each guild's audit log.

    Raises:
        NotReady: it has not within ten minutes.

    """
    try:
        async with asyncio.timeout(FILLED_WITHIN):
            while _ask(scene, "SELECT 1 FROM stats_gaps WHERE filled = 0 LIMIT 1"):
                await asyncio.sleep(1)
    except TimeoutError:
        raise NotReady(f"After {FILLED_WITHIN:g} s some gaps were not filled.") from None


def _ask(scene: Stage, sql: str) -> list[tuple[object, ...]]:
    """Run a statement in Steward's database; the other bots have none."""
    path = scene.folder / "steward.sqlite3"
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as database, database:
        return database.execute(sql).fetchall()
