"""Redis servers for tests: real ones that can be stopped, and misbehaving ones."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
from contextlib import asynccontextmanager, suppress

import pytest


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class RedisProcess:
    """A redis-server or valkey-server of the test's own on a free port, which keeps nothing unless told to."""

    def __init__(self, folder, *options):
        self.program = shutil.which("redis-server") or shutil.which("valkey-server")
        if self.program is None:
            pytest.skip("neither redis-server nor valkey-server is on this machine")
        self.folder = folder
        self.options = options
        self.port = free_port()
        self.process = None

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder))
        self.process = subprocess.Popen([self.program, *options, *self.options], stdout=subprocess.DEVNULL)
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return self
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(0.05)
        self.stop()
        raise AssertionError("the Redis of the test did not start")

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)
            self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()


class Proxy:
    """Stands between the cache and Redis: passes on, delays, swallows, or cuts."""

    def __init__(self, port):
        self.target = port
        self.port = free_port()
        self.delay = 0.0
        self.swallow = False
        self.writers = set()
        self.tasks = set()

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def cut(self):
        """Let go of everybody."""
        for writer in self.writers:
            writer.transport.abort()
        self.writers.clear()

    async def _serve(self, reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        self.writers |= {writer, back}
        self.tasks.add(asyncio.current_task())
        with suppress(OSError):
            await asyncio.gather(self._pass_on(reader, back), self._pass_on(there, writer))
        for one in (writer, back):
            one.transport.abort()

    async def _pass_on(self, reader, writer):
        while data := await reader.read(65536):
            await asyncio.sleep(self.delay)
            if not self.swallow:
                writer.write(data)
        writer.transport.abort()

    async def __aenter__(self):
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_):
        self.server.close()
        self.cut()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@asynccontextmanager
async def misbehaving(answer):
    """A server that gives the same answer to whatever it is sent; none at all for None."""
    writers = set()

    async def serve(reader, writer):
        writers.add(writer)
        with suppress(OSError):
            while await reader.read(65536):
                if answer is not None:
                    writer.write(answer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.close()
        await asyncio.sleep(0.01)  # whoever was let in last is served, and known, only now
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0.01)
