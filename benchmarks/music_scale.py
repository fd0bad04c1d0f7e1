"""What recommending costs: the CPU of an answer, the learning child at a million pairs, and memory in the bot."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from array import array
from bisect import bisect
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks.last_fm import LastFm, popularity
from benchmarks.processes import ROOT, output_of
from steward.bots import music
from steward.bots.music.catalogue.invented import invented_catalogue
from steward.bots.music.catalogue.names import folded_name, shown_artist
from steward.bots.music.recommend.learning.rebuild import Learning
from steward.bots.music.recommend.recommending import Wanted, recommend
from steward.runtime.clock import SystemClock
from steward.store import Store, Transaction, open_store

MIGRATIONS = (("music", Path(music.__file__).parent / "migrations"),)
LISTENERS, ARTISTS = 2000, 17_632
ANSWERS, QUICK_ANSWERS = 500, 100
MANY_LISTENERS, QUICK_LISTENERS, PER_LISTENER, MANY_ARTISTS = 20_000, 2000, 50, 30_000
EXPONENT = 0.9
AT_ONCE = 5000

# The bot's own imports first, then what recommending adds: traced bytes of code, and resident memory after answers.
MEMORY = """
import asyncio, gc, json, sys, tracemalloc
from steward.cli.start.lean_dataclasses import share_dataclass_methods
from steward.cli.start.lean_imports import lean_imports
share_dataclass_methods()
with lean_imports():
    import steward.process
from pathlib import Path
from steward.store.sqlite.connections import open_reader

def resident():
    gc.collect()
    for line in open("/proc/self/smaps_rollup"):
        if line.startswith("Rss:"):
            return int(line.split()[1]) / 1024

connection = open_reader(Path(sys.argv[1]))
connection.execute("SELECT SUM(plays) FROM music_listening").fetchone()  # its page cache is full, as in the bot
traced = sys.argv[2] == "traced"
if traced:
    tracemalloc.start()
before = resident()
from steward.bots.music.catalogue import artists, keeping
from steward.bots.music.recommend.learning import rebuild
from steward.bots.music.recommend.recommending import Wanted, recommend
from steward.bots.music.recommend.listening import profile_of
from steward.bots.music.recommend.moods.mood_tags import find_mood
if traced:
    gc.collect()
    print(tracemalloc.get_traced_memory()[0] / 2**20)
else:
    from datetime import UTC, datetime
    from steward.store.dialect import SqliteDialect
    from steward.store.transaction import Transaction
    for listener in range(1, 201):
        connection.execute("BEGIN")
        tx = Transaction(connection, SqliteDialect(), datetime.now(UTC))
        recommend(tx, Wanted(profile_of(tx, listener), listeners=frozenset({listener})), 5)
        recommend(tx, Wanted(mood=find_mood(tx, "calm, a bit sad")), 5)
        connection.execute("COMMIT")
    print(resident() - before)
