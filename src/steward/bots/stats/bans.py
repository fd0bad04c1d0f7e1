"""The number of bans: counted page by page when the guild is seen, daily, and followed by events in between."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from steward.bots.stats.service import StatsService
from steward.client.errors import Gone, Refused, TryLater
from steward.client.rest import Rest
from steward.runtime.backoff import full_jitter

log = structlog.get_logger(__name__)

RECOUNT_EVERY = 86400.0
REFUSED_FOR = 600.0
TRIES = 3


class BanCount:
    """
    Counts for as long as it runs.

    Attributes:
        problem: a sentence while the bans cannot be counted, else None.

    """

    def __init__(self, rest: Rest, service: StatsService) -> None:
        self.problem: str | None = None
        self._rest = rest
        self._service = service
        self._asked = asyncio.Event()
        self._moves = 0

    def recount(self) -> None:
        """Have the bans counted anew, soon."""
        self._asked.set()

    def moved(self) -> None:
        """Note a ban or unban: a count that it falls into is taken again."""
        self._moves += 1

    async def run(self) -> None:
        """Count whenever asked, daily, and ten minutes after a refusal: permissions change."""
        await self._asked.wait()
        while True:
            self._asked.clear()
            pause = await self._count()
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._asked.wait()

    async def _count(self) -> float:
        """Count, and return the seconds after which to count again."""
        failures = 0
        while True:
            moves = self._moves
            try:
                bans = await self._rest.ban_count(self._service.guild_id)
            except TryLater as error:
                failures += 1
                await asyncio.sleep(error.retry_after or full_jitter(failures))
            except (Refused, Gone) as error:
                if self.problem is None:
                    log.warning("bans_not_counted", reason=str(error))
                self.problem = (
                    "Bans cannot be counted: give the bot the permission Ban Members."
                    if isinstance(error, Refused)
                    else str(error)
                )
                return REFUSED_FOR
            else:
                self.problem = None
                if self._moves == moves or failures >= TRIES:
                    self._service.bans_counted(bans)
                    return RECOUNT_EVERY
                failures += 1
