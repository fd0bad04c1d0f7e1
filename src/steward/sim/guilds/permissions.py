"""
Permission bits and their computation.

Source: discord-api-docs, developers/topics/permissions.mdx (bits, the order of overwrites, implicit permissions).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_NAMES = (
    "create_instant_invite", "kick_members", "ban_members", "administrator", "manage_channels", "manage_guild",
    "add_reactions", "view_audit_log", "priority_speaker", "stream", "view_channel", "send_messages",
    "send_tts_messages", "manage_messages", "embed_links", "attach_files", "read_message_history",
    "mention_everyone", "use_external_emojis", "view_guild_insights", "connect", "speak", "mute_members",
    "deafen_members", "move_members", "use_vad", "change_nickname", "manage_nicknames", "manage_roles",
    "manage_webhooks", "manage_guild_expressions", "use_application_commands", "request_to_speak",
    "manage_events", "manage_threads", "create_public_threads", "create_private_threads",
    "use_external_stickers", "send_messages_in_threads", "use_embedded_activities", "moderate_members",
    "view_creator_monetization_analytics", "use_soundboard", "create_guild_expressions", "create_events",
    "use_external_sounds", "send_voice_messages",
)  # fmt: skip
BITS: Mapping[str, int] = {name: 1 << index for index, name in enumerate(_NAMES)} | {
    "set_voice_channel_status": 1 << 48,
    "send_polls": 1 << 49,
    "use_external_apps": 1 << 50,
    "pin_messages": 1 << 51,
    "bypass_slowmode": 1 << 52,
}
ALL = sum(BITS.values())
OVERRIDE_OF_ROLE, OVERRIDE_OF_USER = 1, 2
"""Types of command permission overrides (developers/interactions/application-commands.mdx, "Permissions")."""
EVERYONE = sum(
    BITS[name]
    for name in (
        "view_channel", "send_messages", "read_message_history", "embed_links", "attach_files", "add_reactions",
        "connect", "speak", "use_vad", "change_nickname", "use_application_commands", "create_instant_invite",
        "send_messages_in_threads", "send_polls", "create_public_threads", "create_private_threads", "mention_everyone",
        "use_external_emojis", "use_external_stickers", "use_external_sounds", "use_external_apps", "use_soundboard",
        "use_embedded_activities", "send_voice_messages", "set_voice_channel_status", "request_to_speak", "stream",
        "create_events", "create_guild_expressions",
    )
)  # fmt: skip
"""
The permissions of @everyone in a new server. Discord does not document them; servers created since 2024 show
2248473465835073, which is this and the obsolete bit 47 (USE_CLYDE_AI).
"""
WHILE_TIMED_OUT = BITS["view_channel"] | BITS["read_message_history"]
TEXT_CHANNEL_TYPES = (0, 5)
VOICE_CHANNEL_TYPES = (2, 13)
_LOST_WITHOUT_SEND = BITS["mention_everyone"] | BITS["send_tts_messages"] | BITS["attach_files"] | BITS["embed_links"]


@dataclass(slots=True)
class Overwrite:
    """The permissions allowed and denied to a role or member in a channel. `kind`: 0 role, 1 member."""

    id: int
    kind: int
    allow: int = 0
    deny: int = 0

    def payload(self) -> dict[str, object]:
        """Return Discord's overwrite object."""
        return {"id": str(self.id), "type": self.kind, "allow": str(self.allow), "deny": str(self.deny)}


def bits_of(names: Iterable[str]) -> int:
    """Return the bits of permission names; `ValueError` if a name is unknown."""
    found = 0
    for name in names:
        if name not in BITS:
            raise ValueError(f"{name!r} is not a permission. Known are: {', '.join(sorted(BITS))}.")
        found |= BITS[name]
    return found


def names_of(bits: int) -> frozenset[str]:
    """Return the names of the permissions in a bit set."""
    return frozenset(name for name, bit in BITS.items() if bits & bit)


def in_channel(
    base: int,
    overwrites: Mapping[int, Overwrite],
    *,
    everyone_id: int,
    role_ids: Iterable[int],
    member_id: int,
    channel_type: int,
) -> int:
    """Return a member's permissions in a channel, given its permissions in the guild and its roles but @everyone."""
    if base & BITS["administrator"]:
        return ALL
    found = base
    if everyone := overwrites.get(everyone_id):
        found = found & ~everyone.deny | everyone.allow
    allow = deny = 0
    for role_id in role_ids:
        if overwrite := overwrites.get(role_id):
            allow |= overwrite.allow
            deny |= overwrite.deny
    found = found & ~deny | allow
    if own := overwrites.get(member_id):
        found = found & ~own.deny | own.allow
    return _without_implied(found, channel_type)


def _without_implied(found: int, channel_type: int) -> int:
    if not found & BITS["view_channel"]:
        return 0
    if channel_type in TEXT_CHANNEL_TYPES and not found & BITS["send_messages"]:
        found &= ~_LOST_WITHOUT_SEND
    if channel_type in VOICE_CHANNEL_TYPES and not found & BITS["connect"]:
        found &= ~(BITS["manage_channels"] | BITS["manage_roles"])
    return found
