"""
Op 8, REQUEST_GUILD_MEMBERS: members in chunks of 1000.

Source: discord-api-docs, events/gateway-events.mdx; full lists once per guild in 30 s since 2025-10-01.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from steward.sim.gateway import intents
from steward.sim.gateway.opcodes import Op
from steward.sim.gateway.requests import known_guild
from steward.sim.gateway.session import GatewaySession
from steward.sim.guilds.guild import Guild
from steward.sim.limits import Rate, RateWindow
from steward.sim.world import World

_CHUNK = 1000
_MAX_FOUND = 100
_MAX_SEARCHED = 10_000
_LONGEST_NONCE = 32
_FULL_LIST = Rate(1, 30.0)
_BACKLOG = 4
_PAUSE = 0.005


@dataclass(slots=True, frozen=True)
class _Asked:
    """A request: the session, and what each chunk contains."""

    session: GatewaySession
    guild: Guild
    nonce: str | None
    presences: bool

    def send(self, ids: list[int], *, index: int = 0, chunks: int = 1, not_found: list[str] | None = None) -> None:
        people = [self.guild.members.peek(user_id) for user_id in ids]
        data: dict[str, Any] = {
            "guild_id": str(self.guild.id),
            "members": [one.payload() for one in people],
            "chunk_index": index,
            "chunk_count": chunks,
        }
        if not_found:
            data["not_found"] = not_found
        if self.presences:
            data["presences"] = [one.presence() for one in people if one.status != "offline"]
        if self.nonce is not None:
            data["nonce"] = self.nonce
        self.session.dispatch("GUILD_MEMBERS_CHUNK", orjson.dumps(data))


class MemberRequests:
    """Answers requests for members."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._full: dict[tuple[int, int], RateWindow] = {}

    def answer(self, session: GatewaySession, data: Any) -> None:
        """Send the requested chunks; invalid requests are ignored, as by Discord."""
        guild = known_guild(session, self._world, data.get("guild_id")) if isinstance(data, dict) else None
        if guild is None:
            return
        nonce = data.get("nonce")
        if not isinstance(nonce, str) or len(nonce.encode()) > _LONGEST_NONCE:
            nonce = None
        presences = data.get("presences") is True and bool(session.intents & intents.PRESENCES)
        asked = _Asked(session, guild, nonce, presences)
        match data:
            case {"user_ids": [*wanted]}:
                _send_named(asked, wanted)
            case {"user_ids": str() | int() as wanted}:
                _send_named(asked, [wanted])
            case {"query": "", "limit": int(limit)} if limit >= 0:
                self._send_list(asked, limit)
            case {"query": str(query), "limit": int(limit)} if limit >= 0:
                asked.send(_found(guild, query.lower(), min(limit or _MAX_FOUND, _MAX_FOUND)))

    def _send_list(self, asked: _Asked, limit: int) -> None:
        session, guild = asked.session, asked.guild
        if not session.intents & intents.MEMBERS:
            return
        if limit:
            asked.send(guild.members.roll.after(0, min(limit, _MAX_FOUND)))
            return
        window = self._full.setdefault((session.bot.id, guild.id), RateWindow(_FULL_LIST))
        now = self._world.clock.monotonic()
        if window.take(now):
            _send_next(asked, 0, 0, -(-guild.member_count // _CHUNK))
            return
        meta = {"guild_id": str(guild.id)} | ({"nonce": asked.nonce} if asked.nonce is not None else {})
        limited = {"opcode": Op.REQUEST_GUILD_MEMBERS, "retry_after": window.reset_after(now), "meta": meta}
        session.dispatch("RATE_LIMITED", orjson.dumps(limited))


def _send_named(asked: _Asked, wanted: list[Any]) -> None:
    ids = [int(user_id) for user_id in wanted[:_MAX_FOUND] if isinstance(user_id, str | int) and _is_id(user_id)]
    found = [user_id for user_id in ids if user_id in asked.guild.members]
    asked.send(found, not_found=[str(user_id) for user_id in ids if user_id not in asked.guild.members])


def _is_id(found: str | int) -> bool:
    text = str(found)
    return text.isascii() and text.isdecimal() and int(text[:21]) < 1 << 64


def _found(guild: Guild, start: str, most: int) -> list[int]:
    """Return members by name prefix: known members first, then the first `_MAX_SEARCHED` of the crowd."""

    def candidates() -> Iterator[int]:
        known = list(guild.members.stored)
        yield from known
        yield from (user_id for user_id in guild.members.roll.after(0, _MAX_SEARCHED) if user_id not in known)

    found: list[int] = []
    for user_id in candidates():
        if len(found) == most:
            break
        if guild.members.peek(user_id).name.lower().startswith(start):
            found.append(user_id)
    return found


def _send_next(asked: _Asked, index: int, last: int, chunks: int) -> None:
    """Send one chunk of a full list, and the next once the client has read the earlier ones."""
    loop = asyncio.get_running_loop()
    connection = asked.session.connection
    if connection is not None and connection.backlog > _BACKLOG:
        loop.call_later(_PAUSE, _send_next, asked, index, last, chunks)
        return
    ids = asked.guild.members.roll.after(last, _CHUNK)
    asked.send(ids, index=index, chunks=chunks)
    if ids and index + 1 < chunks and connection is not None:
        loop.call_soon(_send_next, asked, index + 1, ids[-1], chunks)
