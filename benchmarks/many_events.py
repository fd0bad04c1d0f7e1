"""A database with the events of a large community: 10,000 upcoming ones with 100,000 RSVPs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from steward.bots.events.model.details import Details
from steward.bots.events.model.series import WALL
from steward.store import Transaction, to_millis

EVENTS, ANSWERS = 10_000, 10
AN_HOUR = 3_600_000  # milliseconds


def keep_events(tx: Transaction, guild_id: int, users: Sequence[int], events: int = EVENTS) -> None:
    """Insert posted events of one server over the coming year, each with RSVPs of these users and its due items."""
    zone = ZoneInfo("Europe/Berlin")
    details = Details("Raid night", "Bring food", seats=40).encoded()
    begin = datetime.now(UTC) + timedelta(hours=1)
    starts = [begin + timedelta(minutes=50 * number) for number in range(events)]
    columns = (
        "id",
        "guild_id",
        "channel_id",
        "organiser_id",
        "zone",
        "start_wall",
        "lead_minutes",
        "details",
        "created_at",
    )
    tx.executemany(
        tx.dialect.insert_new("events", columns),
        [
            (number, guild_id, 5, 1, zone.key, at.astimezone(zone).strftime(WALL), 0, details, tx.now_ms)
            for number, at in enumerate(starts, 1)
        ],
    )
    occurrences = (
        "id",
        "event_id",
        "guild_id",
        "original_wall",
        "starts_at",
        "ends_at",
        "state",
        "channel_id",
        "title",
        "arrivals",
    )
    tx.executemany(
        tx.dialect.insert_new("event_occurrences", occurrences),
        [
            (
                number,
                number,
                guild_id,
                at.astimezone(zone).strftime(WALL),
                to_millis(at),
                to_millis(at) + AN_HOUR,
                "posted",
                5,
                "raid night",
                10,
            )
            for number, at in enumerate(starts, 1)
        ],
    )
    for number in range(1, events + 1):
        keep_answers(tx, number, users)
    due = ("kind", "number", "name", "guild_id", "at", "try_at")
    tx.executemany(
        tx.dialect.insert_new("due", due),
        [
            (kind, number, str(to_millis(at)), guild_id, to_millis(at) + after, to_millis(at) + after)
            for number, at in enumerate(starts, 1)
            for kind, after in (("event_start", 0), ("event_end", AN_HOUR))
        ],
    )


def keep_answers(tx: Transaction, occurrence_id: int, users: Sequence[int], *, seated: int | None = None) -> None:
    """Insert RSVPs of these users to an occurrence; `seated` of them have a seat, None for all."""
    answers = ("occurrence_id", "user_id", "name", "option_key", "arrival", "seated", "answered_at", "answered_by")
    number = len(users)
    seats = number if seated is None else seated
    tx.executemany(
        tx.dialect.insert_new("event_answers", answers),
        [
            (occurrence_id, user, f"member {place}", "yes", place, int(place < seats), tx.now_ms, user)
            for place, user in enumerate(users)
        ],
    )
    row = {"occurrence_id": occurrence_id, "option_key": "yes", "seated": seats, "waiting": number - seats}
    tx.insert_new("event_tallies", row)
    tx.execute("UPDATE event_occurrences SET arrivals = ? WHERE id = ?", (number, occurrence_id))
