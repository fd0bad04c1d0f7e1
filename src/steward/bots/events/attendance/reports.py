"""Reports on who took part: durable jobs in each guild's zone, midweek on the week so far, Mondays on the past one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from steward.bots.events.attendance.participation import AttendanceFacts, Participation, facts
from steward.bots.events.views.participation import report
from steward.client.embeds import Message
from steward.client.lean import LeanClient
from steward.client.rest.errors import Gone, Refused, TryLater
from steward.guilds.owned import OwnedJobs
from steward.runtime.isolation import Isolation
from steward.store import DailyAt, OnDates, Row, Store, Transaction, Work, previous, weekly
from steward.store.jobs.jobs import JobOccurrence
from steward.store.outbox import outbox

log = structlog.get_logger(__name__)

REMEDY = "`/events report` sets another channel."
MONDAY, THURSDAY = 0, 3
USUAL_TIME = time(9)
MOST_MEMBERS = 50_000
"""Of larger guilds the members of a role are not listed: that takes a request for each thousand."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Where a guild wants its reports, and when on its own clock."""

    channel_id: int
    at: time = USUAL_TIME


class AttendanceReports:
    """
    Makes the reports.

    Args:
        store: knows who answered and came.
        client: Discord, which knows who has a role.
        jobs: runs them.
        zone_of: the zone of a guild.
        counts: whether a member of a guild wants to be counted.
        hears: whether the bot is told who is in voice.
        flush: returns once all that was measured until now can be read.

    Attributes:
        problems: sentences about reports that are made no more, by guild.

    """

    def __init__(
        self,
        store: Store,
        client: LeanClient,
        jobs: OwnedJobs,
        *,
        zone_of: Callable[[int], ZoneInfo],
        counts: Callable[[int, int], bool],
        hears: bool,
        flush: Callable[[], Awaitable[None]],
    ) -> None:
        self._store = store
        self._client = client
        self._jobs = jobs
        self._zone_of = zone_of
        self._counts = counts
        self._hears = hears
        self._flush = flush
        self._wishes: dict[int, Wish] = {}
        self._zones: dict[int, str] = {}
        self.problems: dict[int, str] = {}
        self._isolation = Isolation("follow wishes of reports")

    async def load(self) -> None:
        """Read what guilds wish, and register their reports."""
        for guild_id, channel_id, at in await self._store.read(_wishes):
            with self._isolation.of(guild_id):
                self._wishes[guild_id] = Wish(channel_id, time.fromisoformat(at))
                self.follow(guild_id)

    def wish(self, guild_id: int) -> Wish | None:
        """Return what a guild wishes; None for no reports."""
        return self._wishes.get(guild_id)

    async def set_wish(self, guild_id: int, wish: Wish | None, *, by: int) -> None:
        """
        Have a guild's reports made, or made no more.

        Args:
            guild_id: whose.
            wish: where and when; None for not at all.
            by: who is told if they cannot be posted.

        """

        def work(tx: Transaction) -> None:
            if wish is None:
                tx.execute("DELETE FROM event_reports WHERE guild_id = ?", (guild_id,))
                return
            values = {"channel_id": wish.channel_id, "report_time": f"{wish.at:%H:%M}", "set_by": by}
            tx.upsert("event_reports", key={"guild_id": guild_id}, values=values)

        await self._store.write(work)
        self.problems.pop(guild_id, None)
        self._zones.pop(guild_id, None)
        if wish is None:
            self._drop(guild_id)
        else:
            self._wishes[guild_id] = wish
            self.follow(guild_id)

    def _drop(self, guild_id: int) -> None:
        self._wishes.pop(guild_id, None)
        self._jobs.unregister(_job(guild_id))

    def follow(self, guild_id: int) -> None:
        """Have a guild's reports made by the zone that it has now."""
        wish, zone = self._wishes.get(guild_id), self._zone_of(guild_id)
        if wish is not None and self._zones.get(guild_id) != zone.key:
            self._zones[guild_id] = zone.key
            daily = DailyAt(wish.at, zone)
            self._jobs.register(_job(guild_id), _twice_a_week(daily), partial(self._make, guild_id, wish, daily))

    async def so_far(self, guild_id: int, now: datetime) -> Message:
        """Return the report on the week so far."""
        zone = self._zone_of(guild_id)
        tomorrow = now.astimezone(zone).date() + timedelta(days=1)
        begin = previous(weekly(DailyAt(time(0), zone), MONDAY), tomorrow)
        return report("this week so far", await self.participation(guild_id, begin, now), hears=self._hears)

    async def participation(self, guild_id: int, begin: datetime, end: datetime) -> Participation:
        """Return who took part in the events that ended in `[begin, end)`."""
        await self._flush()
        found: AttendanceFacts = await self._store.read(partial(facts, guild_id=guild_id, begin=begin, end=end))
        roles = {role for turnout in found.turnouts for role in turnout.event.details.roles}
        return found.participation(await self._members_with(guild_id, roles), partial(self._counts, guild_id))

    async def _make(self, guild_id: int, wish: Wish, daily: DailyAt, occurrence: JobOccurrence) -> Work[None] | None:
        day = date.fromisoformat(occurrence.key)
        begin = previous(weekly(daily, MONDAY), day)
        what = "the past week" if day.weekday() == MONDAY else "this week so far"
        found = await self.participation(guild_id, begin, occurrence.due_at)
        if not found.turnouts:
            return None
        if await self._is_gone(wish.channel_id):
            await self._stop(guild_id, wish, occurrence)
            return None
        message = report(what, found, hears=self._hears)

        def work(tx: Transaction) -> None:
            by = tx.value("SELECT set_by FROM event_reports WHERE guild_id = ?", (guild_id,))
            what = f"I couldn't post the attendance report in <#{wish.channel_id}>"
            notice = None if by is None else outbox.Notice(by, what, REMEDY)
            key = _key(guild_id, occurrence)
            outbox.put(tx, key=key, channel_id=wish.channel_id, payload=message, if_parked=notice)

        return work

    async def _is_gone(self, channel_id: int) -> bool:
        try:
            await self._client.rest.channel(channel_id)
        except Gone:
            return True
        except Refused:  # it is closed to the bot, which somebody may change
            return False
        return False

    async def _stop(self, guild_id: int, wish: Wish, occurrence: JobOccurrence) -> None:
        """Make no more reports for a channel that is gone; whoever wished for them is told, and may wish anew."""
        sentence = f"<#{wish.channel_id}>, the channel for attendance reports, was deleted: I make no more. {REMEDY}"

        def work(tx: Transaction) -> None:
            here = (guild_id, wish.channel_id)  # it may be another by now
            by = tx.value("SELECT set_by FROM event_reports WHERE guild_id = ? AND channel_id = ?", here)
            tx.execute("DELETE FROM event_reports WHERE guild_id = ? AND channel_id = ?", here)
            if by is not None:
                outbox.put_direct(tx, key=_key(guild_id, occurrence), user_id=by, payload={"content": sentence})

        await self._store.write(work)
        log.warning("event_reports_stopped", guild=guild_id, channel=wish.channel_id)
        if self._wishes.get(guild_id) == wish:
            self._drop(guild_id)
            self.problems[guild_id] = sentence

    async def _members_with(self, guild_id: int, roles: set[int]) -> dict[int, dict[int, str]]:
        """Return the members of roles, as far as they can be known."""
        guild = self._client.get_guild(guild_id)
        members = None if guild is None else guild.member_count
        if not roles or not self._client.single_events or members is None or members > MOST_MEMBERS:
            return {}
        try:
            return await self._client.rest.members_with(guild_id, roles)
        except (Gone, Refused, TryLater) as error:
            log.warning("event_roles_unknown", guild=guild_id, reason=str(error))
            return {}


def _twice_a_week(daily: DailyAt) -> OnDates:
    return OnDates(daily, lambda day: day.weekday() in {MONDAY, THURSDAY}, "Mondays and Thursdays")


def _job(guild_id: int) -> str:
    return f"events.participation.{guild_id}"


def _key(guild_id: int, occurrence: JobOccurrence) -> str:
    """Name the message about one report, in the outbox."""
    return f"event_report:{guild_id}:{occurrence.key}"


def _wishes(tx: Transaction) -> list[Row]:
    return tx.all("SELECT guild_id, channel_id, report_time FROM event_reports")
