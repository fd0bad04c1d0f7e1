"""Which intent lets a bot hear which event. Source: discord-api-docs, events/gateway.mdx, "List of Intents"."""

from __future__ import annotations

GUILDS, MEMBERS, MODERATION = 1 << 0, 1 << 1, 1 << 2
PRESENCES, MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 8, 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = {"members": MEMBERS, "presences": PRESENCES, "message_content": MESSAGE_CONTENT}
VALID = sum(1 << bit for bit in (*range(17), 20, 21, 24, 25))

_BY_EVENT = {
    "GUILD_MEMBER_ADD": MEMBERS,
    "GUILD_MEMBER_REMOVE": MEMBERS,
    "GUILD_MEMBER_UPDATE": MEMBERS,
    "GUILD_BAN_ADD": MODERATION,
    "GUILD_BAN_REMOVE": MODERATION,
    "GUILD_AUDIT_LOG_ENTRY_CREATE": MODERATION,
    "PRESENCE_UPDATE": PRESENCES,
    "TYPING_START": 1 << 11,
}
_NEEDS_NONE = frozenset(
    {"READY", "RESUMED", "INTERACTION_CREATE", "RATE_LIMITED", "USER_UPDATE", "GUILD_MEMBERS_CHUNK"}
)


def needed_for(event: str, *, direct: bool = False) -> int:
    """Return the intent bit without which a bot does not hear of an event; 0 for none."""
    if event in _NEEDS_NONE:
        return 0
    if event.startswith("MESSAGE_"):
        return DIRECT_MESSAGES if direct else MESSAGES
    return _BY_EVENT.get(event, GUILDS)
