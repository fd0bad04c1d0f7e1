"""
The times of which nobody has told: noted when they end, guild by guild, and filled as far as Discord remembers.

Discord's audit log keeps kicks, bans and unbans 45 days, with their moment, for whoever may see it
(docs: Audit Log). Of joins and leaves nothing is kept: of them the gap knows the sum.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from steward.bots.stats.facts import Kind, MemberEvent
from steward.bots.stats.gaps import Gap, Reason
from steward.bots.stats.service import StatsService
from steward.client.errors import Gone, Refused, TryLater
from steward.client.lean import Interruption
from steward.client.rest import AuditAction, AuditEntry, Rest
from steward.runtime.backoff import full_jitter
from steward.runtime.clock import Clock

log = structlog.get_logger(__name__)

RECORDED = {AuditAction.KICK: Kind.KICK, AuditAction.BAN: Kind.BAN, AuditAction.UNBAN: Kind.UNBAN}
SPACING = 0.1  # seconds between two readings: the rest of Discord's 50 requests a second is for others
LONGEST_PAUSE = 600.0
REMEMBERED = timedelta(days=45)


@dataclass(slots=True, eq=False)
class _Unfilled:
    gap: Gap
    due: float = 0.0
    failures: int = 0


class Absences:
    """
    Knows since when a guild has been out of sight, and what to ask for when it is back.

    Args:
        rest: Discord.
        service: told what is missing and what was found.
        clock: the time.

    """

    def __init__(self, rest: Rest, service: StatsService, clock: Clock) -> None:
        self._rest = rest
        self._service = service
        self._clock = clock
        self._interruption: Interruption | None = None
        self._untold: set[int] = set()
        self._in_sight: set[int] = set()
        self._away: dict[int, tuple[datetime, Reason]] = {}
        self._ended: list[Gap] = []
        self._unfilled: list[_Unfilled] = []
        self._arrived = asyncio.Event()

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
            guild_id: the guild.
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
        since = self._clock.now() - REMEMBERED
        self._unfilled = [_Unfilled(gap) for gap in await self._service.unfilled_gaps(since)]
        while True:
            self._arrived.clear()
            await self._mark()
            first = min(self._unfilled, key=lambda unfilled: unfilled.due, default=None)
            pause = None if first is None else first.due - self._clock.monotonic()
            if first is not None and pause is not None and pause <= 0:
                await self._fill(first)
                await asyncio.sleep(SPACING)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._arrived.wait()

    def _end(self, gap: Gap) -> None:
        self._ended.append(gap)
        self._arrived.set()

    async def _mark(self) -> None:
        gaps = list(self._ended)
        if gaps:
            await self._service.mark_gaps(gaps)
            del self._ended[: len(gaps)]
            self._unfilled.extend(_Unfilled(gap) for gap in gaps)

    async def _fill(self, unfilled: _Unfilled) -> None:
        """Have what the audit log knows of a gap recorded, or try again later: other guilds do not wait for it."""
        gap = unfilled.gap
        try:
            found = [
                entry
                for action in RECORDED
                for entry in await self._rest.audit_log(gap.guild_id, action, gap.began_at, gap.ended_at)
            ]
        except TryLater as error:
            unfilled.failures += 1
            pause = error.retry_after or full_jitter(unfilled.failures, cap=LONGEST_PAUSE)
            unfilled.due = self._clock.monotonic() + pause
            return
        except (Refused, Gone) as error:
            log.info("gap_not_filled", guild=gap.guild_id, since=gap.began_at.isoformat(), reason=str(error))
        else:
            found.sort(key=lambda entry: entry.id)
            self._service.keep(*(recorded(gap.guild_id, entry) for entry in found))
            await self._service.flush()
        await self._service.gap_filled(gap)
        self._unfilled.remove(unfilled)


def recorded(guild_id: int, entry: AuditEntry) -> MemberEvent:
    """Return what an entry of the audit log tells; its id names it, so that it is kept once."""
    return MemberEvent(guild_id, RECORDED[entry.action], entry.user_id, entry.name, entry.at, f"audit:{entry.id}")
