"""Which intent each event needs. Source: discord-api-docs, events/gateway.mdx, "List of Intents"."""

from __future__ import annotations

GUILDS, MEMBERS, MODERATION = 1 << 0, 1 << 1, 1 << 2
EXPRESSIONS, INTEGRATIONS, WEBHOOKS, INVITES, VOICE_STATES = 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7
PRESENCES, MESSAGES, REACTIONS, TYPING = 1 << 8, 1 << 9, 1 << 10, 1 << 11
DIRECT_MESSAGES, DIRECT_REACTIONS, DIRECT_TYPING, MESSAGE_CONTENT = 1 << 12, 1 << 13, 1 << 14, 1 << 15
SCHEDULED_EVENTS, AUTOMOD_RULES, AUTOMOD_ACTIONS, POLLS, DIRECT_POLLS = 1 << 16, 1 << 20, 1 << 21, 1 << 24, 1 << 25
PRIVILEGED = {"members": MEMBERS, "presences": PRESENCES, "message_content": MESSAGE_CONTENT}
DOCUMENTED = sum(1 << bit for bit in (*range(17), 20, 21, 24, 25))
# Discord's own clients have more (17 and 26 embedded activities, 18 private channels, 22 relationships, 23 the user's
# presence, 27 and 28 lobbies) and libraries send them; they give a bot no further events. Higher bits get close 4013.
VALID = (1 << 29) - 1

_BY_EVENT = {
    "GUILD_MEMBER_ADD": MEMBERS,
    "GUILD_MEMBER_REMOVE": MEMBERS,
    "GUILD_MEMBER_UPDATE": MEMBERS,
    "THREAD_MEMBERS_UPDATE": MEMBERS,  # not needed for events about the bot itself
    "GUILD_BAN_ADD": MODERATION,
    "GUILD_BAN_REMOVE": MODERATION,
    "GUILD_AUDIT_LOG_ENTRY_CREATE": MODERATION,
    "GUILD_EMOJIS_UPDATE": EXPRESSIONS,
    "GUILD_STICKERS_UPDATE": EXPRESSIONS,
    "GUILD_INTEGRATIONS_UPDATE": INTEGRATIONS,
    "INTEGRATION_CREATE": INTEGRATIONS,
    "INTEGRATION_UPDATE": INTEGRATIONS,
    "INTEGRATION_DELETE": INTEGRATIONS,
    "WEBHOOKS_UPDATE": WEBHOOKS,
    "INVITE_CREATE": INVITES,
    "INVITE_DELETE": INVITES,
    "VOICE_STATE_UPDATE": VOICE_STATES,
    "VOICE_CHANNEL_EFFECT_SEND": VOICE_STATES,
    "PRESENCE_UPDATE": PRESENCES,
    "AUTO_MODERATION_ACTION_EXECUTION": AUTOMOD_ACTIONS,
}
# Name prefix (longest first), intent in guilds, intent in direct messages.
_BY_FAMILY = (
    ("MESSAGE_POLL_VOTE_", POLLS, DIRECT_POLLS),
    ("MESSAGE_REACTION_", REACTIONS, DIRECT_REACTIONS),
    ("MESSAGE_", MESSAGES, DIRECT_MESSAGES),
    ("TYPING_START", TYPING, DIRECT_TYPING),
    ("CHANNEL_PINS_UPDATE", GUILDS, DIRECT_MESSAGES),
    ("GUILD_SOUNDBOARD_SOUND", EXPRESSIONS, EXPRESSIONS),
    ("GUILD_SCHEDULED_EVENT_", SCHEDULED_EVENTS, SCHEDULED_EVENTS),
    ("AUTO_MODERATION_RULE_", AUTOMOD_RULES, AUTOMOD_RULES),
)
_NEEDS_NONE = frozenset({
    "READY", "RESUMED", "INTERACTION_CREATE", "RATE_LIMITED", "USER_UPDATE", "GUILD_MEMBERS_CHUNK", "CHANNEL_INFO",
    "SOUNDBOARD_SOUNDS", "VOICE_SERVER_UPDATE", "APPLICATION_COMMAND_PERMISSIONS_UPDATE",
    "ENTITLEMENT_CREATE", "ENTITLEMENT_UPDATE", "ENTITLEMENT_DELETE",
    "SUBSCRIPTION_CREATE", "SUBSCRIPTION_UPDATE", "SUBSCRIPTION_DELETE",
})  # fmt: skip


def needed_for(event: str, *, direct: bool = False) -> int:
    """Return the intent bits of which a session needs one to receive an event; 0 if it needs none."""
    if event in _NEEDS_NONE:
        return 0
    if event in _BY_EVENT:
        return _BY_EVENT[event]
    for family, in_guild, in_direct in _BY_FAMILY:
        if event.startswith(family):
            return in_direct if direct else in_guild
    return GUILDS
