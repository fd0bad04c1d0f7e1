"""Bot account and connection to Discord."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from steward.settings.declare import setting
from steward.settings.discord_kinds import api_url, bot_token, snowflake
from steward.settings.kinds import boolean, integer
from steward.settings.secret import Secret
from steward.settings.time_kinds import duration, zone


@dataclass(frozen=True, kw_only=True)
class DiscordSettings:
    """Bot account and connection to Discord."""

    token: Secret = setting(
        bot_token(),
        "The bot's token, from the Developer Portal, page Bot.",
        old=("BOT_TOKEN", "DISCORD_TOKEN", "DISCORD_BOT_TOKEN"),
        secret=True,
    )
    guild_id: int | None = setting(
        snowflake(),
        "The server of the channels set here, if you set one up without /setup. Set up all other servers in Discord.",
        default=None,
        old=("GUILD_ID",),
        example="613425648685547541",
    )
    timezone: ZoneInfo = setting(
        zone(), "The server's time zone, unless /setup changes it.", default=ZoneInfo("UTC"), example="Europe/Berlin"
    )
    members_intent: bool = setting(
        boolean(),
        "Request the Server Members intent, which reports each join and leave. "
        "Without it Steward only knows the net change.",
        default=True,
    )
    activity: bool = setting(
        boolean(),
        "Count messages and voice time per channel and member. Message content is never read.",
        default=True,
    )
    api_url: str = setting(
        api_url(),
        "The base URL of Discord's REST API, for a proxy or the simulator; it also supplies the gateway's address.",
        default="https://discord.com/api/v10",
        old=("DISCORD_API_URL",),
    )
    max_backoff: float = setting(
        duration(1, 86400), "The longest wait between two attempts to connect.", default=3600.0, old=("MAX_BACKOFF",)
    )
    rename_count: int = setting(
        integer(1, 10), "How often a channel may be renamed within the window. Discord allows 2.", default=2
    )
    rename_window: float = setting(
        duration(1, 86400), "The window for counting renames. Discord's is 10 minutes.", default=600.0
    )
