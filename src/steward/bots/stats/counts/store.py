"""The statistics bot's tables: member events and counts, in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from steward.bots.stats.counts.facts import EventKind, GuildCounts, MemberEvent, StreamPlace, Summary
from steward.bots.stats.history.calendar import HOUR_MS, Calendars, Level
from steward.bots.stats.history.gauges import Gauges
from steward.bots.stats.intake import gaps
from steward.bots.stats.intake.gaps import Gap
from steward.store import Row, Store, Transaction, from_millis, to_millis


@dataclass(slots=True)
class Mark:
    """The counts of one guild where reading stopped, None where unknown; the next process goes on from them."""

    members: int | None
    bans: int | None

    def follow(self, event: MemberEvent) -> None:
        """Move by an event that has been told since."""
        step = event.kind.step
        if event.kind in (EventKind.BAN, EventKind.UNBAN):
            self.bans = None if self.bans is None else self.bans + step
        else:
            self.members = None if self.members is None else self.members + step


def keep_marks(tx: Transaction, marks: Mapping[int, Mark]) -> None:
    """Write marks down, by guild, in the transaction that keeps the place they belong to."""
    for guild_id, mark in marks.items():
        tx.upsert("stats_marks", key={"guild_id": guild_id}, values={"members": mark.members, "bans": mark.bans})


def recall_marks(tx: Transaction) -> dict[int, Mark]:
    """Return the marks of the last process, by guild."""
    rows = tx.all("SELECT guild_id, members, bans FROM stats_marks")
    return {guild_id: Mark(members, bans) for guild_id, members, bans in rows}


NAMES_KEPT = 64
_KINDS = frozenset(kind.value for kind in EventKind)  # a later version may have kept others
COLUMNS = ("guild_id", "kind", "user_id", "name", "at", "origin")
_EVENTS = f"SELECT {', '.join(COLUMNS)} FROM member_events"  # noqa: S608 - ours
TOPIC = "member_events"
"""Announced whenever events were written."""

_MILLISECOND = timedelta(milliseconds=1)
AUDITED = "audit:"
TOLD_WITHIN_MS = 60_000  # between our clock and Discord's, and on the way


class StatsStore:
    """
    Reads and writes the statistics of all guilds.

    Args:
        gauges: keeps the counts of each moment; by UTC days where none is given.

    """

    def __init__(self, store: Store, gauges: Gauges | None = None) -> None:
        self._store = store
        self._gauges = Gauges(store, Calendars()) if gauges is None else gauges
        self._insert = store.dialect.insert_new("member_events", COLUMNS)

    async def record(
        self, events: Sequence[MemberEvent], place: StreamPlace | None = None, counts: Mapping[int, Mark] | None = None
    ) -> None:
        """
        Keep these events and how far they were read, durably, in one transaction; those kept are passed over.

        What the database refuses for its content is skipped: then the rest is written in parts, the place at last.

        Args:
            events: in the order in which they were told. One from the audit log is passed over, too, if the gateway
                has told it: a ban is in both.
            place: how far they were read.
            counts: of the guilds that have changed, at that place.

        """
        counts = counts or {}
        try:
            await self._write(events, place, counts)
        except Exception as error:
            if not self._store.is_content_error(error):
                raise
            skipper = self._store.skipper
            await skipper.write("member event", events, self._write, ids=_ids)
            await skipper.write("counts", tuple(counts.items()), self._write_counts, ids=lambda one: one[0])
            await self._write((), place, {})

    async def _write_counts(self, counts: Sequence[tuple[int, Mark]]) -> None:
        await self._store.write(lambda tx: keep_marks(tx, dict(counts)))

    async def _write(
        self, events: Sequence[MemberEvent], place: StreamPlace | None = None, counts: Mapping[int, Mark] | None = None
    ) -> None:
        rows = [
            (
                event.guild_id,
                event.kind.value,
                event.user_id,
                event.name[:NAMES_KEPT],
                to_millis(event.at),
                event.origin,
            )
            for event in events
        ]
        audited = any(event.origin.startswith(AUDITED) for event in events)
        insert = self._insert

        def work(tx: Transaction) -> None:
            tx.executemany(insert, [row for row in rows if not _is_told(tx, row)] if audited else rows)
            if rows:
                tx.notify(TOPIC)
            if place is not None:
                place.keep(tx)
                keep_marks(tx, counts or {})

        await self._store.write(work)

    async def last(self, span: timedelta, now: datetime) -> list[MemberEvent]:
        """Return the events of all guilds of the span before the newest, as they were kept; what lies ahead counts."""
        sql = f"{_EVENTS} WHERE at >= ? ORDER BY id"

        def work(tx: Transaction) -> list[Row]:
            newest = tx.value("SELECT MAX(at) FROM member_events")
            return [] if newest is None else tx.all(sql, (min(newest, to_millis(now)) - span // _MILLISECOND,))

        events = []
        for row in await self._store.read(work):
            with suppress(ValueError):  # kept by another version; nothing repeats it
                events.append(_event(row))
        return events

    async def marks(self) -> dict[int, Mark]:
        """Return the counts at the place where the last process stopped reading, by guild."""
        return await self._store.read(recall_marks)

    async def mark_gaps(self, missing: Sequence[Gap]) -> None:
        """Keep times of which nobody has told."""
        await gaps.mark(self._store, missing)

    async def gaps_filled(self, filled: Sequence[Gap]) -> None:
        """Note that all that can be known of gaps is kept."""
        await self._store.write(lambda tx: gaps.fill(tx, filled))

    async def guilds_with_unfilled_gaps(self, since: datetime) -> list[int]:
        """Return the guilds that have gaps since then that are yet to be filled."""
        return await self._store.read(lambda tx: gaps.unfilled_guilds(tx, since))

    async def unfilled_gaps(self, guild_id: int, since: datetime) -> list[Gap]:
        """Return the gaps of a guild since then that are yet to be filled, in order of time."""
        return await self._store.read(lambda tx: gaps.unfilled(tx, guild_id, since))

    async def gaps(self, guild_id: int, begin: datetime, end: datetime) -> tuple[Gap, ...]:
        """Return the times of which nobody has told a guild, as far as they touch `[begin, end)`."""
        return await self._store.read(lambda tx: gaps.overlapping(tx, guild_id, begin, end))

    def sample(self, counts: GuildCounts, at: datetime) -> None:
        """Keep the counts of one moment, some seconds later, together with others."""
        self._gauges.sample(counts, at)

    async def flush(self) -> None:
        """Write the samples that are waiting."""
        await self._gauges.flush()

    async def counts_between(self, guild_id: int, begin: datetime, end: datetime) -> dict[EventKind, int]:
        """Count the events of each kind in `[begin, end)`."""
        return await self._store.read(lambda tx: _counts(tx, guild_id, begin, end))

    async def latest(self, guild_id: int, kind: EventKind, limit: int) -> list[MemberEvent]:
        """Return the newest events of a kind, the newest first."""
        sql = f"{_EVENTS} WHERE guild_id = ? AND kind = ? ORDER BY at DESC, id DESC LIMIT ?"
        rows = await self._store.read(lambda tx: tx.all(sql, (guild_id, kind.value, limit)))
        return [_event(row) for row in rows]

    async def summary(self, guild_id: int, begin: datetime, end: datetime, *, names: int) -> Summary:
        """Sum up `[begin, end)`, with so many names of each kind."""

        def work(tx: Transaction) -> Summary:
            return Summary(
                begin,
                end,
                counts=_counts(tx, guild_id, begin, end),
                names={kind: _names(tx, guild_id, kind, (begin, end), names) for kind in EventKind},
                members=_members_at(tx, guild_id, end),
                members_before=_members_at(tx, guild_id, begin),
                peak_online=_peak_online(tx, guild_id, to_millis(begin), to_millis(end)),
                gaps=gaps.overlapping(tx, guild_id, begin, end),
            )

        return await self._store.read(work)


def _event(row: Row) -> MemberEvent:
    guild_id, kind, user_id, name, at, origin = row
    return MemberEvent(guild_id, EventKind(kind), user_id, name, from_millis(at), origin)


def _ids(event: MemberEvent) -> list[int]:
    return [event.guild_id, event.user_id]


def _is_told(tx: Transaction, row: tuple[int, str, int, str, int, str]) -> bool:
    """Tell whether the gateway has told an event of the audit log."""
    guild_id, kind, user_id, _, at, origin = row
    if not origin.startswith(AUDITED) or kind not in (EventKind.BAN, EventKind.UNBAN):
        return False
    around = (at - TOLD_WITHIN_MS, at + TOLD_WITHIN_MS)
    found = tx.value(
        "SELECT 1 FROM member_events WHERE guild_id = ? AND at BETWEEN ? AND ? AND user_id = ? AND kind = ? LIMIT 1",
        (guild_id, *around, user_id, kind),
    )
    return found is not None


def _counts(tx: Transaction, guild_id: int, begin: datetime, end: datetime) -> dict[EventKind, int]:
    rows = tx.all(
        "SELECT kind, COUNT(*) FROM member_events WHERE guild_id = ? AND at >= ? AND at < ? GROUP BY kind",
        (guild_id, to_millis(begin), to_millis(end)),
    )
    return dict.fromkeys(EventKind, 0) | {EventKind(kind): count for kind, count in rows if kind in _KINDS}


def _names(tx: Transaction, guild_id: int, kind: EventKind, span: tuple[datetime, datetime], limit: int) -> list[str]:
    rows = tx.all(
        "SELECT name FROM member_events WHERE guild_id = ? AND kind = ? AND at >= ? AND at < ? ORDER BY at, id LIMIT ?",
        (guild_id, kind.value, *map(to_millis, span), limit),
    )
    return [row[0] for row in rows]


def _peak_online(tx: Transaction, guild_id: int, begin: int, end: int) -> int | None:
    """Return the most that were online: by samples as long as they are kept, before that by whole hours."""
    sampled = "SELECT MAX(online) FROM guild_counts WHERE guild_id = ? AND at >= ? AND at < ?"
    hours = "SELECT MAX(peak_online) FROM stats_series WHERE guild_id = ? AND level = ? AND at >= ? AND at <= ?"
    peaks = (
        tx.value(sampled, (guild_id, begin, end)),
        tx.value(hours, (guild_id, Level.HOUR, begin, end - HOUR_MS)),
    )
    return max((peak for peak in peaks if peak is not None), default=None)


def _members_at(tx: Transaction, guild_id: int, at: datetime) -> int | None:
    """Return the last known count before `at`, or the first one after it where none was known."""
    millis = to_millis(at)
    samples = "SELECT at, members FROM guild_counts WHERE guild_id = ? AND at {} ? AND members IS NOT NULL"
    # What an hour says holds from its end on.
    hours = (
        f"SELECT at + {HOUR_MS}, members FROM stats_series WHERE guild_id = ? AND level = {Level.HOUR:d}"  # noqa: S608
        f" AND at {{}} ? - {HOUR_MS} AND members IS NOT NULL"
    )
    for compared, order, nearest in (("<=", "DESC", max), (">", "ASC", min)):
        rows = [
            tx.one(f"{sql.format(compared)} ORDER BY at {order} LIMIT 1", (guild_id, millis))
            for sql in (samples, hours)
        ]
        found = [tuple(row) for row in rows if row is not None]
        if found:
            return int(nearest(found)[1])
    return None
