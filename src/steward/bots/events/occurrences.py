"""Series and their occurrences, in SQL. The functions are units of work, or parts of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from steward.bots.events.details import LONGEST_MINUTES, BadEvent, Details, decoded
from steward.store import Row, Transaction, from_millis, instant_of, to_millis

LONGEST = timedelta(minutes=LONGEST_MINUTES)
"""No event takes longer, so that the index on the start bounds what is looked at."""

WALL = "%Y-%m-%dT%H:%M"

_COLUMNS = (
    "o.id, o.event_id, o.guild_id, o.original_wall, o.starts_at, o.ends_at, o.state, o.channel_id, o.message_id,"
    " o.revision, o.shown, o.reposts, o.details AS own_details, e.details AS series_details, e.organiser_id, e.zone,"
    " e.rule"
)
_JOINED = "event_occurrences o JOIN events e ON e.id = o.event_id"
GONE = BadEvent("That event is not there any more.", remedy="See /events list for those that are.")


class State(StrEnum):
    """How far an occurrence has come."""

    PLANNED = "planned"
    POSTED = "posted"
    CANCELLED = "cancelled"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Series:
    """
    An event as it was made: once, or by a rule again and again.

    Attributes:
        id: of the interaction that made it, so that the same one makes it once.
        guild_id: whose.
        channel_id: where it is posted.
        organiser_id: who made it.
        zone: whose wall clock it keeps.
        start: when it begins for the first time, on that clock.
        rule: by which it recurs (RFC 5545); None for once.
        lead: minutes between the post and the start, on that clock; 0 to post the next one as soon as possible.
        details: what it is.

    """

    id: int
    guild_id: int
    channel_id: int
    organiser_id: int
    zone: ZoneInfo
    start: datetime
    rule: str | None
    lead: int
    details: Details


@dataclass(frozen=True, slots=True)
class Occurrence:
    """
    One time that an event takes place.

    Attributes:
        original: when the series has it, on the wall clock: its name, wherever it is moved.
        starts_at: when it begins, an instant.
        ends_at: when it is over, an instant.
        details: its own, or those of the series.
        differs: whether they are its own.
        revision: of what its post should show.
        shown: the revision that it does show; -1 before it was put up.
        reposts: how often it was posted anew, in place of a post that was deleted.

    """

    id: int
    event_id: int
    guild_id: int
    channel_id: int
    message_id: int | None
    organiser_id: int
    zone: ZoneInfo
    original: datetime
    starts_at: datetime
    ends_at: datetime
    state: State
    recurs: bool
    details: Details
    differs: bool
    revision: int
    shown: int
    reposts: int = 0

    @property
    def closes_at(self) -> datetime:
        """When answers are no longer taken."""
        return self.starts_at - timedelta(minutes=self.details.cutoff)

    def is_open(self, now: datetime) -> bool:
        """Return whether it is yet to take place, or does."""
        return self.state in {State.PLANNED, State.POSTED} and now < self.ends_at


def add_series(tx: Transaction, series: Series) -> bool:
    """Keep a new series; return False if it is kept already: Discord told of the same interaction twice."""
    row = {
        "id": series.id,
        "guild_id": series.guild_id,
        "channel_id": series.channel_id,
        "organiser_id": series.organiser_id,
        "zone": series.zone.key,
        "start_wall": series.start.strftime(WALL),
        "rule": series.rule,
        "lead_minutes": series.lead,
        "details": series.details.encoded(),
        "created_at": tx.now_ms,
    }
    return tx.insert_new("events", row)


def series_of(tx: Transaction, event_id: int) -> Series | None:
    """Return a series that has not ended."""
    row = tx.one("SELECT * FROM events WHERE id = ? AND ended_at IS NULL", (event_id,))
    return None if row is None else _series(row)


def keep_details(tx: Transaction, series: Series, before: datetime) -> None:
    """Have the occurrences ahead of a wall time keep what the series is now, whatever becomes of it."""
    sql = "UPDATE event_occurrences SET details = ? WHERE event_id = ? AND details IS NULL AND original_wall < ?"
    tx.execute(sql, (series.details.encoded(), series.id, before.strftime(WALL)))


def replace_details(tx: Transaction, event_id: int, details: Details) -> None:
    """Change what a series is; occurrences with details of their own keep them."""
    tx.execute("UPDATE events SET details = ? WHERE id = ?", (details.encoded(), event_id))


def replace_series(tx: Transaction, series: Series) -> None:
    """Change when and where a series takes place and what it is; what is kept of it stays as it is."""
    tx.execute(
        "UPDATE events SET channel_id = ?, zone = ?, start_wall = ?, rule = ?, lead_minutes = ?, details = ?"
        " WHERE id = ?",
        (
            series.channel_id,
            series.zone.key,
            series.start.strftime(WALL),
            series.rule,
            series.lead,
            series.details.encoded(),
            series.id,
        ),
    )


def move_planned(tx: Transaction, event_id: int, channel_id: int) -> None:
    """Have what is not posted yet of a series posted in another channel."""
    sql = "UPDATE event_occurrences SET channel_id = ? WHERE event_id = ? AND state = 'planned'"
    tx.execute(sql, (channel_id, event_id))


def forget_planned(tx: Transaction, event_id: int) -> None:
    """Drop the occurrences of a series that are not posted yet, with all that belongs to them."""
    for (id_,) in tx.all("SELECT id FROM event_occurrences WHERE event_id = ? AND state = 'planned'", (event_id,)):
        tx.execute("DELETE FROM event_moments WHERE occurrence_id = ?", (id_,))
        tx.execute("DELETE FROM event_answers WHERE occurrence_id = ?", (id_,))
        tx.execute("DELETE FROM event_occurrences WHERE id = ?", (id_,))


def end_series(tx: Transaction, event_id: int) -> None:
    """End a series: nothing more is planned."""
    tx.execute("UPDATE events SET ended_at = ? WHERE id = ? AND ended_at IS NULL", (tx.now_ms, event_id))


def add_occurrence(tx: Transaction, series: Series, original: datetime) -> Occurrence:
    """Keep an occurrence of a series, or find the one that is kept: it may have been moved or cancelled."""
    starts_at = instant_of(original, series.zone)
    row = {
        "event_id": series.id,
        "guild_id": series.guild_id,
        "original_wall": original.strftime(WALL),
        "starts_at": to_millis(starts_at),
        "ends_at": to_millis(starts_at + timedelta(minutes=series.details.minutes)),
        "state": State.PLANNED.value,
        "channel_id": series.channel_id,
    }
    tx.insert_new("event_occurrences", row)
    sql = f"SELECT {_COLUMNS} FROM {_JOINED} WHERE o.event_id = ? AND o.original_wall = ?"  # noqa: S608
    found = tx.one(sql, (series.id, original.strftime(WALL)))
    assert found is not None  # noqa: S101 - it was inserted, or had been
    return _occurrence(found)


def occurrence(tx: Transaction, occurrence_id: int) -> Occurrence:
    """
    Return an occurrence.

    Raises:
        BadEvent: there is none of that id.

    """
    row = tx.one(f"SELECT {_COLUMNS} FROM {_JOINED} WHERE o.id = ?", (occurrence_id,))  # noqa: S608
    if row is None:
        raise GONE
    return _occurrence(row)


def occurrences_of(tx: Transaction, event_id: int, since: datetime) -> list[Occurrence]:
    """Return the occurrences of a series that are kept and end after an instant, the earliest first."""
    sql = f"SELECT {_COLUMNS} FROM {_JOINED} WHERE o.event_id = ? AND o.ends_at > ? ORDER BY o.starts_at, o.id"  # noqa: S608
    return [_occurrence(row) for row in tx.all(sql, (event_id, to_millis(since)))]


def upcoming(tx: Transaction, guild_id: int, since: datetime, *, limit: int) -> list[Occurrence]:
    """Return what is planned or posted in a guild and ends after an instant, the earliest first."""
    sql = (
        f"SELECT {_COLUMNS} FROM {_JOINED} WHERE o.guild_id = ? AND o.starts_at > ? AND o.ends_at > ?"  # noqa: S608
        " AND o.state IN ('planned', 'posted') ORDER BY o.starts_at, o.id LIMIT ?"
    )
    return [_occurrence(row) for row in tx.all(sql, (guild_id, to_millis(since - LONGEST), to_millis(since), limit))]


def to_take_place(tx: Transaction, begin: datetime, end: datetime) -> list[Occurrence]:
    """Return what was posted and takes place at some time in `[begin, end)`, in all guilds."""
    sql = (
        f"SELECT {_COLUMNS} FROM {_JOINED} WHERE o.state IN ('posted', 'over') AND o.starts_at > ?"  # noqa: S608
        " AND o.starts_at < ? AND o.ends_at > ?"
    )
    earliest = begin - LONGEST
    return [_occurrence(row) for row in tx.all(sql, (to_millis(earliest), to_millis(end), to_millis(begin)))]


def kept_between(
    tx: Transaction, guild_id: int, begin: datetime, end: datetime, *, event_id: int | None = None, limit: int
) -> list[Occurrence]:
    """Return what is kept of a guild, or of one event there, and begins in `[begin, end]`, the earliest first."""
    only = "" if event_id is None else " AND o.event_id = ?"
    sql = (
        f"SELECT {_COLUMNS} FROM {_JOINED} WHERE o.guild_id = ? AND o.starts_at BETWEEN ? AND ?{only}"  # noqa: S608
        " ORDER BY o.starts_at, o.id LIMIT ?"
    )
    which = () if event_id is None else (event_id,)
    return [_occurrence(row) for row in tx.all(sql, (guild_id, to_millis(begin), to_millis(end), *which, limit))]


def originals_since(tx: Transaction, guild_id: int, wall: str) -> set[tuple[int, str]]:
    """Return which times of which series are kept in a guild, from a wall time on, wherever they were moved."""
    sql = "SELECT event_id, original_wall FROM event_occurrences WHERE guild_id = ? AND original_wall >= ?"
    return {(event_id, original) for event_id, original in tx.all(sql, (guild_id, wall))}


def running(tx: Transaction, guild_id: int, *, event_id: int | None = None, limit: int) -> list[Series]:
    """Return the series of a guild that have not ended, or the one of that id."""
    only = "" if event_id is None else " AND id = ?"
    sql = f"SELECT * FROM events WHERE guild_id = ? AND ended_at IS NULL{only} ORDER BY id LIMIT ?"  # noqa: S608
    return [_series(row) for row in tx.all(sql, (guild_id, *(() if event_id is None else (event_id,)), limit))]


def ended_between(tx: Transaction, guild_id: int, begin: datetime, end: datetime, *, limit: int) -> list[Occurrence]:
    """Return what took place in a guild and ended in `[begin, end)`, the earliest first."""
    sql = (
        f"SELECT {_COLUMNS} FROM {_JOINED} WHERE o.guild_id = ? AND o.starts_at >= ? AND o.starts_at < ?"  # noqa: S608
        " AND o.ends_at >= ? AND o.ends_at < ? AND o.state IN ('posted', 'over') ORDER BY o.starts_at, o.id LIMIT ?"
    )
    first, last = to_millis(begin), to_millis(end)
    rows = tx.all(sql, (guild_id, to_millis(begin - LONGEST), last, first, last, limit))
    return [_occurrence(row) for row in rows]


def to_be_shown(tx: Transaction) -> list[int]:
    """Return the ids of occurrences whose posts do not show what they should, or are not known by their message."""
    sql = (
        "SELECT id FROM event_occurrences WHERE shown >= 0"
        " AND (shown < revision OR (state = 'posted' AND message_id IS NULL)) ORDER BY id"
    )
    return [row[0] for row in tx.all(sql)]


def set_state(tx: Transaction, occurrence_id: int, state: State) -> None:
    """Note how far an occurrence has come; its post shows it."""
    tx.execute(
        "UPDATE event_occurrences SET state = ?, revision = revision + 1 WHERE id = ?", (state.value, occurrence_id)
    )


def set_time(tx: Transaction, occurrence_id: int, starts_at: datetime, ends_at: datetime) -> None:
    """Move an occurrence; its post shows it."""
    tx.execute(
        "UPDATE event_occurrences SET starts_at = ?, ends_at = ?, revision = revision + 1 WHERE id = ?",
        (to_millis(starts_at), to_millis(ends_at), occurrence_id),
    )


def set_details(tx: Transaction, occurrence_id: int, details: Details) -> None:
    """Give an occurrence details of its own; its post shows them."""
    tx.execute(
        "UPDATE event_occurrences SET details = ?, revision = revision + 1 WHERE id = ?",
        (details.encoded(), occurrence_id),
    )


def touch(tx: Transaction, occurrence_id: int) -> None:
    """Note that a post is to show something else."""
    tx.execute("UPDATE event_occurrences SET revision = revision + 1 WHERE id = ?", (occurrence_id,))


def start_anew(tx: Transaction, occurrence_id: int, channel_id: int) -> None:
    """Forget the post of an occurrence, so that another takes its place."""
    tx.execute(
        "UPDATE event_occurrences SET message_id = NULL, reposts = reposts + 1, channel_id = ? WHERE id = ?",
        (channel_id, occurrence_id),
    )


def set_message(tx: Transaction, occurrence_id: int, message_id: int | None) -> None:
    """Note which message is the post; None for none any more."""
    tx.execute("UPDATE event_occurrences SET message_id = ? WHERE id = ?", (message_id, occurrence_id))


def set_shown(tx: Transaction, occurrence_id: int, revision: int) -> bool:
    """Note which revision a post shows; False if another process has shown a newer one meanwhile."""
    tx.execute("UPDATE event_occurrences SET shown = ? WHERE id = ? AND shown < ?", (revision, occurrence_id, revision))
    shown = tx.value("SELECT shown FROM event_occurrences WHERE id = ?", (occurrence_id,))
    return shown is None or int(shown) <= revision


def _series(row: Row) -> Series:
    return Series(
        id=row["id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        organiser_id=row["organiser_id"],
        zone=ZoneInfo(row["zone"]),
        start=datetime.strptime(row["start_wall"], WALL),  # noqa: DTZ007 - a wall time has no zone
        rule=row["rule"],
        lead=row["lead_minutes"],
        details=decoded(row["details"]),
    )


def _occurrence(row: Row) -> Occurrence:
    return Occurrence(
        id=row["id"],
        event_id=row["event_id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        message_id=row["message_id"],
        organiser_id=row["organiser_id"],
        zone=ZoneInfo(row["zone"]),
        original=datetime.strptime(row["original_wall"], WALL),  # noqa: DTZ007 - a wall time has no zone
        starts_at=from_millis(row["starts_at"]),
        ends_at=from_millis(row["ends_at"]),
        state=State(row["state"]),
        recurs=row["rule"] is not None,
        details=decoded(row["series_details"] if row["own_details"] is None else row["own_details"]),
        differs=row["own_details"] is not None,
        revision=row["revision"],
        shown=row["shown"],
        reposts=row["reposts"],
    )
