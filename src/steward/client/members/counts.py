"""
Member and online counts of every guild, read from Discord at intervals: one call for 200 guilds, no intent.

While no guild moves much, the pauses grow; shown counts are never older than ten minutes for that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

from steward.client.rest.errors import TryLater
from steward.client.rest.rest import PolledCounts, Rest
from steward.runtime.backoff import AdaptivePause, full_jitter

log = structlog.get_logger(__name__)

GROWS = 1.5
LONGEST_PAUSE = 540.0  # and the minute until ten is for the reading itself


class CountsPoller:
    """
    Reads the counts and hands them on.

    Args:
        interval: seconds between two readings while something moves.
        lively: from how many changes in one guild between two readings something does.
        longest_wait: seconds between tries while Discord cannot be reached, at most.
        deliver: takes each reading; the next one waits until it has.

    """

    def __init__(
        self,
        rest: Rest,
        *,
        interval: float,
        lively: int,
        longest_wait: float,
        deliver: Callable[[Mapping[int, PolledCounts]], Awaitable[None]],
    ) -> None:
        self._rest = rest
        self._pause = AdaptivePause(interval, max(interval, LONGEST_PAUSE), growth=GROWS)
        self._lively = lively
        self._longest_wait = longest_wait
        self._deliver = deliver

    async def run(self) -> None:
        """Read for ever; an outage is logged once, and once more when it is over."""
        failures = 0
        known: Mapping[int, PolledCounts] = {}
        while True:
            try:
                counts = await self._rest.guild_counts()
            except TryLater as error:
                failures += 1
                if failures == 1:
                    log.warning("counts_unavailable", reason=str(error))
                await asyncio.sleep(
                    error.retry_after or full_jitter(failures, base_delay=5, max_delay=self._longest_wait)
                )
                continue
            if failures:
                log.info("counts_available_again", tries=failures)
                failures = 0
            await self._deliver(counts)
            moves = any(_moves(known.get(key), now) >= self._lively for key, now in counts.items())
            pause = self._pause.after(changed=moves or not known)
            known = counts
            await asyncio.sleep(pause)


def _moves(before: PolledCounts | None, now: PolledCounts) -> int:
    return 0 if before is None else abs(now.members - before.members) + abs(now.online - before.online)
