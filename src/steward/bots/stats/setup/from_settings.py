"""What the settings say of guilds: what holds where nobody has set up anything, and the set-up without `/setup`."""

from __future__ import annotations

from steward.bots.stats.counters.counters import Counted, Counter
from steward.bots.stats.settings import StatsSettings
from steward.bots.stats.setup.guild_settings import GuildSettings
from steward.settings import Settings


def defaults(settings: Settings) -> GuildSettings:
    """Return what holds in a guild where nobody has set up anything."""
    return GuildSettings(zone=settings.timezone.key, report_time=settings.of(StatsSettings).report_time)


def fixed(settings: Settings) -> dict[int, GuildSettings]:
    """Return what the environment says of the one guild it names: the set-up without `/setup`."""
    own = settings.of(StatsSettings)
    configured = (
        (own.member_channel_id, Counted.MEMBERS),
        (own.online_channel_id, Counted.ONLINE),
        (own.ban_channel_id, Counted.BANS),
    )
    of_guild = GuildSettings(
        counters=tuple(Counter(channel_id, counted) for channel_id, counted in configured if channel_id is not None),
        report_channel_id=own.stats_channel_id,
        heartbeat_channel_id=own.heartbeat_channel_id,
    )
    return {} if settings.guild_id is None else {settings.guild_id: of_guild}
