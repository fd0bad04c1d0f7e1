"""What the statistics keep about members, for `/privacy`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from steward.bots.stats.history.calendar import Level
from steward.bots.stats.history.series import HOUR
from steward.store.export.personal import PersonalData, Record, selected
from steward.text.plurals import counted


def _events(records: Sequence[Record]) -> str:
    kinds = Counter(str(record["kind"]) for record in records)
    told = ", ".join(counted(number, kind) for kind, number in kinds.items())
    return f"{told}, with your name at the time"


def _activity(records: Sequence[Record]) -> str:
    days = [record for record in records if record["level"] == Level.DAY] or records
    messages = sum(int(record["messages"] or 0) for record in days)
    seconds = sum(int(record["voice_seconds"] or 0) for record in days)
    return (
        f"{counted(messages, 'message')} and {seconds / HOUR:,.1f} h in voice, counted over {counted(len(days), 'day')}"
    )


STATS_DATA = (
    PersonalData(
        "joins_and_leaves",
        frozenset({"member_events.user_id"}),
        selected("SELECT at, kind, name FROM member_events WHERE guild_id = ? AND user_id = ? ORDER BY at, id"),
        _events,
    ),
    PersonalData(
        "activity",
        frozenset({"stats_members.user_id"}),
        selected(
            "SELECT level, at, messages, voice_seconds FROM stats_members"
            " WHERE guild_id = ? AND user_id = ? ORDER BY level, at"
        ),
        _activity,
    ),
)
