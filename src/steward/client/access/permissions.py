"""
What a member may do, computed from the payloads of Discord's REST API.

The algorithm is Discord's own (developers/topics/permissions, "Permission Overwrites" and "Implicit Permissions").
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntFlag
from typing import Any

from steward.text.plurals import listed

Payload = Mapping[str, Any]

VOICE_TYPES = frozenset({2, 13})  # voice and stage channels


class Permission(IntFlag):
    """The permissions that Steward speaks of, by Discord's bits."""

    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    VIEW_AUDIT_LOG = 1 << 7
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    MANAGE_ROLES = 1 << 28
    MANAGE_EVENTS = 1 << 33
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_EVENTS = 1 << 44

    @property
    def label(self) -> str:
        """The name that Discord's settings show, such as `Manage Channels`."""
        return (self.name or "").replace("_", " ").title().replace("Guild", "Server")

    def labels(self) -> list[str]:
        """Return the names of each permission held in this value."""
        return [item.label for item in Permission if item in self]

    @property
    def said(self) -> str:
        """These permissions in a sentence: `View Channel, Send Messages and Embed Links`."""
        return listed(self.labels())


EVERYTHING = (1 << 63) - 1
# What a member without VIEW_CHANNEL, SEND_MESSAGES or CONNECT loses besides.
_WITH_SENDING = (
    Permission.MENTION_EVERYONE | Permission.SEND_TTS_MESSAGES | Permission.ATTACH_FILES | Permission.EMBED_LINKS
)
_WITH_CONNECTING = Permission.MANAGE_CHANNELS | Permission.MANAGE_ROLES | Permission.SPEAK

COUNTER = Permission.VIEW_CHANNEL | Permission.MANAGE_CHANNELS
VOICE_COUNTER = COUNTER | Permission.CONNECT
POST = Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES | Permission.EMBED_LINKS | Permission.READ_MESSAGE_HISTORY
REPORT = POST | Permission.ATTACH_FILES
EVENTS = POST | Permission.CREATE_PUBLIC_THREADS | Permission.CREATE_EVENTS
NEEDED = VOICE_COUNTER | REPORT | EVENTS | Permission.BAN_MEMBERS | Permission.VIEW_AUDIT_LOG
"""What the bot's jobs need, and no more."""


def invite_link(bot_id: int | str) -> str:
    """Return the link that adds the bot of that application id (docs: OAuth2 > "Bot Authorization Flow")."""
    scopes = "bot+applications.commands"
    return f"https://discord.com/oauth2/authorize?client_id={bot_id}&scope={scopes}&permissions={int(NEEDED)}"


def guild_permissions(guild: Payload, member: Payload) -> Permission:
    """
    Return what a member may do in a guild, before channels add or take away.

    Args:
        guild: `GET /guilds/{id}`: `id`, `owner_id`, `roles`.
        member: `GET /guilds/{id}/members/{id}`: `user.id`, `roles`.

    """
    if str(guild["owner_id"]) == str(member["user"]["id"]):
        return Permission(EVERYTHING)
    held = {str(role) for role in member["roles"]} | {str(guild["id"])}
    bits = 0
    for role in guild["roles"]:
        if str(role["id"]) in held:
            bits |= int(role["permissions"])
    return Permission(EVERYTHING if bits & Permission.ADMINISTRATOR else bits)


def channel_permissions(guild: Payload, member: Payload, channel: Payload) -> Permission:
    """
    Return what a member may do in a channel.

    Denying CONNECT on a voice channel takes MANAGE_CHANNELS away as well: a counter that is locked for everyone cannot
    be renamed unless the bot is allowed to connect.

    Args:
        channel: `GET /channels/{id}`: `type`, `permission_overwrites`.

    """
    base = guild_permissions(guild, member)
    if base & Permission.ADMINISTRATOR:
        return base
    bits = _overwritten(int(base), guild, member, channel)
    if not bits & Permission.VIEW_CHANNEL:
        return Permission(0)
    if not bits & Permission.SEND_MESSAGES:
        bits &= ~int(_WITH_SENDING)
    if channel["type"] in VOICE_TYPES and not bits & Permission.CONNECT:
        bits &= ~int(_WITH_CONNECTING)
    return Permission(bits)


def _overwritten(bits: int, guild: Payload, member: Payload, channel: Payload) -> int:
    overwrites = {str(item["id"]): item for item in channel.get("permission_overwrites") or ()}
    everyone = overwrites.get(str(guild["id"]))
    roles = [overwrites[str(role)] for role in member["roles"] if str(role) in overwrites]
    own = overwrites.get(str(member["user"]["id"]))
    for group in ([everyone] if everyone else [], roles, [own] if own else []):
        denied = allowed = 0
        for item in group:
            denied |= int(item["deny"])
            allowed |= int(item["allow"])
        bits = bits & ~denied | allowed
    return bits
