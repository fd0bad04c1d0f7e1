"""Processes that do the same on one database, let go at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any

from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.store import ServerOptions, open_store
from steward.store.server.session import SessionLimits
from tests.processes.forked import PROCESSES

PATIENT = ServerOptions(processes=2, limits=SessionLimits(lock=60))
"""On a machine under load a process holds its locks for longer than the five seconds that others wait by default."""

Racer = Callable[..., Awaitable[Any]]


def race(racer: Racer, url: str, *lines: Sequence[object]) -> list[Any]:
    """
    Have `racer(store, *line)` run at once for each of two lines, in a process of its own; return what each returned.

    Args:
        racer: a function of a module.

    """
    processes, ends = [], []
    for line in lines:
        end, other_end = PROCESSES.Pipe()
        process = PROCESSES.Process(target=_racing, args=(other_end, racer, url, line))
        process.start()
        other_end.close()
        processes.append(process)
        ends.append(end)
    try:
        for end in ends:
            assert end.recv() == "ready"
        for end in ends:
            end.send("go")
        return [end.recv() for end in ends]
    finally:
        for process, end in zip(processes, ends, strict=True):
            process.kill()
            process.join()
            end.close()


def _racing(end: Connection, racer: Racer, url: str, line: Sequence[object]) -> None:
    asyncio.run(_raced(end, racer, url, line))


async def _raced(end: Connection, racer: Racer, url: str, line: Sequence[object]) -> None:
    async with open_store(url, SystemClock(), migrations=MIGRATIONS, server=PATIENT, wait=60) as store:
        end.send("ready")
        end.recv()
        told = await racer(store, *line)
    end.send(told)
