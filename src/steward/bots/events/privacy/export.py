"""The tables that `/events export` writes."""

from __future__ import annotations

from collections.abc import Mapping

from steward.store.export.export import Table

_WHEN = {"starts_at": "o.starts_at"}
_ANSWERED = ("occurrence_id", "user_id")

TABLES: Mapping[str, Table] = {
    "events": Table(
        "events",
        "events",
        (
            "id",
            "channel_id",
            "organiser_id",
            "zone",
            "start_wall",
            "rule",
            "lead_minutes",
            "details",
            "created_at",
            "ended_at",
            "part_of",
        ),
        ("id",),
    ),
    "each time": Table(
        "times",
        "event_occurrences o LEFT JOIN desired d ON d.kind = 'event_post' AND d.number = o.id",
        ("id", "event_id", "original_wall", "starts_at", "ends_at", "state", "channel_id", "message_id", "details"),
        ("starts_at", "id"),
        "o.guild_id = ?",
        columns_of={"message_id": "d.ref"},
    ),
    "answers": Table(
        "answers",
        "event_occurrences o JOIN event_answers a ON a.occurrence_id = o.id",
        ("starts_at", *_ANSWERED, "name", "option_key", "arrival", "seated", "note", "answered_at", "answered_by_id"),
        ("starts_at", *_ANSWERED),
        "o.guild_id = ?",
        columns_of=_WHEN | {"occurrence_id": "o.id", "user_id": "a.user_id", "answered_by_id": "a.answered_by"},
    ),
    "attendance": Table(
        "attendance",
        "event_occurrences o JOIN event_attendance a ON a.occurrence_id = o.id",
        ("starts_at", *_ANSWERED, "millis"),
        ("starts_at", *_ANSWERED),
        "o.guild_id = ?",
        columns_of=_WHEN | {"occurrence_id": "o.id", "user_id": "a.user_id"},
    ),
    "polls": Table(
        "polls",
        "event_polls p JOIN event_poll_times t ON t.poll_id = p.id"
        " LEFT JOIN event_poll_votes v ON v.poll_id = p.id AND v.position = t.position",
        ("poll_id", "position", "user_id", "title", "state", "closes_at", "starts_at", "name"),
        ("poll_id", "position", "user_id"),
        "p.guild_id = ?",
        columns_of={
            "poll_id": "p.id",
            "position": "t.position",
            "user_id": "COALESCE(v.user_id, 0)",
            "starts_at": "t.starts_at",
            "name": "v.name",
        },
    ),
}
