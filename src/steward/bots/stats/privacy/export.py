"""The tables that `/export` writes."""

from __future__ import annotations

from collections.abc import Mapping

from steward.bots.stats.history.calendar import Level
from steward.store.export.export import Table

_FLOWS = ("joins", "leaves", "kicks", "banned", "unbanned", "messages", "voice_seconds")
_SERIES = ("at", "members", "online", "bans", "peak_online", "peak_voice", *_FLOWS)
_HOURLY, _DAILY = (f"guild_id = ? AND level = {int(level)}" for level in (Level.HOUR, Level.DAY))

TABLES: Mapping[str, Table] = {
    "joins, leaves, bans": Table(
        "events", "member_events", ("id", "at", "kind", "user_id", "name"), ("at", "id"), hidden=frozenset({"id"})
    ),
    "each day": Table("days", "stats_series", _SERIES, ("at",), _DAILY),
    "each hour": Table("hours", "stats_series", _SERIES, ("at",), _HOURLY),
    "each channel": Table(
        "channels",
        "stats_channels",
        ("at", "channel_id", "messages", "voice_seconds"),
        ("at", "channel_id"),
        _DAILY,
    ),
    "each member": Table(
        "members", "stats_members", ("at", "user_id", "messages", "voice_seconds"), ("at", "user_id"), _DAILY
    ),
}
