"""
A bot's profiles in a cache: in memory, and in Redis too if REDIS_URL is set.

    python examples/cache/profiles.py
    REDIS_URL=redis://localhost:6379/0 python examples/cache/profiles.py
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass

from steward.runtime.cache import Cache, RedisTier


@dataclass(frozen=True)
class Profile:
    name: str
    level: int


class Profiles:
    """What a cog would hold."""

    def __init__(self, cache: Cache) -> None:
        self._kept = cache.category("user_data", shared_as=Profile)
        self.queries = 0

    async def of(self, guild: int, user: int) -> Profile | None:
        async def query() -> Profile | None:
            self.queries += 1
            await asyncio.sleep(0.05)  # the database
            return Profile(f"member {user}", level=3)  # or None for no profile, which is cached for a minute

        return await self._kept.fetch(f"{guild}:{user}", query, tags=[f"user:{user}"])

    def changed(self, guild: int, user: int) -> None:
        """Call it after the profile has changed in the database."""
        self._kept.delete(f"{guild}:{user}")

    def left(self, guild: int) -> None:
        self._kept.delete_prefix(f"{guild}:")

    def forget(self, user: int) -> None:
        self._kept.delete_tag(f"user:{user}")


async def main() -> None:
    url = os.environ.get("REDIS_URL")
    async with Cache(max_entries=1000, max_bytes=16_000_000, shared=RedisTier(url) if url else None) as cache:
        profiles = Profiles(cache)
        await asyncio.gather(*(profiles.of(1, 42) for _ in range(1000)))
        print(f"1,000 asked at once, {profiles.queries} query")
        await profiles.of(1, 42)
        profiles.changed(1, 42)
        await profiles.of(1, 42)
        print(f"asked again, changed, asked again: {profiles.queries} queries")
        done = cache.statistics["user_data"]
        print(f"{done.hits} hits, {done.misses} misses, {done.loads} loads, {done.mean_load_seconds:.3f} s each")


if __name__ == "__main__":
    asyncio.run(main())
