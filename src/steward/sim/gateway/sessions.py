"""The gateway sessions of all bots, by id and by shard."""

from __future__ import annotations

from collections.abc import Iterator

from steward.sim.gateway.session import GatewaySession
from steward.sim.guilds.guild import Guild


class Sessions:
    """Sessions that are connected or can be resumed."""

    def __init__(self) -> None:
        self._by_id: dict[str, GatewaySession] = {}
        self._by_shard: dict[int, dict[int, dict[str, GatewaySession]]] = {}  # number of shards, shard, id

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[GatewaySession]:
        return iter(self._by_id.values())

    def __contains__(self, session: GatewaySession) -> bool:
        return session.id in self._by_id

    def get(self, session_id: str) -> GatewaySession | None:
        """Return a session by its id."""
        return self._by_id.get(session_id)

    def add(self, session: GatewaySession) -> None:
        """Add a session."""
        shard, shards = session.shard
        self._by_id[session.id] = session
        self._by_shard.setdefault(shards, {}).setdefault(shard, {})[session.id] = session

    def discard(self, session: GatewaySession) -> None:
        """Remove a session, if it is here."""
        if self._by_id.pop(session.id, None) is None:
            return
        shard, shards = session.shard
        del self._by_shard[shards][shard][session.id]
        if not self._by_shard[shards][shard]:
            del self._by_shard[shards][shard]
        if not self._by_shard[shards]:
            del self._by_shard[shards]

    def for_guild(self, guild: Guild | None) -> Iterator[GatewaySession]:
        """Yield the sessions whose shard a guild belongs to; without a guild, those of shard 0."""
        for shards, by_shard in self._by_shard.items():
            yield from by_shard.get(guild.shard_of(shards) if guild is not None else 0, {}).values()
