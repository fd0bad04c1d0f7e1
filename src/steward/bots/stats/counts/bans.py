"""The numbers of bans: counted page by page when a guild is seen, daily, and followed by events in between."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from steward.bots.stats.counts.service import StatsService
from steward.client.rest.errors import Gone, Refused, TryLater
from steward.runtime.backoff import full_jitter
from steward.runtime.clock import Clock
from steward.runtime.isolation import Isolation
from steward.runtime.waiting import wait_within

if TYPE_CHECKING:
    from steward.client.rest.rest import Rest

log = structlog.get_logger(__name__)

RECOUNT_EVERY = 86400.0
REFUSED_FOR = 600.0
TRIES = 3
CANNOT_COUNT = (
    "I can't count the bans: I'm missing a permission. Give me Ban Members in Server Settings > Roles;"
    " Discord shows the list of bans to nobody else, and I ban nobody."
)


@dataclass(slots=True)
class _Guild:
    due: float
    moves: int = 0
    failures: int = 0
    problem: str | None = None


class BanCounts:
    """Counts the bans of every guild, one guild after another, for as long as it runs."""

    def __init__(self, rest: Rest, service: StatsService, clock: Clock) -> None:
        self._rest = rest
        self._service = service
        self._clock = clock
        self._guilds: dict[int, _Guild] = {}
        self._isolation = Isolation("count bans")
        self._asked = asyncio.Event()

    def problem_in(self, guild_id: int) -> str | None:
        """Return the sentence on one guild, while its bans cannot be counted."""
        guild = self._guilds.get(guild_id)
        return None if guild is None else guild.problem

    def recount(self, guild_id: int) -> None:
        """Have a guild's bans counted anew, soon."""
        self._guilds.setdefault(guild_id, _Guild(0.0)).due = self._clock.monotonic()
        self._asked.set()

    def follow(self, guild_id: int) -> None:
        """Have a guild whose number is known counted anew in a day."""
        self._guilds.setdefault(guild_id, _Guild(self._clock.monotonic() + RECOUNT_EVERY))
        self._asked.set()

    def moved(self, guild_id: int) -> None:
        """Note a ban or unban: a count that it falls into is taken again."""
        guild = self._guilds.get(guild_id)
        if guild is not None:
            guild.moves += 1

    def left(self, guild_id: int) -> None:
        """Count no more in a guild that the bot has left."""
        self._guilds.pop(guild_id, None)

    async def run(self) -> None:
        """Count whenever asked, daily, and ten minutes after a refusal: permissions change."""
        while True:
            self._asked.clear()
            guild_id = min(self._guilds, key=lambda key: self._guilds[key].due, default=None)
            pause = None if guild_id is None else self._guilds[guild_id].due - self._clock.monotonic()
            if guild_id is not None and pause is not None and pause <= 0:
                with self._isolation.item(guild_id):
                    await self._count(guild_id, self._guilds[guild_id])
                continue
            await wait_within(self._asked, pause)

    async def count(self, guild_id: int) -> None:
        """Count a guild's bans now, such as for a counter that is being made."""
        await self._count(guild_id, self._guilds.setdefault(guild_id, _Guild(0.0)))

    async def _count(self, guild_id: int, guild: _Guild) -> None:
        """Count once, and note when to count again."""
        guild.due, moves, pause = float("inf"), guild.moves, REFUSED_FOR
        try:
            bans = await self._rest.ban_count(guild_id)
        except TryLater as error:
            guild.failures += 1
            pause = error.retry_after or full_jitter(guild.failures)
        except (Refused, Gone) as error:
            if guild.problem is None:
                log.warning("bans_not_counted", guild=guild_id, reason=str(error))
            guild.problem = CANNOT_COUNT if isinstance(error, Refused) else str(error)
        else:
            guild.problem = None
            if guild.moves == moves or guild.failures >= TRIES:
                guild.failures, pause = 0, RECOUNT_EVERY
                if guild_id in self._guilds:
                    self._service.bans_counted(guild_id, bans)
            else:
                guild.failures, pause = guild.failures + 1, 0.0
        finally:
            guild.due = min(guild.due, self._clock.monotonic() + pause)
