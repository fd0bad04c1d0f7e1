"""Learn anew from all that is kept: read in pieces, learnt in a child process, written back in pieces."""

from __future__ import annotations

import asyncio
import json
import sys
from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from steward.bots.music.catalogue.lookups import change_in
from steward.bots.music.recommend.learning.relearning import note_learnt
from steward.bots.music.recommend.listening import keep_norms
from steward.bots.music.recommend.vectors import HEAD, IDS, VectorKind
from steward.errors import NotReady
from steward.runtime.process.child import ChildFailed, ShortLivedChild
from steward.store import Store, Transaction

CHILD = (sys.executable, "-m", "steward.bots.music.recommend.learning")
WITHIN = 600.0
AT_ONCE = 200
"""Listeners or artists in a transaction."""
MOST_TAGS_READ = 50
MOST_READ = 300


class _Reader(Protocol):
    """Returns what comes after a number: the first and the last number of it, and the child's input."""

    def __call__(self, tx: Transaction, last: int) -> tuple[int, int, bytes] | None: ...


class LearningFailed(NotReady):
    """Nothing was learnt this time; what was learnt before is used."""


class Learnt(NamedTuple):
    """How much was learnt from."""

    listeners: int
    artists: int
    pairs: int


class VectorHead(NamedTuple):
    """What is written before a vector; see the child."""

    kind: int
    artist: int
    listeners: int
    rarity: float
    length: int


class Learning:
    """
    Learns which artists are near each other and how they are tagged, one child at a time.

    Args:
        within: timeout of the child in seconds.
        child: its command.
        has_headroom: returns whether there is memory for a child.

    """

    def __init__(
        self,
        store: Store,
        *,
        within: float = WITHIN,
        child: Sequence[str] = CHILD,
        has_headroom: Callable[[], bool] = lambda: True,
    ) -> None:
        self._store = store
        self._one_at_a_time = asyncio.Lock()
        self._child = ShortLivedChild(
            "The process that learns from listening", child, within=within, has_headroom=has_headroom
        )

    async def run(self) -> Learnt:
        """
        Learn from all that is kept, and replace what was learnt before, some hundred artists at a time.

        Raises:
            LearningFailed: the child failed or took too long, or memory is short.

        """
        async with self._one_at_a_time:
            return await self._learn()

    async def _learn(self) -> Learnt:
        import tempfile  # once a night

        await self._store.write(note_learnt)
        with tempfile.TemporaryDirectory(prefix="steward-music-") as name:  # which nobody else can read
            folder = Path(name)
            files = {what: str(folder / what) for what in ("listening", "tags", "learnt")}
            ranges = await self._export(folder / "listening", listening_after)
            await self._export(folder / "tags", tags_after)
            try:
                said = await self._child.run(lambda: json.dumps(files).encode())
            except ChildFailed as error:
                raise LearningFailed(error.sentence) from error
            await self._take_in(folder / "learnt")
        for first, last in ranges:
            await self._store.write(partial(keep_norms, first=first, last=last))
        return Learnt(**json.loads(said))

    async def _export(self, path: Path, after: _Reader) -> list[tuple[int, int]]:
        """Write what `after` returns piece by piece to a file, and return the first and the last number of each."""
        ranges = []
        last = -(2**62)
        await asyncio.to_thread(path.touch)
        while (piece := await self._store.read(partial(after, last=last))) is not None:
            first, last, content = piece
            ranges.append((first, last))
            await asyncio.to_thread(_append, path, content)
        return ranges

    async def _take_in(self, path: Path) -> None:
        built_at = await self._store.read(_later_than_all)
        with path.open("rb") as file:
            while vectors := await asyncio.to_thread(some_vectors, file):
                await self._store.write(partial(keep_vectors, vectors=vectors, built_at=built_at))
        await self._store.write(partial(drop_older, built_at=built_at))


def _later_than_all(tx: Transaction) -> int:
    """Return now, later than when anything was learnt before."""
    return max(tx.now_ms, 1 + (tx.value("SELECT MAX(built_at) FROM music_vectors") or 0))


def _append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


