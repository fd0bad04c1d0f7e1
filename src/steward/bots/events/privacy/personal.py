"""What events keep about members, for `/privacy`."""

from __future__ import annotations

from collections.abc import Sequence

from steward.bots.events.editing.draft import EVENT_DRAFTS
from steward.bots.events.polls.draft import POLL_DRAFTS
from steward.client.panels.drafts import draft_data
from steward.store import Transaction
from steward.store.export.personal import PersonalData, Record, selected
from steward.store.outbox import outbox
from steward.text.plurals import counted

HOUR_MS = 3_600_000


def is_about(tx: Transaction, guild_id: int, key: str) -> bool:
    """Return whether a message is about an event, a poll or a report of a guild, or answers somebody there."""
    about, _, rest = key.partition(":")
    if about in {"report", "event_report", "event_refused", "answer"}:
        return int(rest.partition(":")[0]) == guild_id
    table = {"event": "event_occurrences", "poll": "event_polls"}.get(about)
    sql = f"SELECT 1 FROM {table} WHERE id = ? AND guild_id = ?"  # noqa: S608 - ours
    return table is not None and tx.value(sql, (int(rest.partition(":")[0]), guild_id)) is not None


def _messages(tx: Transaction, guild_id: int, user_id: int) -> list[Record]:
    return [record for record in outbox.to_user(tx, user_id) if is_about(tx, guild_id, str(record["message_key"]))]


def _attendance(records: Sequence[Record]) -> str:
    hours = sum(int(record["millis"] or 0) for record in records) / HOUR_MS
    return f"{hours:,.1f} h in voice at {counted(len(records), 'event')}"


EVENTS_DATA = (
    PersonalData(
        "answers",
        frozenset({"event_answers.user_id"}),
        selected(
            "SELECT a.answered_at AS at, o.title AS event, o.starts_at AS starts_at, a.option_key AS answer,"
            " a.seated AS seated, a.name AS name, a.note AS note"
            " FROM event_answers a JOIN event_occurrences o ON o.id = a.occurrence_id"
            " WHERE o.guild_id = ? AND a.user_id = ? ORDER BY a.answered_at, o.id"
        ),
        lambda records: f"{counted(len(records), 'answer')} to events, with your name at the time and your notes",
    ),
    PersonalData(
        "answers_for_others",
        frozenset({"event_answers.answered_by"}),
        selected(
            "SELECT a.answered_at AS at, o.title AS event, a.option_key AS answer"
            " FROM event_answers a JOIN event_occurrences o ON o.id = a.occurrence_id"
            " WHERE o.guild_id = ? AND a.answered_by = ? AND a.answered_by <> a.user_id ORDER BY a.answered_at, o.id"
        ),
        lambda records: f"{counted(len(records), 'answer')} that you gave for other members",
    ),
    PersonalData(
        "attendance",
        frozenset({"event_attendance.user_id"}),
        selected(
            "SELECT o.starts_at AS at, o.title AS event, a.millis AS millis"
            " FROM event_attendance a JOIN event_occurrences o ON o.id = a.occurrence_id"
            " WHERE o.guild_id = ? AND a.user_id = ? ORDER BY o.starts_at, o.id"
        ),
        _attendance,
    ),
    PersonalData(
        "votes",
        frozenset({"event_poll_votes.user_id"}),
        selected(
            "SELECT p.title AS poll, v.position AS position, v.name AS name"
            " FROM event_poll_votes v JOIN event_polls p ON p.id = v.poll_id"
            " WHERE p.guild_id = ? AND v.user_id = ? ORDER BY p.id, v.position"
        ),
        lambda records: f"{counted(len(records), 'vote')} in polls, with your name at the time",
    ),
    PersonalData(
        "events_made",
        frozenset({"events.organiser_id"}),
        selected("SELECT created_at AS at, details FROM events WHERE guild_id = ? AND organiser_id = ? ORDER BY id"),
        lambda records: f"{counted(len(records), 'event')} that you made",
    ),
    PersonalData(
        "polls_made",
        frozenset({"event_polls.organiser_id"}),
        selected("SELECT title, closes_at FROM event_polls WHERE guild_id = ? AND organiser_id = ? ORDER BY id"),
        lambda records: f"{counted(len(records), 'poll')} that you made",
    ),
    PersonalData(
        "reports_set_up",
        frozenset({"event_reports.set_by"}),
        selected("SELECT channel_id, report_time FROM event_reports WHERE guild_id = ? AND set_by = ?"),
        lambda _: "that you set up the reports on who came",
    ),
    PersonalData(
        "calendar_link",
        frozenset({"event_feeds.user_id"}),
        selected("SELECT made_at AS at FROM event_feeds WHERE guild_id = ? AND user_id = ?"),
        lambda _: "a link to the calendar of your own",
    ),
    PersonalData(
        "roles_for_events",
        frozenset({"event_role_grants.user_id"}),
        selected(
            "SELECT role_id, occurrence_id FROM event_role_grants WHERE guild_id = ? AND user_id = ?"
            " ORDER BY occurrence_id, role_id"
        ),
        lambda records: f"{counted(len(records), 'role')} that events give you",
    ),
    draft_data(EVENT_DRAFTS.prefix, "event_draft", "an event that you began and haven't posted"),
    draft_data(POLL_DRAFTS.prefix, "poll_draft", "a poll that you began and haven't posted"),
    PersonalData(
        "direct_messages",
        frozenset({"outbox.user_id", "outbox.told_user_id"}),
        _messages,
        lambda records: f"{counted(len(records), 'direct message')} to you, sent lately or waiting",
    ),
)
