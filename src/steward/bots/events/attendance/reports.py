"""Reports on who took part: durable jobs in each guild's zone, midweek on the week so far, Mondays on the past one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from steward.bots.events.section import EventsSection
from steward.client.rest.errors import Gone, Refused, TryLater
from steward.guilds.host import Host
from steward.guilds.reports import GuildReports, Posting, Setter, Wished
from steward.guilds.settings_book import Section
from steward.store import DailyAt, JobOccurrence, OnDates, previous, weekly

if TYPE_CHECKING:
    from steward.bots.events.attendance.participation import Participation
    from steward.client.embeds import Message

log = structlog.get_logger(__name__)

REMEDY = "`/events report` sets another channel."
MONDAY, THURSDAY = 0, 3
GONE = f"{{channel}}, the channel for attendance reports, was deleted: I make no more. {REMEDY}"
MAX_MEMBERS = 50_000
"""Of larger guilds the members of a role are not listed: that takes a request for each thousand."""


class AttendanceReports:
    """Makes the attendance reports of each guild that wants them."""

    def __init__(
        self,
        host: Host,
        section: Section[EventsSection],
        *,
        flush: Callable[[], Awaitable[None]],
    ) -> None:
        self._store = host.store
        self._client = host.client
        self.section = section
        self._counts = host.guilds.opt_outs.may_track
        self._hears = host.settings.activity
        self._flush = flush
        self.scheduled = GuildReports(
            host,
            section,
            _wished,
            self._draw,
            gone=GONE,
            setter=Setter("the attendance report", REMEDY, lambda now: replace(now, report_channel_id=None)),
        )
        section.watch(self.scheduled.configured)

    async def so_far(self, guild_id: int, now: datetime) -> Message:
        """Return the report on the week so far."""
        from steward.bots.events.views.participation import report

        zone = self.section.of(guild_id).zone_info
        tomorrow = now.astimezone(zone).date() + timedelta(days=1)
        begin = previous(weekly(DailyAt(time(0), zone), MONDAY), tomorrow)
        return report("this week so far", await self.participation(guild_id, begin, now), hears=self._hears)

    async def participation(self, guild_id: int, begin: datetime, end: datetime) -> Participation:
        """Return who took part in the events that ended in `[begin, end)`."""
        from steward.bots.events.attendance.participation import facts

        await self._flush()
        found = await self._store.read(partial(facts, guild_id=guild_id, begin=begin, end=end))
        roles = {role for turnout in found.turnouts for role in turnout.event.details.roles}
        return found.participation(await self._members_with(guild_id, roles), partial(self._counts, guild_id))

    async def _draw(self, guild_id: int, _: str, occurrence: JobOccurrence) -> Posting | None:
        from steward.bots.events.views.participation import report

        day, settings = date.fromisoformat(occurrence.key), self.section.of(guild_id)
        begin = previous(weekly(DailyAt(settings.report_time, settings.zone_info), MONDAY), day)
        what = "the past week" if day.weekday() == MONDAY else "this week so far"
        found = await self.participation(guild_id, begin, occurrence.due_at)
        return Posting(report(what, found, hears=self._hears)) if found.turnouts else None

    async def _members_with(self, guild_id: int, roles: set[int]) -> dict[int, dict[int, str]]:
        """Return the members of roles, as far as they can be known."""
        guild = self._client.get_guild(guild_id)
        members = None if guild is None else guild.member_count
        if not roles or not self._client.single_events or members is None or members > MAX_MEMBERS:
            return {}
        try:
            return await self._client.rest.members_with(guild_id, roles)
        except (Gone, Refused, TryLater) as error:
            log.warning("event_roles_unknown", guild=guild_id, reason=str(error))
            return {}


def _wished(settings: EventsSection) -> Wished | None:
    if settings.report_channel_id is None:
        return None
    daily = DailyAt(settings.report_time, settings.zone_info)
    twice = OnDates(daily, lambda day: day.weekday() in {MONDAY, THURSDAY}, "Mondays and Thursdays")
    return Wished(settings.report_channel_id, {"participation": twice})
