"""Guilds for which something is to be done, each by itself: one for which it fails holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import structlog

from steward.errors import NeedsOperator, NotReady, StewardError
from steward.runtime.backoff import full_jitter
from steward.runtime.clock import Clock
from steward.runtime.lanes import WorkLanes

log = structlog.get_logger(__name__)

REST = 600.0
LOOK_EVERY = 3600.0


class PendingGuilds:
    """
    Does something for guilds, ten at once; where it fails it is done again after ten minutes.

    Args:
        work: what is done, as the log names it.
        failed: begins the sentence about a guild for which it fails.

    Attributes:
        problems: what stands in the way, a sentence each, by guild.

    """

    def __init__(self, work: str, do: Callable[[int], Awaitable[None]], clock: Clock, *, failed: str) -> None:
        self._do = do
        self._failed = failed
        self._lanes = WorkLanes(work, self._look, self._serve, clock, look_every=LOOK_EVERY)
        self._waiting: dict[int, None] = {}
        self._resting: set[int] = set()
        self._wake = asyncio.Event()
        self.problems: dict[int, str] = {}

    def put(self, guild_id: int) -> None:
        """Have it done for a guild, once more where it is being done."""
        self._waiting[guild_id] = None
        self._wake.set()

    async def run(self) -> None:
        """Do it, until cancelled."""
        await self._lanes.run(self._wake)

    async def _look(self) -> tuple[Iterable[int], None]:
        return [guild_id for guild_id in self._waiting if guild_id not in self._resting], None

    async def _serve(self, guild_id: int) -> None:
        del self._waiting[guild_id]
        try:
            await self._do(guild_id)
        except (NotReady, NeedsOperator) as error:  # Discord's or the database's own
            log.warning("events_delayed", guild=guild_id, error=str(error))
            rest = full_jitter(3)
        except Exception as error:  # the boundary of guilds: a fault is its own guild's only
            log.error("members_not_followed", guild=guild_id, exc_info=error)
            why = str(error) if isinstance(error, StewardError) else f"{type(error).__name__}, see the log."
            self.problems[guild_id] = f"{self._failed}: {why}"
            rest = REST
        else:
            self.problems.pop(guild_id, None)
            return
        self._waiting[guild_id] = None
        self._resting.add(guild_id)
        asyncio.get_running_loop().call_later(rest, self._rested, guild_id)

    def _rested(self, guild_id: int) -> None:
        self._resting.discard(guild_id)
        self._wake.set()