def listening_after(tx: Transaction, last: int) -> tuple[int, int, bytes] | None:
    """Return what the next listeners listen to most: the first and the last of them, and the child's input."""
    some = "SELECT DISTINCT listener FROM music_listening WHERE listener > ? ORDER BY listener LIMIT ?"
    listeners = [listener for (listener,) in tx.all(some, (last, AT_ONCE))]
    if not listeners:
        return None
    content = bytearray()
    sql = "SELECT artist FROM music_listening WHERE listener = ? ORDER BY plays DESC, artist LIMIT ?"
    for listener in listeners:
        artists = [artist for (artist,) in tx.all(sql, (listener, MOST_READ))]
        content += array(IDS, [len(artists), *artists]).tobytes()
    return listeners[0], listeners[-1], bytes(content)


def tags_after(tx: Transaction, last: int) -> tuple[int, int, bytes] | None:
    """Return how the next artists are tagged, as above."""
    some = "SELECT DISTINCT artist FROM music_artist_tags WHERE artist > ? ORDER BY artist LIMIT ?"
    artists = [artist for (artist,) in tx.all(some, (last, AT_ONCE))]
    if not artists:
        return None
    tags: dict[int, list[tuple[int, int]]] = {}
    sql = "SELECT artist, tag, weight FROM music_artist_tags WHERE artist BETWEEN ? AND ? ORDER BY artist, weight DESC"
    for artist, tag, weight in tx.all(sql, (artists[0], artists[-1])):
        tags.setdefault(artist, []).append((tag, weight))
    content = bytearray()
    for artist, of_one in tags.items():
        best = of_one[:MOST_TAGS_READ]
        numbers = [artist, len(best), *(tag for tag, _ in best), *(min(weight, 2**32 - 1) for _, weight in best)]
        content += array(IDS, numbers).tobytes()
    return artists[0], artists[-1], bytes(content)


def some_vectors(file: BinaryIO) -> list[tuple[VectorHead, bytes, bytes]]:
    """Return the next vectors that the child has written."""
    return list(_read_vectors(file, AT_ONCE))


def _read_vectors(file: BinaryIO, most: int) -> Iterator[tuple[VectorHead, bytes, bytes]]:
    for _ in range(most):
        head = file.read(HEAD.size)
        if len(head) < HEAD.size:
            return
        one = VectorHead(*HEAD.unpack(head))
        yield one, file.read(4 * one.length), file.read(4 * one.length)


def keep_vectors(tx: Transaction, vectors: Sequence[tuple[VectorHead, bytes, bytes]], built_at: int) -> None:
    """Replace what was learnt of these artists before; the catalogue doesn't count fewer listeners than there are."""
    for kind in sorted({head.kind for head, _, _ in vectors}):
        artists = [head.artist for head, _, _ in vectors if head.kind == kind]
        change_in(tx, "DELETE FROM music_vectors WHERE kind = ? AND artist IN ({})", artists, kind)
        if kind == VectorKind.NEAR:
            change_in(tx, "DELETE FROM music_audience WHERE artist IN ({})", artists)
    tx.executemany(
        "INSERT INTO music_vectors (kind, artist, ids, weights, built_at) VALUES (?, ?, ?, ?, ?)",
        [(head.kind, head.artist, ids, weights, built_at) for head, ids, weights in vectors if head.length],
    )
    tx.executemany(
        "INSERT INTO music_audience (artist, listeners, rarity) VALUES (?, ?, ?)",
        [(head.artist, head.listeners, head.rarity) for head, _, _ in vectors if head.kind == VectorKind.NEAR],
    )
    tx.executemany(
        "UPDATE music_artists SET listeners = ? WHERE id = ? AND listeners < ?",
        [(head.listeners, head.artist, head.listeners) for head, _, _ in vectors if head.kind == VectorKind.NEAR],
    )


def drop_older(tx: Transaction, built_at: int) -> None:
    """Drop what was learnt earlier of artists that nobody listens to or tags any more."""
    ours = (VectorKind.NEAR, VectorKind.TAGS)
    change_in(tx, "DELETE FROM music_vectors WHERE built_at < ? AND kind IN ({})", ours, built_at)
    tx.execute(
        "DELETE FROM music_audience WHERE NOT EXISTS"
        " (SELECT 1 FROM music_listening l WHERE l.artist = music_audience.artist)"
    )
