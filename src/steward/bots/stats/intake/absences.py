"""
The times of which nobody has told: noted when they end, guild by guild, and filled as far as Discord remembers.

Discord's audit log keeps kicks, bans and unbans 45 days, with their moment, for whoever may see it
(docs: Audit Log). Of joins and leaves nothing is kept: of them the gap knows the sum.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from steward.bots.stats.counts.facts import EventKind, MemberEvent
from steward.bots.stats.counts.losses import Losses
from steward.bots.stats.counts.service import StatsService
from steward.bots.stats.intake.gaps import Gap, Reason
from steward.client.rest.audit_log import AuditAction, AuditEntry
from steward.client.rest.errors import Gone, Refused, TryLater
from steward.runtime.backoff import full_jitter
from steward.runtime.clock import Clock
from steward.runtime.isolation import Isolation
from steward.runtime.waiting import wait_within

if TYPE_CHECKING:
    from steward.client.lean import Interruption
    from steward.client.rest.rest import Rest

log = structlog.get_logger(__name__)

RECORDED = {
    AuditAction.KICK: EventKind.KICK,
    AuditAction.BAN: EventKind.BAN,
    AuditAction.UNBAN: EventKind.UNBAN,
}
SPACING = 0.1  # seconds between two readings: the rest of Discord's 50 requests a second is for others
LONGEST_PAUSE = 600.0
REMEMBERED = timedelta(days=45)
MAX_ENDED = 20_000
"""Gaps that wait for the database at the most: a day of an outage each hour in 800 guilds."""


@dataclass(slots=True)
class _Unfilled:
    """A guild with gaps that are yet to be filled: when its audit log is to be asked, after so many failures."""

    guild_id: int
    due: float = 0.0
    failures: int = 0


class Absences:
    """
    Knows since when a guild has been out of sight, and what to ask for when it is back.

    Args:
        losses: told of gaps that are dropped before they are written down, and tells of those that come of what was.

    """

    def __init__(self, rest: Rest, service: StatsService, losses: Losses, clock: Clock) -> None:
        self._rest = rest
        self._service = service
        self._losses = losses
        self._clock = clock
        self._interruption: Interruption | None = None
        self._untold: set[int] = set()
        self._in_sight: set[int] = set()
        self._away: dict[int, tuple[datetime, Reason]] = {}
        self._ended = deque[Gap]()
        self._unfilled: dict[int, _Unfilled] = {}  # the gaps themselves, which may grow many, are in the database
        self._arrived = asyncio.Event()
        losses.on_marked(self._unfill)
        self._isolation = Isolation("fill gaps")

    def session_began(self, known: set[int]) -> None:
        """Note that the known guilds are about to be told anew; one that comes later is new, and has missed nothing."""
        self._interruption = None
        self._untold = known
        self._in_sight.clear()

    def interrupted(self, interruption: Interruption) -> list[int]:
        """Note that events have been lost: for guilds not told yet as they are told, for those returned now."""
        self._interruption = interruption
        for guild_id in self._in_sight:
            self._end(Gap(guild_id, interruption.began_at, interruption.ended_at, Reason.NOT_CONNECTED, None))
        return list(self._in_sight)

    def went(self, guild_id: int, reason: Reason) -> None:
        """Note that a guild is out of sight from now on."""
        self._away.setdefault(guild_id, (self._clock.now(), reason))

    def came(self, guild_id: int, net: int | None) -> bool:
        """
        Note that a guild is told of; return whether something of it may have been missed.

        Args:
            net: by how much it has grown since it was last told of; None when unknown.

        """
        began = self._away.pop(guild_id, None)
        if self._interruption is not None and guild_id in self._untold:
            since = self._interruption.began_at
            began = (since, Reason.NOT_CONNECTED) if began is None else min(began, (since, Reason.NOT_CONNECTED))
        self._untold.discard(guild_id)
        self._in_sight.add(guild_id)
        if began is not None:
            self._end(Gap(guild_id, began[0], self._clock.now(), began[1], net))
        return began is not None

    async def run(self) -> None:
        """Write down each gap at once and fill it when that is possible, for ever; a crash's are filled after it."""
        for guild_id in await self._service.book.guilds_with_unfilled_gaps(self._clock.now() - REMEMBERED):
            self._unfilled[guild_id] = _Unfilled(guild_id)
        while True:
            self._arrived.clear()
            await self._mark()
            first = min(self._unfilled.values(), key=lambda unfilled: unfilled.due, default=None)
            pause = None if first is None else first.due - self._clock.monotonic()
            if first is not None and pause is not None and pause <= 0:
                first.due = self._clock.monotonic() + LONGEST_PAUSE  # unless it says better
                with self._isolation.item(first.guild_id):
                    await self._fill(first)
                await asyncio.sleep(SPACING)
                continue
            await wait_within(self._arrived, pause)

    def _end(self, gap: Gap) -> None:
        self._ended.append(gap)
        if len(self._ended) > MAX_ENDED:
            oldest = self._ended.popleft()
            self._losses.note(oldest.guild_id, oldest.began_at, oldest.ended_at, step=oldest.net or 0)
        self._arrived.set()

    async def _mark(self) -> None:
        gaps = list(self._ended)
        if gaps:
            await self._service.book.mark_gaps(gaps)
            for gap in gaps:
                if self._ended and self._ended[0] is gap:  # else it was dropped meanwhile
                    self._ended.popleft()
                self._unfill(gap.guild_id)

    def _unfill(self, guild_id: int) -> None:
        self._unfilled.setdefault(guild_id, _Unfilled(guild_id))
        self._arrived.set()

    async def _fill(self, unfilled: _Unfilled) -> None:
        """Have what the audit log knows of a guild's gaps recorded, or try again later: other guilds do not wait."""
        guild_id = unfilled.guild_id
        gaps = await self._service.book.unfilled_gaps(guild_id, self._clock.now() - REMEMBERED)
        try:
            found = await self._missed(guild_id, gaps)
        except TryLater as error:
            unfilled.failures += 1
            pause = error.retry_after or full_jitter(unfilled.failures, max_delay=LONGEST_PAUSE)
            unfilled.due = self._clock.monotonic() + pause
            return
        except (Refused, Gone) as error:
            log.info("gap_not_filled", guild=guild_id, since=gaps[0].began_at.isoformat(), reason=str(error))
        else:
            self._service.keep(*(recorded(guild_id, entry) for entry in found))
            await self._service.flush()
        await self._service.book.gaps_filled(gaps)
        del self._unfilled[guild_id]

    async def _missed(self, guild_id: int, gaps: Sequence[Gap]) -> list[AuditEntry]:
        """
        Read the audit log over all gaps at once, and return what falls into one of them, in order of time.

        What happened between two gaps was told, and forgotten since, perhaps: the log would bring it back.
        """
        if not gaps:
            return []  # longer ago than Discord remembers
        begin, end = gaps[0].began_at, max(gap.ended_at for gap in gaps)
        entries = [entry for action in RECORDED for entry in await self._rest.audit_log(guild_id, action, begin, end)]
        missed = [entry for entry in entries if any(gap.began_at <= entry.at < gap.ended_at for gap in gaps)]
        return sorted(missed, key=lambda entry: entry.id)


def recorded(guild_id: int, entry: AuditEntry) -> MemberEvent:
    """Return what an entry of the audit log tells; its id names it, so that it is kept once."""
    return MemberEvent(guild_id, RECORDED[entry.action], entry.user_id, entry.name, entry.at, f"audit:{entry.id}")
