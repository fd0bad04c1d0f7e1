"""The disk and the database's file."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from tests.chaos.attacks.attack import Attack, Ground, Scene
from tests.chaos.databases import SqliteFile


class FullDisk(Attack):
    """Nothing more fits on the disk for a while."""

    name = "disk"

    def draw(self) -> None:
        self.seconds = self.span(3, 12)

    def __str__(self) -> str:
        return f"a full disk for {self.seconds:.1f} s"

    @classmethod
    def missing(cls) -> str | None:
        if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
            return "only root on Linux may mount a small disk"
        return None

    @asynccontextmanager
    async def prepared(self, folder: Path) -> AsyncIterator[Ground]:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder], check=True)
        try:
            yield Ground()
        finally:
            subprocess.run(["umount", "-l", folder], check=True)

    async def strike(self, scene: Scene) -> None:
        filling = scene.folder / "filling"
        until = time.monotonic() + self.seconds
        with filling.open("wb", buffering=0) as file:
            while time.monotonic() < until:  # what is freed is taken again
                try:
                    file.write(bytes(65536))
                except OSError:
                    await asyncio.sleep(0.1)
        filling.unlink()


class Locked(Attack):
    """Another program holds the database's file."""

    name = "locked"

    def draw(self) -> None:
        self.seconds = self.span(2, 15)

    def __str__(self) -> str:
        return f"the file locked by another program for {self.seconds:.1f} s"

    async def strike(self, scene: Scene) -> None:
        assert isinstance(scene.database, SqliteFile)
        held = sqlite3.connect(scene.database.path, isolation_level=None, timeout=10, check_same_thread=False)
        with closing(held):
            await asyncio.to_thread(held.execute, "BEGIN IMMEDIATE")
            await asyncio.sleep(self.seconds)
            held.execute("ROLLBACK")


class BackedUp(Attack):
    """`steward db backup` while it writes; what was acknowledged before must be in the copy."""

    name = "backup"

    def draw(self) -> None:
        self.pause = self.random.uniform(0.5, 2.0)

    def __str__(self) -> str:
        return "steward db backup, and the copy read"

    async def strike(self, scene: Scene) -> None:
        await asyncio.sleep(self.pause)
        wishes = scene.ledger.answers
        before = {key: len(wish.asked) for key, wish in wishes.items() if wish.told and not wish.open}
        copy = scene.folder / "copy.sqlite3"
        done = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "steward", "db", "backup", str(copy)),
            cwd=scene.folder,
            env=scene.bot.environ,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await done.communicate()
        if done.returncode != 0:
            raise RuntimeError(f"the backup ended with {done.returncode}: {said.decode()[-300:]}")
        with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as database:
            rows = database.execute(
                "SELECT json_extract(COALESCE(o.details, e.details), '$.title'), a.user_id, a.option_key "
                "FROM event_answers a JOIN event_occurrences o ON o.id = a.occurrence_id "
                "JOIN events e ON e.id = o.event_id"
            ).fetchall()
            sound = database.execute("PRAGMA integrity_check").fetchall()
        found = {(title, user): option for title, user, option in rows}
        lacking = [key for key, asked in before.items() if found.get(key) not in wishes[key].asked[asked - 1 :]]
        if sound != [("ok",)] or lacking:
            raise RuntimeError(f"the copy lacks or has others than {len(lacking)} answers, or is damaged: {sound}")


class TakenAway(Attack):
    """Somebody moves the database's file and puts it back, or deletes its log or the index of that."""

    name = "taken-away"

    def draw(self) -> None:
        self.which = self.random.choice(("", "-wal", "-shm"))
        self.seconds = self.span(2, 10)

    def __str__(self) -> str:
        if self.which:
            return f"steward.sqlite3{self.which} deleted"
        return f"steward.sqlite3 moved away for {self.seconds:.1f} s"

    async def strike(self, scene: Scene) -> None:
        assert isinstance(scene.database, SqliteFile)
        path = scene.database.path
        if self.which:
            path.with_name(path.name + self.which).unlink(missing_ok=True)
            await asyncio.sleep(self.seconds)
            return
        path.rename(scene.folder / "elsewhere")
        await asyncio.sleep(self.seconds)
        (scene.folder / "elsewhere").rename(path)


ATTACKS = (FullDisk, Locked, BackedUp, TakenAway)