"""


# As the learning child does, and what that took: pairs, seconds of CPU, and the most memory that it had in MiB.
CHILD = """
import json, re, sys, time
from steward.bots.music.recommend.learning.__main__ import learn_files
learnt = learn_files(**json.loads(sys.argv[1]))
peak = int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]) / 1024
print(json.dumps([learnt["pairs"], time.process_time(), peak]))
"""


class ChildCost(NamedTuple):
    """What a run of the learning child took; seconds, and the most memory that it had."""

    pairs: int
    cpu: float
    wall: float
    peak_mib: float


async def fill(
    store: Store,
    names: Sequence[str],
    tags: Sequence[Mapping[str, int]],
    listening: Sequence[Sequence[tuple[int, int]]],
) -> None:
    """Write artists and listeners as they are, numbered from 1: faster than as the bot is told of them."""
    popular = popularity(listening)
    artists = [
        (index + 1, shown_artist(name) or "?", folded_name(name) or "?", popular[index])
        for index, name in enumerate(names)
    ]
    await _insert(store, "music_artists (id, name, folded, listeners)", artists)
    carriers = Counter(tag for of_one in tags for tag in of_one)
    numbers = {tag: number for number, tag in enumerate(sorted(carriers), 1)}
    await _insert(store, "music_tags (id, name, artists)", [(numbers[tag], tag, carriers[tag]) for tag in numbers])
    tagged = [(index + 1, numbers[tag], weight) for index, of_one in enumerate(tags) for tag, weight in of_one.items()]
    await _insert(store, "music_artist_tags (artist, tag, weight)", tagged)
    heard = [(listener + 1, artist + 1, plays) for listener, of_one in enumerate(listening) for artist, plays in of_one]
    await _insert(store, "music_listening (listener, artist, plays)", heard)


async def _insert(store: Store, what: str, rows: Sequence[tuple[int | str, ...]]) -> None:
    places = ", ".join("?" * what.count(",")) + ", ?"
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        await store.write(partial(_executed, sql=f"INSERT INTO {what} VALUES ({places})", rows=some))  # noqa: S608


def _executed(tx: Transaction, sql: str, rows: Sequence[tuple[int | str, ...]]) -> None:
    tx.executemany(sql, rows)


async def cpu_of_answers(url: str, data: LastFm | None, *, quick: bool) -> list[float]:
    """Return the seconds of CPU of each answer with 2,000 listeners and 17,632 artists; real ones, where they are."""
    if data is None:
        catalogue = invented_catalogue(artists=ARTISTS, listeners=LISTENERS)
        names = [one.name for one in catalogue.artists]
        tags: Sequence[Mapping[str, int]] = [one.tags for one in catalogue.artists]
        listening = [[*plays.items()] for plays in catalogue.listeners]
    else:
        names, tags, listening = [*data.names], data.tags([]), [[*plays] for plays in data.listeners]
        listening += listening[: LISTENERS - len(listening)]
    async with open_store(url, SystemClock(), migrations=MIGRATIONS) as store:
        await fill(store, names, tags, listening)
        await Learning(store).run()
        if store.dialect.name == "postgresql":  # as the server does by itself within a minute
            await store.write(lambda tx: tx.execute("ANALYZE"))
        answers = QUICK_ANSWERS if quick else ANSWERS
        chosen = Random(1).sample([one for one, plays in enumerate(listening) if plays], answers)
        return [await store.read(partial(_timed, listening=listening[one], listener=one + 1)) for one in chosen]


def _timed(tx: Transaction, listening: Sequence[tuple[int, int]], listener: int) -> float:
    wanted = Wanted({artist + 1: 1.0 for artist, _ in listening}, listeners=frozenset({listener}))
    began = time.thread_time()
    picks = recommend(tx, wanted, 5)
    taken = time.thread_time() - began
    assert len(picks) == 5
    return taken


async def learning_child(*, quick: bool) -> ChildCost:
    """Run the learning child on invented listening, some 50 artists each by Zipf's law."""
    listeners = QUICK_LISTENERS if quick else MANY_LISTENERS
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as name:
        files = {what: str(Path(name) / what) for what in ("listening", "tags", "learnt")}
        await asyncio.to_thread(_write_listening, Path(files["listening"]), listeners)
        Path(files["tags"]).touch()
        text, wall = await output_of("-c", CHILD, json.dumps(files), folder=ROOT, within=1800)
    pairs, cpu, peak = json.loads(text)
    return ChildCost(pairs, cpu, wall, peak)


def _write_listening(path: Path, listeners: int) -> None:
    chance = Random(1)
    sums = list(accumulate(1 / (rank + 1) ** EXPONENT for rank in range(MANY_ARTISTS)))
    with path.open("wb") as file:
        for _ in range(listeners):
            artists: dict[int, None] = {}
            while len(artists) < PER_LISTENER:
                artists[1 + bisect(sums, chance.random() * sums[-1])] = None
            array("I", [len(artists), *artists]).tofile(file)


async def memory_of_answers() -> tuple[float, float]:
    """Return the MiB of code that recommending adds to the bot, and of resident memory after 400 answers."""
    catalogue = invented_catalogue(artists=ARTISTS, listeners=LISTENERS)
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
        path = Path(folder) / "steward.sqlite3"
        async with open_store(path, SystemClock(), migrations=MIGRATIONS) as store:
            listening = [[*plays.items()] for plays in catalogue.listeners]
            await fill(
                store, [one.name for one in catalogue.artists], [one.tags for one in catalogue.artists], listening
            )
            await Learning(store).run()
        words = ("-OO", "-X", "no_debug_ranges", "-c", MEMORY, str(path))
        traced, _ = await output_of(*words, "traced", folder=ROOT, within=300)
        resident, _ = await output_of(*words, "resident", folder=ROOT, within=300)
    return float(traced), float(resident)
