"""Member and online counts of every guild, read from Discord at intervals: one call for 200 guilds, no intent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import structlog

from steward.client.errors import TryLater
from steward.client.rest import GuildCounts, Rest
from steward.runtime.backoff import full_jitter

log = structlog.get_logger(__name__)


class CountsPoller:
    """
    Reads the counts and hands them on.

    Args:
        rest: Discord.
        interval: seconds between two readings.
        longest_wait: seconds between tries while Discord cannot be reached, at most.
        deliver: takes each reading.

    """

    def __init__(
        self,
        rest: Rest,
        *,
        interval: float,
        longest_wait: float,
        deliver: Callable[[Mapping[int, GuildCounts]], None],
    ) -> None:
        self._rest = rest
        self._interval = interval
        self._longest_wait = longest_wait
        self._deliver = deliver

    async def run(self) -> None:
        """Read for ever; an outage is logged once, and once more when it is over."""
        failures = 0
        while True:
            try:
                counts = await self._rest.guild_counts()
            except TryLater as error:
                failures += 1
                if failures == 1:
                    log.warning("counts_unavailable", reason=str(error))
                await asyncio.sleep(error.retry_after or full_jitter(failures, base=5, cap=self._longest_wait))
                continue
            if failures:
                log.info("counts_available_again", tries=failures)
                failures = 0
            self._deliver(counts)
            await asyncio.sleep(self._interval)
