"""Readings of all guilds' counts, taken over in slices: however many guilds there are, no sample is dropped."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING

from steward.bots.stats.counts.service import StatsService
from steward.errors import NotReady
from steward.runtime.isolation import Isolation

if TYPE_CHECKING:
    from steward.client.rest.rest import PolledCounts

GUILDS_AT_ONCE = 1000  # each adds three rows to writers that hold 10,000 each


class Readings:
    """
    Hands readings to the service.

    Attributes:
        taken: how many readings there have been.

    """

    def __init__(self, service: StatsService) -> None:
        self._service = service
        self.taken = 0
        self._isolation = Isolation("poll counts")

    async def take(self, counts: Mapping[int, PolledCounts]) -> None:
        """
        Take over the counts of all guilds; return once they fit into what waits for the database.

        Samples are written after each slice but the last, and other work gets its turn. While the database can't be
        written, the counters go on and the oldest samples that wait are dropped.
        """
        writable = True
        rest = iter(counts.items())
        while page := list(islice(rest, GUILDS_AT_ONCE)):
            for guild_id, own in page:
                with self._isolation.item(guild_id):
                    self._service.polled(guild_id, own.members, own.online)
            if writable and len(page) == GUILDS_AT_ONCE:
                writable = await self._written()
        self.taken += 1

    async def _written(self) -> bool:
        try:
            await self._service.book.flush()
        except NotReady:
            return False
        return True
