"""What the machine around the process does: consoles, file descriptors, connections at its port."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.chaos.attacks.attack import Attack, Ground, Scene
from tests.full_pipe import full_pipe


class UnreadConsole(Attack):
    """Nobody reads its stdout and stderr: Ctrl-S, `| less`, a stalled log driver."""

    name = "unread-console"

    def draw(self) -> None:
        self.seconds = self.span(2, 8)

    def __str__(self) -> str:
        return "a console that nobody reads, from the start"

    @asynccontextmanager
    async def prepared(self, folder: Path) -> AsyncIterator[Ground]:
        with full_pipe() as (_, writing):
            yield Ground({"LOG_LEVEL": "DEBUG"}, console=writing)

    async def strike(self, scene: Scene) -> None:
        await asyncio.sleep(self.seconds)


class FewDescriptors(Attack):
    """It may open no more than a few files, and strangers take them by connections that ask nothing."""

    name = "descriptors"

    def draw(self) -> None:
        self.limit = self.random.choice((96, 128, 192))
        self.seconds = self.span(3, 10)
        self.port = 0

    def __str__(self) -> str:
        return f"{self.limit} file descriptors, and 300 connections at the health port for {self.seconds:.1f} s"

    @classmethod
    def missing(cls) -> str | None:
        return None if shutil.which("sh") else "there is no sh"

    @asynccontextmanager
    async def prepared(self, folder: Path) -> AsyncIterator[Ground]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        words = ("sh", "-c", f'ulimit -n {self.limit}; exec "$@"', "sh")
        yield Ground({"STEWARD_HEALTH_PORT": str(self.port)}, words=words)

    async def strike(self, scene: Scene) -> None:
        writers = []
        try:
            for _ in range(300):
                with suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                    writers.append(writer)
                    writer.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            await asyncio.sleep(self.seconds)
        finally:
            for writer in writers:
                writer.transport.abort()


ATTACKS = (UnreadConsole, FewDescriptors)
