"""Check the server and its channels: they exist, have the right type, and the bot has its permissions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from steward.cli.checks.finding import Finding, fail, ok, skipped, warn
from steward.cli.checks.rest import HTTP_FORBIDDEN, HTTP_NOT_FOUND, CheckAnswer
from steward.client.access.permissions import (
    COUNTER,
    POST,
    REPORT,
    VOICE_COUNTER,
    VOICE_TYPES,
    Permission,
    channel_permissions,
    guild_permissions,
    invite_link,
)

Payload = Mapping[str, Any]

TEXT_TYPES = frozenset({0, 5})
COUNTERS = frozenset({"member_channel_id", "online_channel_id", "ban_channel_id"})
NAMES = {
    "member_channel_id": "member counter",
    "online_channel_id": "online counter",
    "ban_channel_id": "ban counter",
    "heartbeat_channel_id": "heartbeat channel",
    "stats_channel_id": "report channel",
    "alert_channel_id": "alert channel",
}
_NEEDED = {"heartbeat_channel_id": POST, "alert_channel_id": POST, "stats_channel_id": REPORT}


def check_guild(guild: CheckAnswer, guild_id: int, bot_id: int | str) -> Finding:
    """Check the answer of `GET /guilds/{id}`."""
    if guild.good:
        return ok("server", f"The bot is a member of {guild.body.get('name', guild_id)}.")
    if guild.status in {HTTP_FORBIDDEN, HTTP_NOT_FOUND}:
        return fail(
            "server",
            f"The bot isn't in the server {guild_id}, or no server has that id.",
            f"Check GUILD_ID, or add the bot: {invite_link(bot_id)}",
        )
    return fail("server", f"Discord answered {guild.status} for the server {guild_id}.", "Try again later.")


def check_bans(guild: Payload, member: Payload, fields: Mapping[str, int]) -> Iterator[Finding]:
    """Check that the bot can read the ban list, if a channel shows the bans."""
    if "ban_channel_id" not in fields:
        return
    if guild_permissions(guild, member) & Permission.BAN_MEMBERS:
        yield ok("ban list", "The bot can read the ban list.")
    else:
        yield fail(
            "ban list",
            "The bot can't read the ban list, so it can't count bans.",
            "Give the bot's role the permission Ban Members, or leave BAN_COUNT_CHANNEL_ID out.",
        )


def check_channel(field: str, channel_id: int, channel: CheckAnswer, guild: Payload, member: Payload) -> Finding:
    """Check the channel of a setting by the answers of `GET /channels/{id}`, `/guilds/{id}` and its `members/{bot}`."""
    label = NAMES.get(field, field)
    if channel.status == HTTP_NOT_FOUND:
        return fail(label, f"There is no channel {channel_id}.", "It was deleted or mistyped: copy its id again.")
    if channel.status == HTTP_FORBIDDEN:
        return fail(
            label,
            f"The bot can't see the channel {channel_id}.",
            "Allow View Channel for the bot or its role in that channel's permissions.",
        )
    if not channel.good:
        return skipped(label, f"Discord answered {channel.status}.")
    body = channel.body
    name = str(body.get("name") or channel_id)
    if str(body.get("guild_id")) != str(guild["id"]):
        return _elsewhere(field, label, name)
    wrong_kind = _wrong_kind(field, label, name, body)
    if wrong_kind is not None and wrong_kind.status == "fail":
        return wrong_kind
    return (
        _missing(field, label, name, body, channel_permissions(guild, member, body))
        or wrong_kind
        or ok(label, f"The bot has all the permissions it needs in {name}.")
    )


def _elsewhere(field: str, label: str, name: str) -> Finding:
    if field == "alert_channel_id":  # it may be anywhere
        return skipped(
            label, f"{name} is in another server than GUILD_ID: I don't know whether the bot can post there."
        )
    return fail(label, f"The channel {name} is in another server.", "Choose a channel of the server of GUILD_ID.")


def _wrong_kind(field: str, label: str, name: str, channel: Payload) -> Finding | None:
    kind = channel["type"]
    if field in COUNTERS:
        if kind in TEXT_TYPES:
            return warn(
                label,
                f"{name} is a text channel: Discord writes its name in small letters with dashes.",
                "Use a voice channel: its name stays as written.",
            )
        return None
    if kind in TEXT_TYPES:
        return None
    return fail(label, f"{name} isn't a text channel.", "Choose a text channel.")


def _missing(field: str, label: str, name: str, channel: Payload, held: Permission) -> Finding | None:
    voice = channel["type"] in VOICE_TYPES
    needed = _NEEDED.get(field, VOICE_COUNTER if voice else COUNTER)
    missing = needed & ~held
    if not missing:
        return None
    if field in COUNTERS and voice and Permission.CONNECT in missing and Permission.VIEW_CHANNEL in held:
        return fail(
            label,
            f"The bot can't connect to {name}, so Discord doesn't let it rename the channel either.",
            "In that channel's permissions, allow Connect and Manage Channel for the bot's own role.",
        )
    return fail(
        label,
        f"The bot is missing permissions in {name}: {', '.join(missing.labels())}.",
        "Allow it for the bot's role in that channel's permissions.",
    )
