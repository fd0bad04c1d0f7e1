"""
The cost of a click on an event with many RSVPs, and the outcome of many clicks at once.

A running bot posts five events; then the bot is stopped and RSVPs are written into its database. The simulator, the
members and the bot share the machine, so times include the others' work.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.bots import FLOOR, STEWARD, Bot, Stage, stage
from benchmarks.cpu import cpu_seconds, until_still
from benchmarks.figures import Who
from benchmarks.many_events import keep_answers
from benchmarks.processes import ROOT, Child
from benchmarks.run import Run
from benchmarks.watched_steward import HOLDS
from steward.bots.events.editing.service import EventService
from steward.bots.events.model.details import Details
from steward.bots.events.model.series import Series
from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.sim.channels.message import Message
from steward.sim.people.member import Member
from steward.sim.recorder import Request
from steward.sim.snowflake import made_at
from steward.store import Store, open_store

LIMIT = 3600.0
WATCHED = Bot("steward", ("-m", "benchmarks.watched_steward"), STEWARD.connected, STEWARD.ready)
ANSWERS = (10, 250, 1000, 4750, 10_000)
EACH = 400  # clicks measured one by one
SOME = 16  # clicks in flight, for the cost among others
AMONG = 2000  # clicks measured among others
AT_ONCE = 500
FLOOD = 5000
CANCEL_AFTER = 1.0  # seconds
STREAM, IN_FLIGHT = 10_000, 400
QUICK = 10  # divisor
IDLE = 3.0  # seconds
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
A_CLICK_MS, ACKNOWLEDGED_WITHIN_S, HELD_MS = 1.5, 3.0, 250.0
WITHIN = 120.0
KEPT_WITHIN = 600.0
KEPT_APART = 10.0  # seconds without another RSVP: all are stored


@dataclass(frozen=True, slots=True)
class Post:
    """An event that can be clicked."""

    occurrence_id: int
    message: Message


@dataclass(frozen=True, slots=True)
class ClickTimes:
    """
    The outcome of interactions.

    Attributes:
        acknowledged: how many were acknowledged.
        slowest: seconds from a member's click to Discord's receipt of the reply, of the slowest acknowledged one.
        held: the longest time for which the bot's event loop was blocked, in seconds.
        acting: seconds from the first click to the last reply, or failure.

    """

    acknowledged: int
    slowest: float
    held: float
    acting: float


async def measure(run: Run) -> None:
    """Let members of a running bot's server click."""
    fewer = QUICK if run.quick else 1
    sizes = [size // fewer for size in ANSWERS]
    async with stage(1000) as scene:
        crowd = Crowd(scene, max(STREAM, FLOOD) // fewer, answered=max(sizes))
        posts = await crowd.posts([*sizes, 0, 0, 0])
        stream = partial(_stream, run, crowd, posts[-1], STREAM // fewer, IN_FLIGHT // fewer)
        async with crowd.bot(FLOOR) as child:
            run.progress("clicks that are only acknowledged")
            idle = await crowd.idle(child)
            cost = await crowd.cost(child, posts[-1], EACH // fewer, idle)
            for size in ANSWERS:
                run.found(f"clicks.cpu.{size}", cost * 1e3, "ms", better="lower", who="floor")
            among = await crowd.cost_among(child, posts[-1], AMONG // fewer, idle)
            run.found("clicks.cpu_among", among * 1e3, "ms", better="lower", who="floor")
            await stream("floor")
        async with crowd.bot(STEWARD) as child:
            idle = await crowd.idle(child)
            for size, post in zip(ANSWERS, posts, strict=False):
                run.progress(f"clicks beside {size:,} answers")
                cost = await crowd.cost(child, post, EACH // fewer, idle)
                target = A_CLICK_MS if size == ANSWERS[-1] else None
                run.found(f"clicks.cpu.{size}", cost * 1e3, "ms", better="lower", target=target)
                run.ratio(f"clicks.cpu.{size}", "floor")
            among = await crowd.cost_among(child, posts[-2], AMONG // fewer, idle)
            run.found("clicks.cpu_among", among * 1e3, "ms", better="lower", target=A_CLICK_MS)
            run.ratio("clicks.cpu_among", "floor")
        async with crowd.bot(WATCHED):
            great = posts[ANSWERS.index(4750)]
            await _at_once(run, crowd, great, AT_ONCE // fewer)
            await _flood(run, crowd, posts[-3:-1], FLOOD // fewer)
            await stream("steward")


async def _stream(run: Run, crowd: Crowd, post: Post, number: int, in_flight: int, who: Who) -> None:
    run.progress(f"{number:,} clicks, {in_flight} in flight")
    times = await crowd.stream(post, number, in_flight)
    unanswered = number - times.acknowledged
    run.found("clicks.stream.unanswered", unanswered, "", better="lower", target=0, who=who)
    run.found("clicks.stream.a_second", number / times.acting, "/s", better="higher", who=who)
    _report(run, "stream", times, who)


async def _at_once(run: Run, crowd: Crowd, post: Post, number: int) -> None:
    acts: dict[str, Callable[[Member], Awaitable[object]]] = {
        "who": lambda member: member.click(post.message, "Who's coming"),
        "overview": lambda member: member.run("/stats overview"),
        "mine": lambda member: member.run("/events mine"),
        "list": lambda member: member.run("/events list"),
        "answer": lambda member: member.click(post.message, "Yes"),
    }
    for name, act in acts.items():
        run.progress(f"{number} times at once: {name}")
        times = await crowd.all_at_once(number, act)
        share = times.acknowledged / number
        run.found(f"clicks.{name}.acknowledged", share, "", better="higher", target=1.0)
        _report(run, name, times)


async def _flood(run: Run, crowd: Crowd, posts: Sequence[Post], number: int) -> None:
    run.progress(f"{number:,} clicks on one event")
    first, second = posts
    began = time.time()
    times = await crowd.all_at_once(number, lambda member: member.click(first.message, "Yes"))
    last = await crowd.last_kept(first)
    run.found("clicks.flood.acknowledged", times.acknowledged / number, "", better="higher")
    run.found("clicks.flood.kept_late", last - began, "s", better="lower")
    _report(run, "flood", times)
    run.progress(f"/event cancel among {number:,} clicks")
    olga = crowd.organiser
    clicking = asyncio.gather(*(member.click(second.message, "Yes") for member in crowd.members[:number]))
    await asyncio.sleep(CANCEL_AFTER)
    asked = time.perf_counter()
    while True:
        reply = await olga.run("/event cancel", event=str(second.occurrence_id))
        if reply.error is None:
            break  # else a person would try again
    run.found("clicks.flood.cancel", time.perf_counter() - asked, "s", better="lower")
    await clicking
    await crowd.at_rest()


def _report(run: Run, name: str, times: ClickTimes, who: Who = "steward") -> None:
    target = ACKNOWLEDGED_WITHIN_S
    run.found(f"clicks.{name}.slowest", times.slowest, "s", better="lower", target=target, who=who)
    if who == "steward":  # the others' loops are not watched
        run.found(f"clicks.{name}.held", times.held * 1e3, "ms", better="lower", target=HELD_MS)


class Crowd:
    """
    The members of a server, and its bot.

    Args:
        scene: the server.
        number: of members who click.
        answered: of members with RSVPs in the database.

    """

    def __init__(self, scene: Stage, number: int, *, answered: int = 0) -> None:
        self._holds = scene.folder / "holds"
        self._holds.touch()
        self._scene = replace(
            scene,
            environ={
                **scene.environ,
                HOLDS: str(self._holds),
                "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src"))),
            },
        )
        guild = scene.community.guild
        self.members = [guild.join(f"guest {index}") for index in range(number)]
        self._answered = [guild.join(f"member {index}").id for index in range(answered)]
        self.organiser = guild.join("olga")
        self.organiser.give(guild.add_role("Organisers", "manage_guild", "manage_events").id)
        self._heard: list[Request] = []
        scene.sim.recorder.subscribe(self._hear)
        self._child: Child | None = None

    @asynccontextmanager
    async def bot(self, bot: Bot) -> AsyncIterator[Child]:
        """Return a context manager that runs the bot."""
        async with self._scene.started(bot) as child:
            await child.until_it_says(bot.ready)
            self._child = child
            await self.at_rest()
            yield child

    async def at_rest(self) -> None:
        """Wait until the bot is idle."""
        assert self._child is not None
        async with asyncio.timeout(KEPT_WITHIN):
            await until_still(self._child.pid)

    async def posts(self, sizes: Sequence[int]) -> list[Post]:
        """Have an event posted for each size, then add so many RSVPs of other members."""
        guild = self._scene.community.guild
        halls = [guild.add_text_channel(f"hall-{number}") for number in range(len(sizes))]
        async with self._store() as store:
            organising = EventService(store, _not_posted)
            ids = []
            for number, hall in enumerate(halls, 1):
                start = (datetime.now(UTC) + timedelta(days=1)).replace(tzinfo=None, second=0, microsecond=0)
                details = Details("Raid night", seats=sizes[number - 1] // 2 or None, reminders=())
                series = Series(number, guild.id, hall.id, self.organiser.id, ZoneInfo("UTC"), start, None, 0, details)
                ids.append((await organising.create(series)).id)
        async with self.bot(STEWARD), asyncio.timeout(WITHIN):
            while not all(any(message.components for message in hall.messages) for hall in halls):
                await asyncio.sleep(0.1)
        async with self._store() as store:
            for id_, size in zip(ids, sizes, strict=True):
                users = self._answered[:size]
                await store.write(partial(keep_answers, occurrence_id=id_, users=users, seated=size // 2))
        messages = [next(message for message in hall.messages if message.components) for hall in halls]
        return [Post(id_, message) for id_, message in zip(ids, messages, strict=True)]

    async def idle(self, child: Child) -> float:
        """Return the CPU seconds per second of the idle bot."""
        before = cpu_seconds(child.pid)
        await asyncio.sleep(IDLE)
        return (cpu_seconds(child.pid) - before) / IDLE

    async def cost(self, child: Child, post: Post, clicks: int, idle: float) -> float:
        """Return the CPU seconds of a click, one after the other, edits of the post included."""
        await self.at_rest()
        before, began = cpu_seconds(child.pid), time.perf_counter()
        for number in range(clicks):
            member = self.members[number // 2]
            await member.click(post.message, "No" if number % 2 else "Yes")
        await self.at_rest()
        spent = cpu_seconds(child.pid) - before - idle * (time.perf_counter() - began)
        return spent / clicks

    async def cost_among(self, child: Child, post: Post, clicks: int, idle: float) -> float:
        """Return the CPU seconds of a click with some others in flight, edits of the post included."""
        await self.at_rest()
        before, began = cpu_seconds(child.pid), time.perf_counter()
        await self.stream(post, clicks, SOME)
        spent = cpu_seconds(child.pid) - before - idle * (time.perf_counter() - began)
        return spent / clicks

    async def all_at_once(self, number: int, act: Callable[[Member], Awaitable[object]]) -> ClickTimes:
        """Have so many members do the same at the same moment."""
        return await self._times_of(asyncio.gather(*(act(member) for member in self.members[:number])))

    async def stream(self, post: Post, number: int, in_flight: int) -> ClickTimes:
        """Have so many members click, some at a time, each after an earlier click is acknowledged."""
        waiting = iter(self.members[:number])

        async def go_on() -> None:
            for member in waiting:
                await member.click(post.message, "Yes")

        return await self._times_of(asyncio.gather(*(go_on() for _ in range(in_flight))))

    async def last_kept(self, post: Post) -> float:
        """Wait until no more RSVPs to an event are stored, and return when the last was."""
        number = -1
        while (found := self._kept(post))[0] > number:
            number = found[0]
            await asyncio.sleep(KEPT_APART)
        return found[1]

    def _kept(self, post: Post) -> tuple[int, float]:
        connection = sqlite3.connect(self._database)
        try:
            sql = "SELECT COUNT(*), MAX(answered_at) FROM event_answers WHERE occurrence_id = ?"
            number, last = connection.execute(sql, (post.occurrence_id,)).fetchone()
        finally:
            connection.close()
        return int(number), (last or 0) / 1e3

    async def _times_of(self, acts: Awaitable[object]) -> ClickTimes:
        self._heard.clear()
        begin, began = self._holds.stat().st_size, time.perf_counter()
        await acts
        acting = time.perf_counter() - began
        await self.at_rest()
        seconds = [(request.at - made_at(int(request.path.split("/")[-3]))).total_seconds() for request in self._heard]
        holds = [float(line) for line in self._holds.read_text()[begin:].splitlines()]
        return ClickTimes(len(seconds), max(seconds, default=0.0), max(holds, default=0.0), acting)

    def _hear(self, request: Request) -> None:
        if request.route == CALLBACK and 200 <= request.status < 300:
            self._heard.append(request)

    @property
    def _database(self) -> Path:
        return self._scene.folder / "steward.sqlite3"

    def _store(self) -> AbstractAsyncContextManager[Store]:
        return open_store(self._database, SystemClock(), migrations=MIGRATIONS)


async def _not_posted(_: int) -> bool:
    """Return that there is no post yet."""
    return False
