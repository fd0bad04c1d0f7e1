"""The database of a round, read beside the bot: with SQL of our own, by `sqlite3` or `psql`, never by its code."""

from __future__ import annotations

import csv
import io
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from tests.databases import SERVERS, unreachable

Cell = int | str | None


class SqliteFile:
    """The file in the bot's data folder."""

    engine = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.path = folder / "steward.sqlite3"

    def environ(self) -> dict[str, str]:
        return {}

    def rows(self, sql: str) -> list[tuple[Cell, ...]]:
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=5)) as database:
            return database.execute(sql).fetchall()

    def damage(self) -> list[str]:
        found = [str(row[0]) for row in self.rows("PRAGMA integrity_check")]
        return [] if found == ["ok"] else found

    def drop(self) -> None:
        pass


class PostgresDatabase:
    """A database of its own on the server of the tests."""

    engine = "postgresql"

    def __init__(self, name: str) -> None:
        self.name = name
        self.server = SERVERS["postgresql"]

    @staticmethod
    def missing() -> str | None:
        return unreachable("postgresql") or (None if shutil.which("psql") else "psql is not installed")

    def environ(self) -> dict[str, str]:
        return {"STEWARD_DATABASE": self.server + self.name}

    def rows(self, sql: str) -> list[tuple[Cell, ...]]:
        said = self.psql(sql, self.name)
        return [tuple(_cell(text) for text in line) for line in csv.reader(io.StringIO(said))]

    def administer(self, sql: str) -> None:
        self.psql(sql, "postgres")

    def psql(self, sql: str, name: str) -> str:
        words = ["psql", "-X", "-q", "--csv", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, self.server + name]
        done = subprocess.run(words, check=True, capture_output=True, text=True, timeout=60)
        return done.stdout

    def damage(self) -> list[str]:
        return []

    def drop(self) -> None:
        self.administer(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


Database = SqliteFile | PostgresDatabase


def _cell(text: str) -> Cell:
    return int(text) if text.lstrip("-").isdigit() else text or None


def database(engine: str, folder: Path, seed: int) -> Database:
    """Return the database of a round, which the bot is yet to create."""
    return SqliteFile(folder) if engine == "sqlite" else PostgresDatabase(f"steward_chaos_{os.getpid()}_{seed}")
