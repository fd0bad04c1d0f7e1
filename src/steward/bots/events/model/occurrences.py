"""Occurrences of series, in SQL. The functions are units of work, or parts of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from steward.bots.events.model.details import BadEvent, Details, decoded
from steward.bots.events.model.series import NEVER, Series, read_wall, revised, searched, wall_text
from steward.runtime.wall_time import wall_of
from steward.store import Row, Transaction, Value, from_millis, instant_of, to_millis
from steward.store.desired import desired
from steward.store.due import due

OCCURRENCES = (
    "SELECT o.id, o.event_id, o.guild_id, o.original_wall, o.starts_at, o.ends_at, o.state, o.channel_id,"
    " d.ref AS message_id, o.revision, o.posts, o.details AS own_details, e.details AS series_details, e.organiser_id,"
    " e.zone, e.rule, o.version + e.version AS version, o.revised_at AS own_revised_at,"
    " e.revised_at AS series_revised_at, o.arrivals"
    " FROM event_occurrences o JOIN events e ON e.id = o.event_id"
    " LEFT JOIN desired d ON d.kind = 'event_post' AND d.number = o.id"
)
"""What `read_occurrence` reads."""
NO_SERIES = 0
"""The series of what is no occurrence any more."""
GONE = BadEvent("That event isn't there any more.", remedy="`/events list` shows those that are.")


class State(StrEnum):
    """How far an occurrence has come."""

    PLANNED = "planned"
    POSTED = "posted"
    CANCELLED = "cancelled"
    OVER = "over"


class DisplayKind(StrEnum):
    """What shows an occurrence on Discord: the kinds of its rows in `desired`."""

    POST = "event_post"
    LEFT = "event_left"
    THREAD = "event_thread"
    NATIVE = "event_native"


class MomentKind(StrEnum):
    """What happens to an occurrence at a time: the kinds of its rows in `due`."""

    POST = "event_post"
    REMIND = "event_remind"
    CLOSE = "event_close"
    START = "event_start"
    END = "event_end"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """
    One time that an event takes place.

    Attributes:
        original: when the series has it, on the wall clock: its name, wherever it is moved.
        message_id: its post; None where that was deleted, or is not there yet.
        posts: how often it was posted: 0 before it was, more than 1 in place of posts that were deleted or left.
        version: how often it or its series was changed; the `SEQUENCE` of calendars.
        arrivals: the number of the last answer, in the order in which they came; also one that changed nothing has one.

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
    posts: int = 0
    version: int = 0
    revised_at: datetime = NEVER
    arrivals: int = 0

    @property
    def wall(self) -> datetime:
        """When it begins, on the clock of its zone."""
        return wall_of(self.starts_at, self.zone)

    @property
    def closes_at(self) -> datetime:
        """When answers are no longer taken."""
        return self.starts_at - timedelta(minutes=self.details.cutoff)

    @property
    def post_key(self) -> str:
        """Name the message that is its post, in the outbox; one in place of another has another."""
        return f"event:{self.id}:post:{self.posts - 1}" if self.posts > 1 else f"event:{self.id}"

    def is_open(self, now: datetime) -> bool:
        """Return whether it is yet to take place, or does."""
        return self.state in {State.PLANNED, State.POSTED} and now < self.ends_at


def give_away(tx: Transaction, event_id: int, to_id: int, *, before: datetime) -> None:
    """Have the occurrences of a series ahead of a wall time belong to another series."""
    sql = "UPDATE event_occurrences SET event_id = ? WHERE event_id = ? AND original_wall < ?"
    tx.execute(sql, (to_id, event_id, wall_text(before)))


def give_away_one(tx: Transaction, occurrence_id: int, to_id: int) -> None:
    """Have an occurrence belong to another series."""
    tx.execute("UPDATE event_occurrences SET event_id = ? WHERE id = ?", (to_id, occurrence_id))


