"""
The first events of a session: READY, then its guilds, with the members and presences that GUILD_CREATE contains.

Source: discord-api-docs, events/gateway-events.mdx, "Request Guild Members" and "Guild Create": without
GUILD_PRESENCES, or above 75,000 members, only the bot and members in voice; else all members up to `large_threshold`,
and above it those who are online, in voice, or have a role or a nickname.
"""

from __future__ import annotations

from collections.abc import Iterator

from steward.sim.gateway import intents
from steward.sim.gateway.session import GatewaySession
from steward.sim.guilds import payload as guild_payload
from steward.sim.guilds.guild import Guild
from steward.sim.people.member import Member
from steward.sim.people.user import Json

_MAX_LISTED = 75_000


def first_events(session: GatewaySession, guilds: list[Guild], resume_url: str) -> Iterator[tuple[str, Json]]:
    """Yield READY and the guild events after it, as name and payload; `guilds` are those of the session's shard."""
    bot = session.bot
    yield (
        "READY",
        {
            "v": 10,
            "user": bot.user.payload() | {"verified": True, "mfa_enabled": True, "email": None},
            "user_settings": {},
            "session_type": "normal",
            "session_id": session.id,
            "resume_gateway_url": resume_url,
            "relationships": [],
            "private_channels": [],
            "presences": [],
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "geo_ordered_rtc_regions": [],
            "shard": list(session.shard),
            "application": {"id": str(bot.application_id), "flags": bot.application_flags},
            "auth": {},
            "_trace": ["sim"],
        },
    )
    if not session.intents & intents.GUILDS:
        return
    for guild in guilds:
        if guild.available:
            yield "GUILD_CREATE", guild_create(guild, session)
        else:
            yield "GUILD_DELETE", {"id": str(guild.id), "unavailable": True}


def guild_create(guild: Guild, session: GatewaySession) -> Json:
    """Return GUILD_CREATE's payload for a session."""
    large = guild.member_count > session.large_threshold
    return guild_payload.created(guild, session.bot, _named(guild, session), large=large)


def _named(guild: Guild, session: GatewaySession) -> list[Member]:
    if not session.intents & intents.PRESENCES or guild.member_count > _MAX_LISTED:
        return list(dict.fromkeys([guild.members.stored[session.bot.id], *guild.members.in_voice]))
    everybody = (guild.members.peek(user_id) for user_id in guild.members.roll.after(0, guild.member_count))
    if guild.member_count <= session.large_threshold:
        return list(everybody)
    return [one for one in everybody if one.status != "offline" or one.voice_channel or one.role_ids or one.nick]
