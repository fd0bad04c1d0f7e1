"""A year of a server of 10,000 members: its size on disk, the time to read charts, and the cost of events."""

from __future__ import annotations

import gc
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from types import SimpleNamespace
from typing import Any, cast

import discord
import orjson

from benchmarks.figures import MEMORY_MARGIN, TAIL_MARGIN
from benchmarks.run import Run
from steward.app import open_steward
from steward.bots.installed import MIGRATIONS
from steward.bots.settings import load
from steward.bots.stats.counts.facts import EventKind, GuildCounts, MemberEvent
from steward.bots.stats.counts.store import StatsStore
from steward.bots.stats.history.series import FLOWS, Measure, Span
from steward.bots.stats.history.timeline import Timeline, make_timeline
from steward.bots.stats.setup.guild_settings import GuildSettings
from steward.guilds.privacy.kept import OptOuts
from steward.runtime.clock import SystemClock
from steward.sim import Simulator
from steward.store import Store, open_store, to_millis
from steward.store.queries.cache import QueryCache

LIMIT = 600.0
DAYS, QUICK_DAYS = 365, 60
MEMBERS, CHANNELS, VOICE_CHANNELS = 10_000, 40, 8
MESSAGES, TALKERS, JOINS, LEAVES, VOICE_HOURS = 5000, 400, 60, 50, 200
READS = 60
EVENTS = 4000
ROUNDS = 7
MAX_MB, MAX_MS, MAX_RATIO = 50.0, 20.0, 1.5
GUILD, CROWD = 613425648685547541, 700_000_000_000_000_000
DAY = timedelta(days=1)


async def measure(run: Run) -> None:
    """Simulate the year with the bot's own parts, read every chart, then measure single events."""
    days = QUICK_DAYS if run.quick else DAYS
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
        path = Path(folder) / "year.sqlite3"
        async with open_store(path, SystemClock(), migrations=MIGRATIONS) as store:
            end = datetime.now(UTC)
            messages, seconds = await _live(store, end - days * DAY, days, run.progress)
            run.found("series.ingest", messages / seconds, "messages/s", better="higher")
        async with open_store(path, SystemClock(), migrations=MIGRATIONS) as store:
            size = store.size_bytes / 1e6
            run.found("series.size", size, "MB", better="lower", target=MAX_MB, margin=MEMORY_MARGIN)
            run.progress("reading charts")
            gc.collect()
            gc.freeze()  # the garbage of the simulated year would not be in a bot
            for name, read in _charts(_timeline(store), end, days).items():
                run.found(
                    f"series.read.{name}",
                    await _p99(read) * 1000,
                    "ms",
                    better="lower",
                    target=MAX_MS,
                    margin=TAIL_MARGIN,
                )
    run.progress("measuring events")
    await _measure_events(run)


