"""The first events of a session: READY, then its guilds."""

from __future__ import annotations

from collections.abc import Iterator

from steward.sim.gateway import guild_create, intents
from steward.sim.gateway.session import GatewaySession
from steward.sim.guilds.guild import Guild
from steward.sim.people.user import Json


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
            yield "GUILD_CREATE", guild_create.payload(guild, session)
        else:
            yield "GUILD_DELETE", {"id": str(guild.id), "unavailable": True}
