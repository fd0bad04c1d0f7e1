"""Databases with the tables of music: a store on any engine, and one in memory with the invented catalogue, learnt."""

import sqlite3
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from steward.bots import music
from steward.bots.music.catalogue.invented import invented_catalogue
from steward.bots.music.catalogue.keeping import keep_artists
from steward.bots.music.recommend.learning.__main__ import learn_files
from steward.bots.music.recommend.learning.rebuild import (
    drop_older,
    keep_vectors,
    listening_after,
    some_vectors,
    tags_after,
)
from steward.bots.music.recommend.listening import keep_listening, keep_norms
from steward.store import open_store
from steward.store.dialect import SqliteDialect
from steward.store.migrate import load_schema, statements
from steward.store.transaction import Transaction

MIGRATIONS = [("music", Path(music.__file__).parent / "migrations")]
NOW = datetime(2026, 12, 1, tzinfo=UTC)


@asynccontextmanager
async def music_store(clock, url):
    async with open_store(str(url), clock, migrations=MIGRATIONS) as store:
        yield store


@contextmanager
def music_tables():
    """A transaction on SQLite in memory: a store is too slow for hundreds of examples."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        for step in load_schema(MIGRATIONS).migrations:
            if step.part in {"music", "core"}:
                for statement in statements(step.sql, SqliteDialect()):
                    connection.execute(statement)
        connection.execute("BEGIN")
        yield Transaction(connection, SqliteDialect(), NOW)


def learn_now(tx):
    """Learn as the child does, without one."""
    with TemporaryDirectory() as name:
        files = {what: Path(name) / what for what in ("listening", "tags", "learnt")}
        ranges = _export(partial(listening_after, tx), files["listening"])
        _export(partial(tags_after, tx), files["tags"])
        learnt = learn_files(**{what: str(path) for what, path in files.items()})
        with files["learnt"].open("rb") as file:
            while vectors := some_vectors(file):
                keep_vectors(tx, vectors, tx.now_ms)
    drop_older(tx, tx.now_ms)
    for first, last in ranges:
        keep_norms(tx, first, last)
    return learnt


def _export(after, path):
    ranges, last = [], -1
    with path.open("wb") as file:
        while piece := after(last):
            first, last, content = piece
            ranges.append((first, last))
            file.write(content)
    return ranges


class InventedMusic:
    """The invented catalogue in a database, a part of each listener's artists held back."""

    HELD_BACK = 10

    def __init__(self, tx, seed=1, **size):
        self.tx = tx
        self.catalogue = invented_catalogue(seed, **size)
        self.ids = keep_artists(tx, self.catalogue.artists)
        self.held, self.kept = [], []
        for number, plays in enumerate(self.catalogue.listeners, 1):
            heard = [self.ids[index] for index in plays]
            held = set(heard[number % 5 :: 5][: self.HELD_BACK])
            self.held.append(held)
            self.kept.append([artist for artist in heard if artist not in held])
            of_one = {self.ids[index]: times for index, times in plays.items() if self.ids[index] not in held}
            keep_listening(tx, number, of_one)
        learn_now(tx)
