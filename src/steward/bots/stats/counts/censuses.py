"""
Counts that Discord gives only to who asks: the sizes of roles, and how many members are bots.

Asked only for guilds that show them. Bots are told apart by listing all members, which needs the Server Members
intent; where that is missing or the guild is larger than `LARGEST`, they are taken to be as many as there are roles
of bots, one each (docs: Permissions > "Role Tags"): near the truth, as bots added without a role of their own are rare.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

import structlog

from steward.bots.stats.counters.counters import Counted
from steward.bots.stats.counts.guild import GuildStats
from steward.bots.stats.counts.service import StatsService
from steward.bots.stats.setup.guild_settings import GuildSettings
from steward.client.rest.errors import Gone, Refused, TryLater
from steward.runtime.clock import Clock
from steward.runtime.isolation import Isolation
from steward.runtime.waiting import wait_within

if TYPE_CHECKING:
    from steward.client.rest.rest import Rest

log = structlog.get_logger(__name__)

LOOK_EVERY = 60.0
ROLES_EVERY = 300.0
BOTS_EVERY = 86400.0
AGAIN_AFTER = 600.0
LARGEST = 20_000


class Censuses:
    """
    Takes them for as long as it runs, and turns the dates that counters show.

    Args:
        is_read: whether the online members of all guilds have been read: who has none then, came later.

    """

    def __init__(
        self, rest: Rest, service: StatsService, clock: Clock, *, is_read: Callable[[], bool] = lambda: True
    ) -> None:
        self._rest = rest
        self._service = service
        self._clock = clock
        self._is_read = is_read
        self._due: dict[tuple[int, Counted], float] = {}
        self._changed = asyncio.Event()
        self._isolation = Isolation("take censuses")

    def configured(self, guild_id: int, settings: GuildSettings) -> None:
        """Look soon: a guild may want something else counted."""
        del guild_id, settings
        self._changed.set()

    async def run(self) -> None:
        """Take what is due, for ever."""
        while True:
            self._changed.clear()
            for guild_id, stats in list(self._service.guilds.items()):
                with self._isolation.item(guild_id):
                    for counted in self._wanted(guild_id, stats):
                        await self._take(stats, counted)
                    if stats.counts.members is not None:  # told of: the bot is in it
                        stats.turn_to(self._clock.now())
            await wait_within(self._changed, LOOK_EVERY)

    def _wanted(self, guild_id: int, stats: GuildStats) -> Iterator[Counted]:
        """Yield what is to be counted in a guild now."""
        if stats.counts.members is None:
            return
        shown = {counter.counted for counter in stats.counters}
        if stats.put_right and self._service.single_events:
            stats.put_right = False
            self._due.pop((guild_id, Counted.BOTS), None)
        # A guild that came after the newest reading of all guilds: the next one may be minutes away.
        is_new = stats.counts.online is None and self._is_read()
        if Counted.ONLINE in shown and is_new and self._is_due(guild_id, Counted.ONLINE):
            yield Counted.ONLINE
        if Counted.ROLE in shown and self._is_due(guild_id, Counted.ROLE):
            yield Counted.ROLE
        if shown & {Counted.BOTS, Counted.HUMANS} and self._is_due(guild_id, Counted.BOTS):
            yield Counted.BOTS

    def _is_due(self, guild_id: int, counted: Counted) -> bool:
        return self._due.get((guild_id, counted), 0.0) <= self._clock.monotonic()

    async def _take(self, stats: GuildStats, counted: Counted) -> None:
        guild_id, pause = stats.counts.guild_id, AGAIN_AFTER
        try:
            if counted is Counted.ONLINE:
                own = await self._rest.counts_of(guild_id)
                self._service.polled(guild_id, own.members, own.online)
                pause = LOOK_EVERY
            elif counted is Counted.ROLE:
                wanted = {counter.role_id for counter in stats.counters if counter.role_id is not None}
                stats.counts.role_sizes = await self._role_sizes(guild_id, wanted)
                pause = ROLES_EVERY
            else:
                await self._count_bots(stats)
                pause = BOTS_EVERY if stats.counts.bots_exact else ROLES_EVERY
            stats.changed()
        except TryLater as error:
            pause = error.retry_after or LOOK_EVERY
        except (Refused, Gone) as error:
            log.warning("census_refused", guild=guild_id, counted=counted.value, reason=str(error))
        finally:
            self._due[guild_id, counted] = self._clock.monotonic() + pause

    async def count_roles(self, guild_id: int, wanted: Collection[int]) -> None:
        """Count the members of some roles now, such as for counters that are being made."""
        counts = self._service.guild(guild_id).counts
        counts.role_sizes = {**counts.role_sizes, **await self._role_sizes(guild_id, wanted)}

    async def count_bots(self, guild_id: int) -> None:
        """Count people and bots now, such as for a counter that is being made."""
        await self._count_bots(self._service.guild(guild_id))

    async def _role_sizes(self, guild_id: int, wanted: Collection[int]) -> dict[int, int]:
        sizes = await self._rest.role_sizes(guild_id)
        return {role_id: size for role_id, size in sizes.items() if role_id in wanted}

    async def _count_bots(self, stats: GuildStats) -> None:
        """Count one by one where that is possible, or by roles; what moves meanwhile is counted anew."""
        counts = stats.counts
        guild_id, members = counts.guild_id, counts.members or 0
        if self._service.single_events and members <= LARGEST:
            moves = stats.moves
            found = await self._rest.member_kinds(guild_id)
            if stats.moves != moves:
                found = await self._rest.member_kinds(guild_id)
            counts.humans, counts.bots, counts.bots_exact = found.humans, found.bots, True
        else:
            roles = (await self._rest.guild(guild_id))["roles"]
            counts.bots = sum("bot_id" in (role.get("tags") or {}) for role in roles)
            counts.humans, counts.bots_exact = max(0, members - counts.bots), False
