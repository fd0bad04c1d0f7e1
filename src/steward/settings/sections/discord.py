"""Who the bot is and how it reaches Discord."""

from __future__ import annotations

from dataclasses import dataclass

from steward.settings.declare import setting
from steward.settings.discord_kinds import api_url, bot_token, snowflake
from steward.settings.kinds import boolean
from steward.settings.secret import Secret
from steward.settings.time_kinds import duration


@dataclass(frozen=True, kw_only=True)
class DiscordSettings:
    """Who the bot is and how it reaches Discord."""

    token: Secret = setting(
        bot_token(),
        "The bot's token, from the Developer Portal, page Bot.",
        old=("BOT_TOKEN", "DISCORD_TOKEN", "DISCORD_BOT_TOKEN"),
        secret=True,
    )
    guild_id: int | None = setting(
        snowflake(),
        "The server that the channels named here are in, for the set-up without /setup; others are set up in Discord.",
        default=None,
        old=("GUILD_ID",),
        example="613425648685547541",
    )
    members_intent: bool = setting(
        boolean(),
        "Ask for the Server Members intent, which reports each join and leave; "
        "without it Steward knows the net change only.",
        default=True,
    )
    api_url: str = setting(
        api_url(),
        "Where Discord's REST API is: the simulator or a proxy can stand in; the gateway is asked for there.",
        default="https://discord.com/api/v10",
        old=("DISCORD_API_URL",),
    )
    max_backoff: float = setting(
        duration(1, 86400), "The longest wait between two tries to connect.", default=3600.0, old=("MAX_BACKOFF",)
    )
