"""What the stats bot shows, where and how often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

from steward.settings.declare import setting
from steward.settings.discord_kinds import snowflake
from steward.settings.kinds import boolean, integer
from steward.settings.time_kinds import clock_time, duration, zone

EXAMPLE_ID = "1098765432109876543"


@dataclass(frozen=True, kw_only=True)
class StatsSettings:
    """What the stats bot shows, where and how often."""

    member_channel_id: int | None = setting(
        snowflake(),
        "The channel whose name counts members; the text before the first `:` of its name stays.",
        default=None,
        old=("MEMBER_COUNT_CHANNEL_ID",),
        example=EXAMPLE_ID,
    )
    online_channel_id: int | None = setting(
        snowflake(),
        "The channel whose name counts members online.",
        default=None,
        old=("ONLINE_COUNT_CHANNEL_ID",),
        example=EXAMPLE_ID,
    )
    ban_channel_id: int | None = setting(
        snowflake(),
        "The channel whose name counts bans.",
        default=None,
        old=("BAN_COUNT_CHANNEL_ID",),
        example=EXAMPLE_ID,
    )
    heartbeat_channel_id: int | None = setting(
        snowflake(),
        "The text channel with the heartbeat, one message that is kept up to date.",
        default=None,
        old=("HEARTBEAT_CHANNEL_ID",),
        example=EXAMPLE_ID,
    )
    stats_channel_id: int | None = setting(
        snowflake(),
        "The text channel for reports.",
        default=None,
        old=("STATS_CHANNEL_ID",),
        example=EXAMPLE_ID,
    )
    activity: bool = setting(
        boolean(),
        "Count messages for each channel and member, and the time in voice; what is said is never read.",
        default=True,
    )
    keep_member_events_days: int = setting(
        integer(0, 36500),
        "For how many days single joins, leaves and bans and what each member did are kept; "
        "sums by the day are kept for ever. 0 keeps all.",
        default=400,
    )
    update_interval: float = setting(
        duration(10, 86400), "How often the counts are asked for.", default=300.0, old=("UPDATE_INTERVAL",)
    )
    presence_interval: float = setting(
        duration(10, 86400),
        "How long the bot's presence shows each number.",
        default=300.0,
        old=("PRESENCE_UPDATE_INTERVAL",),
    )
    heartbeat_interval: float = setting(
        duration(10, 86400), "How often the heartbeat message is edited.", default=300.0
    )
    report_time: time = setting(
        clock_time(),
        "When reports are due, in the server's time zone, until /setup says otherwise.",
        default=time(0, 0),
    )
    timezone: ZoneInfo = setting(
        zone(), "The server's time zone, until /setup says otherwise.", default=ZoneInfo("UTC"), example="Europe/Berlin"
    )
    rename_count: int = setting(
        integer(1, 10), "How many times a channel may be renamed within the window; Discord allows 2.", default=2
    )
    rename_window: float = setting(
        duration(1, 86400), "The window that renames are counted in; Discord's is 10 minutes.", default=600.0
    )
