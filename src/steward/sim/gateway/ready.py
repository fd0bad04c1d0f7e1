"""
The first events of a session: READY, then its guilds, with the members and presences that GUILD_CREATE contains.

A shard may have 2,500 guilds, whose payloads take a second to build. They are built in slices, so that meanwhile others
are served.

Source: discord-api-docs, events/gateway-events.mdx, "Request Guild Members" and "Guild Create": without
GUILD_PRESENCES, or above 75,000 members, only the bot and members in voice; else all members up to `large_threshold`,
and above it those who are online, in voice, or have a role or a nickname.
"""

from __future__ import annotations

import asyncio
from collections import deque

import orjson

from steward.sim.gateway import intents
from steward.sim.gateway.connection import SLICE
from steward.sim.gateway.faults import GatewayFaults, without
from steward.sim.gateway.session import GatewaySession
from steward.sim.guilds import payload as guild_payload
from steward.sim.guilds.guild import Guild
from steward.sim.people.member import Member
from steward.sim.people.user import Json

_MAX_LISTED = 75_000


class FirstEvents:
    """Sends READY and the guilds to new sessions, one slice of one session in each turn of the event loop."""

    def __init__(self, faults: GatewayFaults) -> None:
        self._faults = faults
        self._waiting: deque[GatewaySession] = deque()
        self._next: asyncio.Handle | None = None

    def begin(self, session: GatewaySession, guilds: list[Guild], resume_url: str) -> None:
        """Send READY now, and soon the guilds, which are those of the session's shard."""
        self._send(session, "READY", _ready(session, guilds, resume_url))
        if guilds and session.intents & intents.GUILDS:
            session.pending = {guild.id: guild for guild in guilds}
            self._waiting.append(session)
            self._plan()

    def close(self) -> None:
        """Send no more."""
        self._waiting.clear()
        self._plan()

    def _plan(self) -> None:
        if not self._waiting and self._next is not None:
            self._next.cancel()
            self._next = None
        elif self._waiting and self._next is None:
            self._next = asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        self._next = None
        session, size = self._waiting.popleft(), 0
        while session.pending and size < SLICE:
            guild = session.pending.pop(next(iter(session.pending)))
            size += self._send(session, *_first_event(guild, session))
        if session.pending:
            self._waiting.append(session)
        self._plan()

    def _send(self, session: GatewaySession, name: str, data: Json) -> int:
        body = orjson.dumps(without(data, self._faults.dropped(name)))
        session.dispatch(name, body)
        return len(body)


def _ready(session: GatewaySession, guilds: list[Guild], resume_url: str) -> Json:
    bot = session.bot
    return {
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
    }


def _first_event(guild: Guild, session: GatewaySession) -> tuple[str, Json]:
    """Return name and payload of the event after READY about a guild that was the bot's then."""
    if session.bot.id not in guild.bots:
        return "GUILD_DELETE", {"id": str(guild.id)}
    if not guild.available:
        return "GUILD_DELETE", {"id": str(guild.id), "unavailable": True}
    return "GUILD_CREATE", guild_create(guild, session)


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
