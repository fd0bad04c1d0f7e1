"""
What had to be dropped because the database took nothing for too long: counted, said, and marked as gaps.

Memory is bounded and a disk may be full for days, so the oldest that waits goes first. Before anything newer is written
the time of it is marked as a gap of its server: no report or chart takes what is missing for nothing having happened.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from steward.bots.stats.intake import gaps
from steward.bots.stats.intake.gaps import Gap, Reason
from steward.store import Store

log = structlog.get_logger(__name__)

PROBLEM = (
    "The database couldn't be written for so long that the oldest of what waited had to be dropped: {total:,} joins,"
    " leaves, bans, gaps and sums of messages so far. Reports will show the time as a gap."
)


class Losses:
    """
    See the module.

    Attributes:
        total: how many events, gaps and tallies were dropped since the start.

    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._of: dict[int, Gap] = {}
        self._listeners: list[Callable[[int], None]] = []
        self.total = 0

    @property
    def problem(self) -> str | None:
        """The sentence on what was dropped, until it is marked."""
        return PROBLEM.format(total=self.total) if self._of else None

    def on_marked(self, listener: Callable[[int], None]) -> None:
        """Have `listener` called with each guild of which a gap has been marked."""
        self._listeners.append(listener)

    def note(self, guild_id: int, began_at: datetime, ended_at: datetime, *, step: int = 0) -> None:
        """
        Take down that one thing is dropped.

        Args:
            began_at: when it happened, or began to.
            ended_at: the first instant after it.
            step: by how much it has moved the number of members.

        """
        self.total += 1
        if not self._of:
            log.error("statistics_dropped", guild=guild_id, why="the database could not be written for too long")
        gap = self._of.get(guild_id, Gap(guild_id, began_at, ended_at, Reason.NOT_SAVED, 0))
        began_at, ended_at = min(gap.began_at, began_at), max(gap.ended_at, ended_at)
        self._of[guild_id] = Gap(guild_id, began_at, ended_at, Reason.NOT_SAVED, (gap.net or 0) + step)

    async def mark(self) -> None:
        """
        Mark what was dropped; to be awaited before anything newer is written.

        Raises:
            NotReady: the database can't be written now.

        """
        if self._of:
            marked = tuple(self._of.values())
            await gaps.mark(self._store, marked)
            for gap in marked:
                if self._of[gap.guild_id] is gap:  # else it has grown meanwhile, and is marked again
                    del self._of[gap.guild_id]
                for listener in self._listeners:
                    listener(gap.guild_id)
