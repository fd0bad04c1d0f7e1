"""Numbers that a new counter will show and that aren't known yet: asked for at once, so that no channel shows `…`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from steward.bots.stats.counters.counters import Counted, Counter
from steward.bots.stats.counts.bans import BanCounts
from steward.bots.stats.counts.censuses import Censuses
from steward.bots.stats.counts.service import StatsService
from steward.errors import StewardError
from steward.runtime.clock import Clock

if TYPE_CHECKING:
    from steward.client.rest.rest import Rest

WITHIN = 5.0  # seconds that a member waits for numbers; what takes longer is shown by a rename


class FirstCounts:
    """Asks Discord for what counters show, before their channels are made."""

    def __init__(self, rest: Rest, service: StatsService, bans: BanCounts, censuses: Censuses, clock: Clock) -> None:
        self._rest = rest
        self._service = service
        self._bans = bans
        self._censuses = censuses
        self._clock = clock

    async def learn(self, guild_id: int, counters: Iterable[Counter]) -> None:
        """
        Return once the numbers of `counters` are known as far as Discord tells them now; at most some seconds later.

        The date and the sizes of roles are asked for in any case: nobody keeps them right while no counter shows them.
        """
        counts = self._service.guild(guild_id).counts
        wanted = [
            counter
            for counter in counters
            if counter.counted in (Counted.ROLE, Counted.DATE) or counter.value(counts) is None
        ]
        asked = [self._ask(guild_id, counted) for counted in {counter.counted for counter in wanted} - {Counted.ROLE}]
        roles = {counter.role_id for counter in wanted if counter.role_id is not None}
        if roles:
            asked.append(self._censuses.count_roles(guild_id, roles))
        with suppress(TimeoutError):
            async with asyncio.timeout(WITHIN):
                await asyncio.gather(*map(_or_later, asked))

    async def _ask(self, guild_id: int, counted: Counted) -> None:
        match counted:
            case Counted.MEMBERS | Counted.ONLINE:
                own = await self._rest.counts_of(guild_id)
                self._service.polled(guild_id, own.members, own.online)
            case Counted.BANS:
                await self._bans.count(guild_id)
            case Counted.HUMANS | Counted.BOTS:
                await self._censuses.count_bots(guild_id)
            case Counted.DATE:
                self._service.guild(guild_id).turn_to(self._clock.now(), shown=True)
            case _:
                pass  # comes with the guild itself


async def _or_later(asking: Awaitable[None]) -> None:
    """Leave a number that Discord doesn't give now to those who ask for it regularly."""
    with suppress(StewardError):
        await asking
