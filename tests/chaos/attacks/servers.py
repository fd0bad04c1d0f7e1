"""PostgreSQL and Redis."""

from __future__ import annotations

import asyncio
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.chaos.attacks.attack import Attack, Ground, Scene
from tests.chaos.databases import PostgresDatabase

TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'"


class PostgresAttack(Attack):
    """Something that happens to a PostgreSQL server."""

    engine = "postgresql"

    @classmethod
    def missing(cls) -> str | None:
        return PostgresDatabase.missing()


class Terminated(PostgresAttack):
    """The server ends the connections, some times in a row."""

    name = "postgres-ended"

    def draw(self) -> None:
        self.pauses = [self.random.uniform(0.2, 2.0) for _ in range(self.random.randint(1, 5))]

    def __str__(self) -> str:
        return f"PostgreSQL ends all connections, {len(self.pauses)} times"

    async def strike(self, scene: Scene) -> None:
        assert isinstance(scene.database, PostgresDatabase)
        for pause in self.pauses:
            await asyncio.to_thread(scene.database.administer, TERMINATE.format(scene.database.name))
            await asyncio.sleep(pause)


class Refused(PostgresAttack):
    """The server takes no connections for a while."""

    name = "postgres-away"

    def draw(self) -> None:
        self.seconds = self.span(2, 15)

    def __str__(self) -> str:
        return f"PostgreSQL takes no connections for {self.seconds:.1f} s"

    async def strike(self, scene: Scene) -> None:
        database = scene.database
        assert isinstance(database, PostgresDatabase)
        await asyncio.to_thread(database.administer, f"ALTER DATABASE {database.name} ALLOW_CONNECTIONS false")
        try:
            await asyncio.to_thread(database.administer, TERMINATE.format(database.name))
            await asyncio.sleep(self.seconds)
        finally:
            await asyncio.to_thread(database.administer, f"ALTER DATABASE {database.name} ALLOW_CONNECTIONS true")


class TableLocked(PostgresAttack):
    """An administrator's transaction holds a table."""

    name = "postgres-locked"

    def draw(self) -> None:
        self.seconds = self.span(2, 10)
        self.table = self.random.choice(("event_answers", "member_events", "outbox"))

    def __str__(self) -> str:
        return f"PostgreSQL: {self.table} locked for {self.seconds:.1f} s"

    async def strike(self, scene: Scene) -> None:
        database = scene.database
        assert isinstance(database, PostgresDatabase)
        sql = f"BEGIN; LOCK TABLE {self.table} IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep({self.seconds}); ROLLBACK"
        await asyncio.to_thread(database.psql, sql, database.name)


class RedisAttack(Attack):
    """Something that happens to a Redis server of the attack's own."""

    def draw(self) -> None:
        self.seconds = self.span(2, 10)
        self.port = 0
        self.server: asyncio.subprocess.Process | None = None

    @classmethod
    def missing(cls) -> str | None:
        if shutil.which("redis-server") is None or shutil.which("redis-cli") is None:
            return "redis-server and redis-cli are not installed"
        return None if find_spec("valkey") else "steward[redis] is not installed"

    @asynccontextmanager
    async def prepared(self, folder: Path) -> AsyncIterator[Ground]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        await self.start()
        try:
            yield Ground({"STEWARD_REDIS_HOST": "127.0.0.1", "STEWARD_REDIS_PORT": str(self.port)})
        finally:
            await self.end()

    async def start(self) -> None:
        words = ("redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
        self.server = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.DEVNULL)

    async def end(self) -> None:
        if self.server is not None and self.server.returncode is None:
            self.server.send_signal(signal.SIGCONT)
            self.server.kill()
            await self.server.wait()


class RedisFrozen(RedisAttack):
    """It answers nothing, and its connections stay open."""

    name = "redis-frozen"

    def __str__(self) -> str:
        return f"Redis stopped by SIGSTOP for {self.seconds:.1f} s"

    async def strike(self, scene: Scene) -> None:
        assert self.server is not None
        self.server.send_signal(signal.SIGSTOP)
        await asyncio.sleep(self.seconds)
        self.server.send_signal(signal.SIGCONT)


class RedisKilled(RedisAttack):
    """It dies, and comes back empty."""

    name = "redis-killed"

    def __str__(self) -> str:
        return f"Redis killed, and started empty after {self.seconds:.1f} s"

    async def strike(self, scene: Scene) -> None:
        await self.end()
        await asyncio.sleep(self.seconds)
        await self.start()


class RedisPaused(RedisAttack):
    """CLIENT PAUSE: commands wait."""

    name = "redis-paused"

    def __str__(self) -> str:
        return f"Redis pauses its clients for {self.seconds:.1f} s"

    async def strike(self, scene: Scene) -> None:
        words = ("redis-cli", "-p", str(self.port), "client", "pause", str(int(self.seconds * 1000)))
        done = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.DEVNULL)
        await done.wait()
        await asyncio.sleep(self.seconds)


ATTACKS = (Terminated, Refused, TableLocked, RedisFrozen, RedisKilled, RedisPaused)
