"""The CPU cost of a gateway event for each bot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.bots import BOTS, Stage, stage
from benchmarks.cpu import cpu_seconds, until_still
from benchmarks.memory import SETTLE
from benchmarks.run import Run
from steward.sim.people.member import Member

LIMIT = 600.0
MEMBERS = 1000
EVENTS = ("GUILD_MEMBER_ADD", "MESSAGE_CREATE", "VOICE_STATE_UPDATE", "GUILD_MEMBER_REMOVE")
JOINS = 2_000
OTHERS = 20_000
QUICK = 10  # divisor
AT_ONCE = 200  # events before the simulator yields
IDLE = 5.0  # seconds
TARGET = 1.5  # times the floor bot's


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event: its name, and the acts that cause it, one for each event."""

    event: str
    acts: Sequence[Callable[[], object]]


async def measure(run: Run) -> None:
    """Send each bot the same events as fast as it reads them."""
    for bot in BOTS:
        async with stage(MEMBERS) as scene, scene.started(bot) as child:
            await child.until_it_says(bot.ready)
            await asyncio.sleep(SETTLE)
            await until_still(child.pid)
            idle = await _idle(child.pid)
            for kind in _kinds(scene, QUICK if run.quick else 1):
                run.progress(f"{bot.who} bot, {len(kind.acts):,} {kind.event}")
                cost, sent = await _cost(scene, child.pid, kind, idle)
                if sent >= len(kind.acts):  # else the bot has not subscribed to such events
                    run.found(f"event_cpu.{kind.event}", cost * 1e6, "µs", better="lower", who=bot.who)
    for event in EVENTS:
        run.ratio(f"event_cpu.{event}", "floor", target=TARGET)
        run.ratio(f"event_cpu.{event}", "plain")


def _kinds(scene: Stage, fewer: int) -> Iterator[Kind]:
    guild = scene.community.guild
    general, lounge = scene.community.general, guild.add_voice_channel("Lounge")
    joined: list[Member] = []
    joins = [lambda number=number: joined.append(guild.join(f"newcomer{number}")) for number in range(JOINS // fewer)]
    yield Kind("GUILD_MEMBER_ADD", joins)
    speaker, others = joined[0], range(OTHERS // fewer)
    yield Kind("MESSAGE_CREATE", [lambda: speaker.say(general, "good morning, everybody") for _ in others])
    there = [lambda number=number: speaker.move_to(None if number % 2 else lounge) for number in others]
    yield Kind("VOICE_STATE_UPDATE", there)
    yield Kind("GUILD_MEMBER_REMOVE", [member.leave for member in joined])


async def _idle(pid: int) -> float:
    """Return the CPU seconds per second of an idle bot."""
    before = cpu_seconds(pid)
    await asyncio.sleep(IDLE)
    return (cpu_seconds(pid) - before) / IDLE


async def _cost(scene: Stage, pid: int, kind: Kind, idle: float) -> tuple[float, int]:
    """Return the CPU seconds per event, and how many events were sent; none if the bot has not subscribed."""
    (session,) = [found for found in scene.sim.sessions if found.connected]
    connection = session.connection
    assert connection is not None
    first, began, before = session.seq, time.perf_counter(), cpu_seconds(pid)
    for number, act in enumerate(kind.acts, 1):
        act()
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)
    while connection.backlog:
        await asyncio.sleep(0.01)
    await until_still(pid)
    used = cpu_seconds(pid) - before - idle * (time.perf_counter() - began)
    return used / len(kind.acts), session.seq - first
