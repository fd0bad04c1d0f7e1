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
    """The stats bot."""

    member_channel_id: int | None = setting(
        snowflake(),
        "The channel whose name shows the member count. The text before the first `:` in its name is kept.",
        default=None,
        old=("MEMBER_COUNT_CHANNEL_ID",),
        example=EXAMPLE_ID,
    )
    online_channel_id: int | None = setting(
        snowflake(),
        "The channel whose name shows how many members are online.",
        default=None,
        old=("ONLINE_COUNT_CHANNEL_ID",),
        example=EXAMPLE_ID,
    )
    ban_channel_id: int | None = setting(
        snowflake(),
        "The channel whose name shows the number of bans.",
        default=None,
        old=("BAN_COUNT_CHANNEL_ID",),
        example=EXAMPLE_ID,
    )
    heartbeat_channel_id: int | None = setting(
        snowflake(),
        "The text channel for the heartbeat, one status message that is kept up to date.",
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
        "Count messages and voice time per channel and member. Message content is never read.",
        default=True,
    )
    keep_member_events_days: int = setting(
        integer(0, 36500),
        "How many days to keep single joins, leaves and bans, and activity per member; "
        "the server's daily totals are kept forever. 0 keeps everything.",
        default=400,
    )
    update_interval: float = setting(
        duration(10, 86400), "How often to ask Discord for the counts.", default=300.0, old=("UPDATE_INTERVAL",)
    )
    presence_interval: float = setting(
        duration(10, 86400),
        "How long the bot's status shows each number.",
        default=300.0,
        old=("PRESENCE_UPDATE_INTERVAL",),
    )
    heartbeat_interval: float = setting(duration(10, 86400), "How often to edit the heartbeat message.", default=300.0)
    report_time: time = setting(
        clock_time(),
        "The time of day for reports, in the server's time zone, unless /setup changes it.",
        default=time(0, 0),
    )
    timezone: ZoneInfo = setting(
        zone(), "The server's time zone, unless /setup changes it.", default=ZoneInfo("UTC"), example="Europe/Berlin"
    )
    rename_count: int = setting(
        integer(1, 10), "How often a channel may be renamed within the window. Discord allows 2.", default=2
    )
    rename_window: float = setting(
        duration(1, 86400), "The window for counting renames. Discord's is 10 minutes.", default=600.0
    )
