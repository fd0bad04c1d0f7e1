"""Options for a database server."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from steward.store.server.session import SessionLimits


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """
    Options for a database server; times in seconds, on the wall clock except `idle`.

    Args:
        connections: the most open ones: one writes, the others read; at least 2.
        idle: an unused reading connection is closed after this. The writing one stays open: it holds the lock.
        retry_timeout: how long a write or a read waits for a server that is unreachable, starting or full.
        lock_wait: how long the start waits for another process to release the database.
        limits: for connecting, for one statement, and for waiting for other programs.
        processes: how many may use the database at the same time, each with its own `owner` for its jobs; 1 or more,
            the same number in all of them.
        backups: the folder of backups before upgrades; None for none.
        owner: a name for this process that no other has or had; empty for a random one.

    """

    connections: int = 3
    idle: float = 600.0
    retry_timeout: float = 10.0
    lock_wait: float = 5.0
    processes: int = 1
    limits: SessionLimits = field(default_factory=SessionLimits)
    backups: Path | None = None
    owner: str = ""
