"""Memory of the running bot in use, by the bots switched on, and after a raid."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.bots import STEWARD, Stage, stage
from benchmarks.cpu import until_still
from benchmarks.figures import MEMORY_MARGIN
from benchmarks.memory import read_memory, settled
from benchmarks.processes import Child
from benchmarks.run import Run
from steward.sim.people.member import Member

LIMIT = 2400.0
MEMBERS = 1_000
COMERS, LEAVERS, BANNED = 40, 30, 10
BURST, AT_ONCE = 40_000, 200
QUICK = 10  # divisor
QUIET = 600.0  # seconds
WITHIN = 60.0
SUBCOMMANDS = (1, 2)  # Discord's types of options: a subcommand, a group of them
CHOSEN = {
    "ops": "ops",
    "stats": "stats",
    "stats_events": "stats,events",
    "all": "stats,events,ops",
    "every": "stats,events,bets,music,ops",
}
TARGETS = {"stats": 50.0, "all": 51.5, "every": 57.2}  # MiB; the last is 60 MB
BURST_LEAVES = 2.0  # MiB


async def measure(run: Run) -> None:
    """Use Steward with few and with all of its bots, then all of them in other circumstances."""
    for name, bots in CHOSEN.items():
        async with _running(run, name, {"STEWARD_BOTS": bots}) as (scene, child):
            used = await _use(run, name, scene, child)
            if name == "all":
                await _raid(run, scene, child, used)
    with TemporaryDirectory(prefix="steward-bench-") as nothing_compiled:
        async with _running(run, "first_start", {"PYTHONPYCACHEPREFIX": nothing_compiled}) as (scene, child):
            await _use(run, "first_start", scene, child)
    async with _running(run, "no_bytecode", {"PYTHONDONTWRITEBYTECODE": "1"}) as (scene, child):
        await _use(run, "no_bytecode", scene, child)


@asynccontextmanager
async def _running(run: Run, name: str, environ: Mapping[str, str]) -> Any:
    """Return a context manager that runs the bot with these environment variables."""
    run.progress(f"{name}: starting")
    async with stage(MEMBERS) as plain:
        scene = replace(plain, environ={**plain.environ, **environ})
        async with scene.started(STEWARD) as child:
            await child.until_it_says(STEWARD.ready)
            yield scene, child


async def _use(run: Run, name: str, scene: Stage, child: Child) -> float:
    """Measure the bot after its start, after members came and went, and after every command was used."""
    _report(run, f"{name}.ready", (await settled(child.pid)).resident)
    guild = scene.community.guild
    people = [guild.join(f"guest {number}") for number in range(COMERS)]
    await until_still(child.pid)
    for member in people[:LEAVERS]:
        member.leave()
    for member in people[-BANNED:]:
        guild.ban(member)
    _report(run, f"{name}.in_use", (await settled(child.pid)).resident)
    run.progress(f"{name}: every command without required options")
    await _use_commands(scene)
    used = (await settled(child.pid)).resident
    _report(run, f"{name}.commands", used, target=TARGETS.get(name, TARGETS["all"]))
    return used


async def _use_commands(scene: Stage) -> None:
    """Run each command without required options, charts and reports included, and create an event if possible."""
    guild, general = scene.community.guild, scene.community.general
    organisers = guild.add_role("Organisers", "administrator").id

    def organiser(name: str) -> Member:
        member = guild.join(name)
        member.give(organisers)
        return member

    async with asyncio.timeout(WITHIN):
        while not scene.sim.recorder.requests(method="PUT", status=200):
            await asyncio.sleep(0.1)
    lines = [line for known in scene.sim.bot.commands.values() for one in known.values() for line in _lines(one)]
    assert lines
    for number, line in enumerate(lines):  # each by another member, because of the limits
        await organiser(f"organiser {number}").run(line, general)
    if any(line.startswith("/events") for line in lines):
        olga = organiser("olga")
        preview = await olga.submit(await olga.run("/event create", general), title="Raid", when="tomorrow 20:00")
        await olga.click(preview, "Post")
        await asyncio.sleep(1)
        post = next(message for message in reversed(general.messages) if message.components)
        await olga.click(post, "Yes")


def _lines(command: Mapping[str, Any], before: str = "/") -> Iterator[str]:
    line, options = before + command["name"], command.get("options", [])
    parts = [option for option in options if option["type"] in SUBCOMMANDS]
    for part in parts:
        yield from _lines(part, f"{line} ")
    if not parts and command.get("type", 1) == 1 and not any(option.get("required") for option in options):
        yield line


async def _raid(run: Run, scene: Stage, child: Child, before: float) -> None:
    """Have many members join and leave as fast as the bot reads, and measure what that leaves."""
    events = BURST // (QUICK if run.quick else 1)
    run.progress(f"{events:,} events")
    guild, joined = scene.community.guild, 0
    (session,) = [found for found in scene.sim.sessions if found.connected]
    while joined < events // 2:
        people = [guild.join(f"raider {number}") for number in range(joined, joined + AT_ONCE)]
        joined += AT_ONCE
        for member in people:
            member.leave()
        await asyncio.sleep(0)
    while session.connection is not None and session.connection.backlog:
        await asyncio.sleep(0.01)
    after = (await settled(child.pid)).resident
    _report(run, "all.burst", after)
    run.progress("quiet minutes")
    await asyncio.sleep(QUIET / (QUICK if run.quick else 1))
    await until_still(child.pid)
    quiet = read_memory(child.pid).resident
    _report(run, "all.quiet", quiet)
    run.found("memory_in_use.burst_leaves", quiet - before, "MiB", target=BURST_LEAVES)


def _report(run: Run, name: str, resident: float, *, target: float | None = None) -> None:
    run.found(f"memory_in_use.{name}", resident, "MiB", better="lower", target=target, margin=MEMORY_MARGIN)
