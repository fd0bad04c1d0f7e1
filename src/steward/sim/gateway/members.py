"""
Op 8, REQUEST_GUILD_MEMBERS: members in chunks of 1000.

Source: discord-api-docs, events/gateway-events.mdx; full lists once in 30 s a guild since 2025-10-01.
"""

from __future__ import annotations

from typing import Any

import orjson

from steward.runtime.clock import Clock
from steward.sim.gateway import intents
from steward.sim.gateway.opcodes import Op
from steward.sim.gateway.session import Session
from steward.sim.guild import Guild
from steward.sim.limits import Rate, Window
from steward.sim.world import World

_CHUNK = 1000
_MOST_FOUND = 100
_FULL_LIST = Rate(1, 30.0)


class Requests:
    """Answers requests for members."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._world = world
        self._clock = clock
        self._full: dict[tuple[int, int], Window] = {}

    def answer(self, session: Session, data: Any) -> None:
        """Send the chunks asked for; what Discord ignores is ignored."""
        guild = self._guild(session, data)
        if guild is None:
            return
        wanted = data.get("user_ids")
        nonce = data.get("nonce")
        if wanted is not None:
            self._send_named(session, guild, wanted if isinstance(wanted, list) else [wanted], nonce)
        elif data.get("query") == "" and data.get("limit") == 0:
            self._send_all(session, guild, nonce)
        else:
            self._send_found(session, guild, str(data.get("query", "")), data.get("limit"), nonce)

    def _guild(self, session: Session, data: Any) -> Guild | None:
        try:
            guild = self._world.guilds.get(int(data["guild_id"]))
        except (TypeError, KeyError, ValueError):
            return None
        return guild if guild is not None and session.bot.id in guild.bots and session.covers(guild) else None

    def _send_named(self, session: Session, guild: Guild, wanted: list[Any], nonce: Any) -> None:
        ids = [int(user_id) for user_id in wanted[:_MOST_FOUND] if str(user_id).isdigit()]
        found = [user_id for user_id in ids if user_id in guild.roll]
        missing = [str(user_id) for user_id in ids if user_id not in guild.roll]
        self._chunk(session, guild, found, nonce, not_found=missing)

    def _send_found(self, session: Session, guild: Guild, query: str, limit: Any, nonce: Any) -> None:
        most = limit if isinstance(limit, int) and 0 < limit <= _MOST_FOUND else _MOST_FOUND
        start = query.lower()
        names = (member for member in guild.known_members if member.name.lower().startswith(start))
        self._chunk(session, guild, [member.id for member in names][:most], nonce)

    def _send_all(self, session: Session, guild: Guild, nonce: Any) -> None:
        if not session.intents & intents.MEMBERS:
            return
        window = self._full.setdefault((session.bot.id, guild.id), Window(_FULL_LIST))
        now = self._clock.monotonic()
        if not window.take(now):
            meta = {"guild_id": str(guild.id)} | ({"nonce": nonce} if nonce is not None else {})
            limited = {"opcode": Op.REQUEST_GUILD_MEMBERS, "retry_after": window.reset_after(now), "meta": meta}
            session.dispatch("RATE_LIMITED", orjson.dumps(limited))
            return
        chunks = -(-guild.member_count // _CHUNK)
        last = 0
        for index in range(chunks):
            ids = guild.roll.after(last, _CHUNK)
            last = ids[-1]
            self._chunk(session, guild, ids, nonce, index=index, chunks=chunks)

    def _chunk(
        self,
        session: Session,
        guild: Guild,
        ids: list[int],
        nonce: Any,
        *,
        index: int = 0,
        chunks: int = 1,
        not_found: list[str] | None = None,
    ) -> None:
        data: dict[str, Any] = {
            "guild_id": str(guild.id),
            "members": [guild.member_payload(user_id) for user_id in ids],
            "chunk_index": index,
            "chunk_count": chunks,
        }
        if not_found:
            data["not_found"] = not_found
        if nonce is not None:
            data["nonce"] = nonce
        session.dispatch("GUILD_MEMBERS_CHUNK", orjson.dumps(data))