async def _live(store: Store, begin: datetime, days: int, progress: Callable[[str], None]) -> tuple[int, float]:
    """Simulate so many days; return the messages and the seconds it took to count and store them."""
    chance = random.Random(1)
    timeline = _timeline(store)
    book = StatsStore(store, timeline.gauges)
    people = [CROWD + chance.randrange(10**17) for _ in range(MEMBERS)]
    zest = [1 / (rank + 10) for rank in range(MEMBERS)]  # few members write daily, most occasionally
    channels = [CROWD + number * 10**9 for number in range(CHANNELS)]
    busy = [1 / (rank + 1) for rank in range(CHANNELS)]
    hours = [1 + 4 * (8 <= hour <= 23) for hour in range(24)]
    message, seconds = 0, 0.0
    inside: list[int] = list(people)
    for day in range(days):
        if day % 30 == 0:
            progress(f"day {day} of {days}")
            await timeline.retention.prune(begin + day * DAY)
        midnight = begin + day * DAY
        talkers = _talkers(chance, people, zest)
        for hour in range(24):
            at = to_millis(midnight + timedelta(hours=hour))
            count = MESSAGES * hours[hour] // sum(hours)
            where = chance.choices(channels, busy, k=count)
            who = chance.choices(talkers, k=count)
            began = time.perf_counter()
            for channel, user in zip(where, who, strict=True):
                message += 1
                timeline.activity.message(GUILD, channel, user, message, at)
            if hour % 4 == 3:  # in reality every five seconds, to the same rows
                await timeline.activity.flush()
            seconds += time.perf_counter() - began
        for sitter in chance.sample(talkers, VOICE_HOURS // 2):
            at = to_millis(midnight + timedelta(minutes=chance.randrange(20 * 60)))
            timeline.activity.voice(GUILD, chance.choice(channels[:VOICE_CHANNELS]), sitter, at, at + 7_200_000)
        for sample in range(288):
            counts = GuildCounts(GUILD, members=MEMBERS + sample, online=2000 + sample, bans=day, voice=sample // 9)
            timeline.gauges.sample(counts, midnight + timedelta(minutes=5 * sample))
        await book.record(_comings_and_goings(chance, inside, midnight))
        await timeline.flush()
    await timeline.retention.prune(begin + days * DAY)
    return message, seconds


def _talkers(chance: random.Random, people: list[int], zest: list[float]) -> list[int]:
    """Draw the day's talkers without repetition, weighted by their zest (Efraimidis and Spirakis, 2006)."""
    keys = [chance.random() ** (1 / weight) for weight in zest]
    return [people[place] for place in sorted(range(len(people)), key=keys.__getitem__, reverse=True)[:TALKERS]]


def _comings_and_goings(chance: random.Random, inside: list[int], midnight: datetime) -> list[MemberEvent]:
    events = []
    for number in range(JOINS + LEAVES):
        at = midnight + timedelta(seconds=number * 86400 // (JOINS + LEAVES))
        kind = EventKind.JOIN if number % 11 < 6 else EventKind.LEAVE
        if kind is EventKind.JOIN:
            user = CROWD + chance.randrange(10**17)
            inside.append(user)
        else:  # mostly, recent members leave first
            user = inside.pop(-1 - int(chance.paretovariate(1.0)) % min(len(inside), 500))
        name = f"member {user % 10**6}"
        events.append(MemberEvent(GUILD, kind, user, name, at, f"{kind}:{GUILD}:{user}:{at.isoformat()}"))
    return events


def _timeline(store: Store) -> Timeline:
    settings = GuildSettings(zone="Europe/Berlin")
    return make_timeline(
        store,
        QueryCache(store, max_entries=0),  # no caching
        SystemClock(),
        lambda _: settings,
        OptOuts(store),
        counted=lambda: FLOWS,
        keep_people=timedelta(days=400),
    )


def _charts(timeline: Timeline, end: datetime, days: int) -> dict[str, Callable[[], Awaitable[Any]]]:
    history = timeline.history
    all_time, month, fortnight, day = (Span(end - length * DAY, end) for length in (days, 30, 14, 1))
    hundred = Span(end - 99 * DAY, end)
    return {
        "members_year": lambda: history.series(GUILD, [Measure.MEMBERS, Measure.PEAK_ONLINE], all_time),
        "members_fortnight": lambda: history.series(GUILD, [Measure.MEMBERS, Measure.ONLINE], fortnight),
        "online_day": lambda: history.series(GUILD, [Measure.ONLINE], day),
        "growth_year": lambda: history.series(GUILD, [Measure.JOINS, Measure.LEAVES], all_time),
        "messages_fortnight": lambda: history.series(GUILD, [Measure.MESSAGES], fortnight),
        "channels_month": lambda: history.channels(GUILD, month),
        "channels_year": lambda: history.channels(GUILD, all_time),
        "heatmap": lambda: history.heatmap(GUILD, Measure.MESSAGES, hundred),
        "top_month": lambda: history.top_members(GUILD, month),
        "top_year": lambda: history.top_members(GUILD, all_time),
        "cohorts": lambda: history.cohorts(GUILD, now=end),
        "compare_months": lambda: history.compare(GUILD, list(FLOWS), Span(end - 60 * DAY, month.begin), month),
    }


async def _p99(read: Callable[[], Awaitable[Any]]) -> float:
    waits = []
    await read()
    for _ in range(READS):
        began = time.perf_counter()
        await read()
        waits.append(time.perf_counter() - began)
    return quantiles(waits, n=100)[-1]


async def _measure_events(run: Run) -> None:
    """Feed the same frames to lean discord.py, which makes its objects of them, and to Steward."""
    async with Simulator(clock=SystemClock()) as sim:
        guild = sim.add_guild("Penguins", members=MEMBERS)
        bot = sim.add_bot("Steward")
        guild.add_bot(bot)
        account: Any = bot.user.payload()
        rooms = [guild.add_text_channel(f"room-{number}") for number in range(CHANNELS)]
        lounges = [guild.add_voice_channel(f"Lounge {number}") for number in range(2)]
        people = [guild.meet(f"member{number}") for number in range(TALKERS)]
        created = {**guild.payload(), "channels": [one.payload() for one in guild.channels.values()]}
        created |= {"members": [], "voice_states": [], "threads": [], "presences": [], "stage_instances": []}
        created |= {"guild_scheduled_events": [], "soundboard_sounds": [], "member_count": MEMBERS, "large": True}
        created |= {"joined_at": datetime.now(UTC).isoformat(), "unavailable": False}
        frames = {
            "MESSAGE_CREATE": [
                {
                    **person.say(rooms[number % CHANNELS], "hello").payload(),
                    "guild_id": str(guild.id),
                    "member": person.payload(with_user=False),
                }
                for number in range(EVENTS)
                for person in [people[number % TALKERS]]
            ],
            "VOICE_STATE_UPDATE": [],
            "GUILD_MEMBER_ADD": [
                {**guild.join(f"new{number}").payload(), "guild_id": str(guild.id)} for number in range(EVENTS)
            ],
            "GUILD_MEMBER_REMOVE": [
                {"user": guild.meet(f"old{number}").user.payload(), "guild_id": str(guild.id)}
                for number in range(EVENTS)
            ],
        }
        for number in range(EVENTS):
            person = people[number % TALKERS]
            person.move_to(lounges[number // TALKERS % 2])
            frames["VOICE_STATE_UPDATE"].append({**person.voice_state(), "member": person.payload()})
    plain = discord.Client(
        intents=discord.Intents(guilds=True, moderation=True, members=True, guild_messages=True, voice_states=True),
        member_cache_flags=discord.MemberCacheFlags.none(),
        chunk_guilds_at_startup=False,
        max_messages=None,
    )
    for event, payloads in frames.items():
        texts = [orjson.dumps(payload) for payload in payloads]
        floors: list[float] = []
        ours: list[float] = []
        for number in range(1 if run.quick else ROUNDS):
            with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
                environ = {"BOT_TOKEN": bot.token, "STEWARD_HEALTH_PORT": "0", "STEWARD_DATA_DIR": folder}
                async with open_steward(load(environ, Path(folder)), SystemClock()) as steward:
                    pair = (plain, floors), (steward.client, ours)
                    for client, seconds in pair if number % 2 else reversed(pair):
                        client._connection.user = discord.ClientUser(state=client._connection, data=account)  # noqa: SLF001
                        client._connection.parsers["GUILD_CREATE"](orjson.loads(orjson.dumps(created)))  # noqa: SLF001
                        seconds.append(_seconds_each(client, event, texts))
        name = f"series.{event.lower()}"
        run.found(f"{name}.discord_py", median(floors) * 1e6, "µs")
        run.found(f"{name}.steward", median(ours) * 1e6, "µs", better="lower")
        ratio = median(our / floor for our, floor in zip(ours, floors, strict=True))
        run.found(f"{name}.of_discord_py", ratio, "", better="lower", target=MAX_RATIO)


def _seconds_each(client: discord.Client, event: str, texts: list[bytes]) -> float:
    parse = client._connection.parsers[event]  # noqa: SLF001 - receives a decoded frame
    client.ws = cast(Any, SimpleNamespace(session_id="a session", sequence=1, gateway="wss://nowhere", open=False))
    gc.collect()
    gc.disable()  # as timeit does: a collection would hit either side by chance
    try:
        began = time.perf_counter()
        for text in texts:
            parse(orjson.loads(text))
        return (time.perf_counter() - began) / len(texts)
    finally:
        gc.enable()