def rename(tx: Transaction, occurrence_id: int, original: datetime) -> None:
    """Have an occurrence stand for another time of its series."""
    sql = "UPDATE event_occurrences SET original_wall = ? WHERE id = ?"
    tx.execute(sql, (wall_text(original), occurrence_id))


def move_planned(tx: Transaction, event_id: int, channel_id: int) -> None:
    """Have what is not posted yet of a series posted in another channel."""
    sql = "UPDATE event_occurrences SET channel_id = ? WHERE event_id = ? AND state = 'planned'"
    tx.execute(sql, (channel_id, event_id))


def forget_planned(tx: Transaction, event_id: int) -> None:
    """Drop the occurrences of a series that are not posted yet, with all that belongs to them."""
    for (id_,) in tx.all("SELECT id FROM event_occurrences WHERE event_id = ? AND state = 'planned'", (event_id,)):
        forget_occurrence(tx, id_)


def forget_occurrence(tx: Transaction, occurrence_id: int) -> None:
    """Drop an occurrence that is not posted yet, with all that belongs to it."""
    row = tx.one("SELECT event_id, version FROM event_occurrences WHERE id = ?", (occurrence_id,))
    if row is not None and row["version"]:  # kept anew, it has no lower number
        revised(tx, row["event_id"], row["version"])
    due.forget(tx, tuple(MomentKind), occurrence_id)
    tx.execute("DELETE FROM event_answers WHERE occurrence_id = ?", (occurrence_id,))
    tx.execute("DELETE FROM event_tallies WHERE occurrence_id = ?", (occurrence_id,))
    drop(tx, occurrence_id)


def drop(tx: Transaction, occurrence_id: int) -> int:
    """
    Delete the row of an occurrence, and return how many rows went; its number is given to no other.

    Buttons, drafts and choices in Discord still name it. SQLite, and every engine after a backup was put back, goes on
    from the greatest number that is there: that one stays behind in a row of no series, until there is a greater.
    """
    last = tx.value("SELECT MAX(id) FROM event_occurrences")
    deleted = tx.execute("DELETE FROM event_occurrences WHERE event_id = ? AND id < ?", (NO_SERIES, last))
    deleted += tx.execute("DELETE FROM event_occurrences WHERE id = ?", (occurrence_id,))
    deleted += desired.forget(tx, tuple(DisplayKind), occurrence_id)
    if occurrence_id == last:
        row = {"id": last, "event_id": NO_SERIES, "guild_id": 0, "original_wall": str(last), "channel_id": 0}
        tx.insert_new("event_occurrences", row | {"starts_at": 0, "ends_at": 0, "state": State.CANCELLED.value})
    return deleted


def add_occurrence(tx: Transaction, series: Series, original: datetime) -> Occurrence:
    """Keep an occurrence of a series, or find the one that is kept: it may have been moved or cancelled."""
    starts_at = instant_of(original, series.zone)
    row = {
        "event_id": series.id,
        "guild_id": series.guild_id,
        "original_wall": wall_text(original),
        "starts_at": to_millis(starts_at),
        "ends_at": to_millis(starts_at + timedelta(minutes=series.details.minutes)),
        "state": State.PLANNED.value,
        "channel_id": series.channel_id,
        "title": searched(series.details),
    }
    tx.insert_new("event_occurrences", row)
    sql = f"{OCCURRENCES} WHERE o.event_id = ? AND o.original_wall = ?"
    found = tx.one(sql, (series.id, wall_text(original)))
    assert found is not None  # noqa: S101 - it was inserted, or had been
    return read_occurrence(found)


def occurrence(tx: Transaction, occurrence_id: int, guild_id: int | None = None) -> Occurrence:
    """
    Return an occurrence.

    Args:
        guild_id: the guild that asks, which has no other's; None where Steward itself does.

    Raises:
        BadEvent: there is none of that id.

    """
    row = tx.one(f"{OCCURRENCES} WHERE o.id = ?", (occurrence_id,))
    if row is None or guild_id not in {None, row["guild_id"]}:
        raise GONE
    return read_occurrence(row)


