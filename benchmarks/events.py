"""Reads and RSVPs among the 10,000 events of a large community, and 200 clicks at once."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median, quantiles

from benchmarks.bots import STEWARD, Stage, stage
from benchmarks.many_events import ANSWERS, EVENTS, keep_events
from benchmarks.run import Run
from steward.bots.events.model.lists import Lists
from steward.bots.events.model.lookups import Lookups
from steward.bots.events.rsvp.answers import Respondent, answer
from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.sim.channels.channel import Channel
from steward.sim.channels.message import Message
from steward.store import Store, open_store

LIMIT = 300.0
QUICK = 10
GUILD = 613425648685547541
USERS = range(5000, 5000 + ANSWERS)
ROUNDS = 30
CLICKS, MEMBERS = 200, 1000
WITHIN = 30.0
SETTLE = 3.0
LAST = EVENTS  # a page beyond the end gives the last one
LIST_WITHIN_MS, OFFERED_WITHIN_MS, CLICK_WITHIN_MS, ANSWERED_WITHIN_MS = 50.0, 10.0, 500.0, 3000.0
EDITED_EVERY = 1.0  # seconds between two edits of a post, at least


async def measure(run: Run) -> None:
    """Fill a database and query it, then let members of a running bot's server click."""
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
        async with open_store(Path(folder) / "events.sqlite3", SystemClock(), migrations=MIGRATIONS) as store:
            run.progress("filling events")
            await store.write(lambda tx: keep_events(tx, GUILD, USERS, EVENTS // (QUICK if run.quick else 1)))
            await _reads(run, store)
    async with stage(MEMBERS) as scene, scene.started(STEWARD) as child:
        await child.until_it_says(STEWARD.ready)
        run.progress(f"{CLICKS} clicks at once")
        taken, post = await _clicks(scene)
        await asyncio.sleep(SETTLE)
        edits = [request.at for request in scene.sim.recorder.requests(method="PATCH") if str(post.id) in request.path]
    run.found("events.clicks.median", median(taken) * 1e3, "ms", better="lower")
    p99 = quantiles(taken, n=100)[98] * 1e3
    run.found("events.clicks.p99", p99, "ms", better="lower", target=CLICK_WITHIN_MS)
    run.found("events.clicks.slowest", max(taken) * 1e3, "ms", better="lower", target=ANSWERED_WITHIN_MS)
    if len(edits) > 1:
        least = min((later - earlier).total_seconds() for earlier, later in pairwise(edits))
        run.found("events.clicks.edits_apart", least, "s", better="higher", target=EDITED_EVERY)


async def _reads(run: Run, store: Store) -> None:
    lookups, lists = Lookups(store), Lists(store)

    reads: dict[str, tuple[Callable[[], Awaitable[object]], float | None]] = {
        "list": (lambda: lists.listed(GUILD, 0), LIST_WITHIN_MS),
        "list_last": (lambda: lists.listed(GUILD, LAST), LIST_WITHIN_MS),
        "list_year_last": (lambda: lists.listed(GUILD, LAST, days=366), None),
        "offered": (lambda: lookups.offered(GUILD, "no such event"), OFFERED_WITHIN_MS),
    }
    for name, (read, target) in reads.items():
        run.found(f"events.{name}", await _median(read) * 1e3, "ms", better="lower", target=target)
    random = Random(10)

    def click() -> Awaitable[object]:
        member, option = Respondent(random.randrange(1, 5000), "ada"), random.choice(("yes", "no"))
        return store.write(lambda tx: answer(tx, 1, member, option, by=member.id))

    run.found("events.answer", await _median(click) * 1e3, "ms", better="lower")


async def _median(ask: Callable[[], Awaitable[object]]) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await ask()
        taken.append(time.perf_counter() - began)
    return median(taken)


async def _clicks(scene: Stage) -> tuple[list[float], Message]:
    """Return the seconds from each click to its reply, while a report is drawn, and the post."""
    guild = scene.community.guild
    hall: Channel = guild.add_text_channel("hall")
    olga = guild.join("olga")
    olga.give(guild.add_role("Organisers", "manage_guild", "manage_events").id)
    async with asyncio.timeout(WITHIN):
        while not scene.sim.recorder.requests(method="PUT", status=200):
            await asyncio.sleep(0.1)
        form = await olga.run("/event create", hall)
        preview = await olga.submit(form, title="Raid night", when="tomorrow 20:00", seats="10")
        await olga.click(preview, "Post")
        while not any(message.components for message in hall.messages):
            await asyncio.sleep(0.05)
    post = next(message for message in hall.messages if message.components)
    guests = [guild.join(f"guest {number}") for number in range(CLICKS)]
    await asyncio.sleep(1)

    async def seconds(number: int) -> float:
        began = time.perf_counter()
        await guests[number].click(post, "Yes")
        return time.perf_counter() - began

    drawn = asyncio.create_task(olga.run("/report now", hall))
    taken = await asyncio.gather(*(seconds(number) for number in range(CLICKS)))
    await drawn
    return taken, post
