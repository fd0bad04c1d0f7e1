"""How a database server is used."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from steward.store.server.session import SessionLimits


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """
    How a database server is used; times in seconds, on the wall clock but for `idle`.

    Args:
        connections: the most that are open: one writes, the others read; at least 2 are used.
        idle: after this a reading connection that nobody used is closed. The writing one stays: it holds the lock.
        patience: so long a write or a read waits for a server that is lost, starting or full.
        lock_wait: so long the start waits for another process to let go of the database.
        limits: of connecting, of one statement, and of waiting for other programs.
        processes: how many may have the database open at the same time, each with an `owner` of its own for its jobs;
            1 or more, the same number in all of them.
        backups: the folder of backups before upgrades; None for none.
        owner: a name for this process that no other has or had; a random one when empty.

    """

    connections: int = 3
    idle: float = 600.0
    patience: float = 10.0
    lock_wait: float = 5.0
    processes: int = 1
    limits: SessionLimits = field(default_factory=SessionLimits)
    backups: Path | None = None
    owner: str = ""
