"""The guilds of a bot, by shard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from steward.sim.guilds.guild import Guild

_MOST_COUNTS = 4


class BotGuilds:
    """The guilds that one bot is a member of; iterated by ascending id."""

    def __init__(self) -> None:
        self._by_id: dict[int, Guild] = {}
        # Number of shards, shard, id; filled when a number is first asked for, and kept for the latest ones.
        self._by_shard: dict[int, dict[int, dict[int, Guild]]] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Guild]:
        return (self._by_id[guild_id] for guild_id in sorted(self._by_id))

    def add(self, guild: Guild) -> None:
        """Add a guild."""
        self._by_id[guild.id] = guild
        for shards, by_shard in self._by_shard.items():
            by_shard.setdefault(guild.shard_of(shards), {})[guild.id] = guild

    def discard(self, guild: Guild) -> None:
        """Remove a guild, if it is here."""
        if self._by_id.pop(guild.id, None) is not None:
            for shards, by_shard in self._by_shard.items():
                del by_shard[guild.shard_of(shards)][guild.id]

    def of_shard(self, shard: int, shards: int) -> list[Guild]:
        """Return the guilds of a shard, by ascending id; only the first call for a number of shards looks at all."""
        by_shard = self._by_shard.get(shards)
        if by_shard is None:
            if len(self._by_shard) == _MOST_COUNTS:
                del self._by_shard[next(iter(self._by_shard))]
            by_shard = self._by_shard[shards] = {}
            for guild in self._by_id.values():
                by_shard.setdefault(guild.shard_of(shards), {})[guild.id] = guild
        found = by_shard.get(shard, {})
        return [found[guild_id] for guild_id in sorted(found)]
