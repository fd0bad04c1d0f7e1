"""
The weekly plan: one event for each weekday, posted at its own time of day, until it is changed.

Each is a weekly series whose lead is the time between its post and its start. A change holds for what is not posted
yet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from steward.bots.events.editing.weekday_changes import days_taken, forget_skipped, plan_anew
from steward.bots.events.model.details import BadEvent, Details
from steward.bots.events.model.occurrences import Occurrence, forget_planned
from steward.bots.events.model.series import Series, add_series, end_series, part_ids, resume_series, series_of
from steward.bots.events.recurrence import planning
from steward.store import Store, Transaction, instant_of, kv
from steward.text.recurrence.rule import RecurrenceRule

A_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)
NEVER_AGAIN = BadEvent("That series has ended.", remedy="`/events list` shows the others.")
OF_THE_PLAN = BadEvent(
    "That event is part of the weekly plan.",
    remedy="`/plan set` changes the plan; without `which` you change this time only.",
)


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """
    What a weekday holds.

    Attributes:
        weekday: Monday is 0.
        posted: when it is posted; a time of day not before the start is that of the day before.

    """

    weekday: int
    channel_id: int
    zone: ZoneInfo
    starts: time
    posted: time
    details: Details

    @property
    def lead(self) -> int:
        """Minutes between the post and the start, from one to a day."""
        minutes = (self.starts.hour - self.posted.hour) * 60 + self.starts.minute - self.posted.minute
        return minutes if minutes > 0 else minutes + 24 * 60


class WeeklyPlan:
    """The plans of all guilds."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def entries(self, guild_id: int) -> list[PlanEntry]:
        """Return a guild's plan, Monday first."""

        def work(tx: Transaction) -> list[PlanEntry]:
            kept = (_series(tx, guild_id, weekday) for weekday in range(7))
            return [_entry(series) for series in kept if series is not None]

        return await self._store.read(work)

    async def set(self, new_id: int, guild_id: int, organiser_id: int, entry: PlanEntry) -> Occurrence:
        """
        Plan a weekday anew, and return the next event that is not posted yet.

        Args:
            new_id: of the series, where the weekday had none; else of what was before, as a series of its own.

        """
        entry = replace(entry, details=entry.details.checked())

        def work(tx: Transaction) -> Occurrence:
            id_ = _id(tx, guild_id, entry.weekday)
            planned = None if id_ is None else series_of(tx, id_)
            old = planned if planned is not None or id_ is None else resume_series(tx, id_, organiser_id)
            today = tx.now.astimezone(entry.zone).date()
            if planned is None and old is not None:
                forget_skipped(tx, old, today)
            start = _first(entry, tx.now, set() if old is None else days_taken(tx, old, today))
            series = Series(
                old.id if old is not None else new_id,
                guild_id,
                entry.channel_id,
                organiser_id if planned is None else planned.organiser_id,
                entry.zone,
                start,
                RecurrenceRule.weekly(start).text,
                entry.lead,
                entry.details,
            )
            if old is None:
                add_series(tx, series)
            else:
                plan_anew(tx, old, series, new_id)
            kv.put(tx, _key(guild_id, entry.weekday), str(series.id))
            first = planning.begin(tx, series)
            if first is None:  # a weekly series has no end
                raise BadEvent("All of its times have passed.", remedy="Try another time.")
            return first

        return await self._store.write(work)

    async def clear(self, guild_id: int, weekday: int) -> None:
        """Plan nothing for a weekday any more; what is posted stays. Raises `BadEvent` if nothing is planned."""

        def work(tx: Transaction) -> None:
            series = _series(tx, guild_id, weekday)
            if series is None:
                raise BadEvent("Nothing is planned for that day.", remedy="`/plan show` shows the plan.")
            for id_ in part_ids(tx, series.id):
                forget_planned(tx, id_)
            end_series(tx, series.id)

        await self._store.write(work)


def series_to_change(tx: Transaction, event: Occurrence) -> Series:
    """
    Return the series of an occurrence, which is about to be changed as a whole.

    Raises `BadEvent` if it has ended, or the weekly plan says what it is.
    """
    series = series_of(tx, event.event_id)
    if series is None:
        raise NEVER_AGAIN
    if str(series.part_of or series.id) in kv.under(tx, _prefix(series.guild_id)).values():
        raise OF_THE_PLAN
    return series


def _series(tx: Transaction, guild_id: int, weekday: int) -> Series | None:
    id_ = _id(tx, guild_id, weekday)
    return None if id_ is None else series_of(tx, id_)


def _id(tx: Transaction, guild_id: int, weekday: int) -> int | None:
    """Return the id of what is, or was, planned for a weekday: its days are known by it when it is planned again."""
    kept = kv.get(tx, _key(guild_id, weekday))
    return None if kept is None else int(kept)


def _entry(series: Series) -> PlanEntry:
    posted = series.start - timedelta(minutes=series.lead)
    return PlanEntry(
        series.start.weekday(),
        series.channel_id,
        series.zone,
        series.start.time(),
        posted.time(),
        series.details,
    )


def _first(entry: PlanEntry, now: datetime, taken: set[date]) -> datetime:
    """Return the first start that lies ahead, on a day that has had no event of this weekday yet."""
    today = now.astimezone(entry.zone).date()
    start = datetime.combine(today + A_DAY * ((entry.weekday - today.weekday()) % 7), entry.starts)
    while instant_of(start, entry.zone) <= now or start.date() in taken:
        start += A_WEEK
    return start


def _key(guild_id: int, weekday: int) -> str:
    return f"{_prefix(guild_id)}{weekday}"


def _prefix(guild_id: int) -> str:
    return f"events.plan.{guild_id}."
