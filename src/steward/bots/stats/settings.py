"""What the stats bot shows, where and how often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import time

from steward.settings.declare import setting
from steward.settings.discord_kinds import snowflake
from steward.settings.kinds import integer
from steward.settings.problems import Problem
from steward.settings.sources import Given
from steward.settings.time_kinds import clock_time, duration

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

    @property
    def channel_ids(self) -> Mapping[str, int]:
        """The channels of the server GUILD_ID that are set, by field."""
        names = (item.name for item in fields(self) if item.name.endswith("_channel_id"))
        return {name: value for name in names if (value := getattr(self, name)) is not None}

    @staticmethod
    def crosscheck(values: Mapping[str, object], origins: Mapping[str, Given]) -> Iterator[Problem]:
        """Yield a problem for each channel that two counters name."""
        counters: dict[object, list[Given]] = defaultdict(list)
        for field in ("member_channel_id", "online_channel_id", "ban_channel_id"):
            if field in values:
                counters[values[field]].append(origins[field])
        for channel, givens in counters.items():
            if len(givens) > 1:
                yield Problem(
                    " and ".join(given.name for given in givens),
                    " and ".join(dict.fromkeys(given.where for given in givens)),
                    "they name the same channel, which can only show one number.",
                    "Give each counter a channel of its own, or leave one out.",
                    str(channel),
                )