def is_kept(tx: Transaction, event_id: int, original: datetime) -> bool:
    """Return whether a time of a series is kept as an occurrence, whatever became of it."""
    sql = "SELECT 1 FROM event_occurrences WHERE event_id = ? AND original_wall = ?"
    return tx.value(sql, (event_id, wall_text(original))) is not None


def set_state(tx: Transaction, occurrence_id: int, state: State) -> None:
    """Note how far an occurrence has come; its post shows it."""
    was = tx.value("SELECT state FROM event_occurrences WHERE id = ?", (occurrence_id,))
    _set(tx, occurrence_id, state=state.value)
    if State.CANCELLED in {state, was}:  # calendars show no other state
        _revised(tx, occurrence_id)


def set_time(tx: Transaction, occurrence_id: int, starts_at: datetime, ends_at: datetime) -> None:
    """Move an occurrence; its post shows it."""
    _set(tx, occurrence_id, starts_at=to_millis(starts_at), ends_at=to_millis(ends_at))
    _revised(tx, occurrence_id)


def set_details(tx: Transaction, occurrence_id: int, details: Details) -> None:
    """Give an occurrence details of its own; its post shows them."""
    _set(tx, occurrence_id, details=details.encoded(), title=searched(details))
    _revised(tx, occurrence_id)


def _revised(tx: Transaction, occurrence_id: int) -> None:
    """Note that an occurrence was changed: its entry in calendars has a higher number now."""
    sql = "UPDATE event_occurrences SET version = version + 1, revised_at = ? WHERE id = ?"
    tx.execute(sql, (tx.now_ms, occurrence_id))


def touch(tx: Transaction, occurrence_id: int) -> None:
    """Note that a post is to show something else."""
    _set(tx, occurrence_id)


def _set(tx: Transaction, occurrence_id: int, **values: Value) -> None:
    changes = "".join(f"{column} = ?, " for column in values)
    sql = f"UPDATE event_occurrences SET {changes}revision = revision + 1 WHERE id = ?"  # noqa: S608 - ours
    tx.execute(sql, (*values.values(), occurrence_id))
    desired.mark(tx, DisplayKind.POST, occurrence_id)


def set_channel(tx: Transaction, occurrence_id: int, channel_id: int) -> None:
    """Have an occurrence posted in a channel from now on."""
    tx.execute("UPDATE event_occurrences SET channel_id = ? WHERE id = ?", (channel_id, occurrence_id))


def begin_post(tx: Transaction, occurrence_id: int) -> Occurrence:
    """Return an occurrence that is posted, or posted anew, by the message of its `post_key`, which is put after it."""
    set_state(tx, occurrence_id, State.POSTED)
    tx.execute("UPDATE event_occurrences SET posts = posts + 1 WHERE id = ?", (occurrence_id,))
    event = occurrence(tx, occurrence_id)
    lane = event.channel_id
    desired.promise(tx, DisplayKind.POST, event.id, guild_id=event.guild_id, lane=lane, key=event.post_key)
    return event


def read_occurrence(row: Row) -> Occurrence:
    """Make an occurrence of a row of `OCCURRENCES`."""
    return Occurrence(
        id=row["id"],
        event_id=row["event_id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        message_id=row["message_id"],
        organiser_id=row["organiser_id"],
        zone=ZoneInfo(row["zone"]),
        original=read_wall(row["original_wall"]),
        starts_at=from_millis(row["starts_at"]),
        ends_at=from_millis(row["ends_at"]),
        state=State(row["state"]),
        recurs=row["rule"] is not None,
        details=decoded(row["series_details"] if row["own_details"] is None else row["own_details"]),
        differs=row["own_details"] is not None,
        revision=row["revision"],
        posts=row["posts"],
        version=row["version"],
        revised_at=from_millis(max(row["own_revised_at"], row["series_revised_at"])),
        arrivals=row["arrivals"],
    )
