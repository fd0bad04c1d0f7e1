"""Who of some members has left the server: of them nothing is shown, and they don't count."""

from __future__ import annotations

from collections.abc import Iterable

from steward.client.lean import LeanClient
from steward.client.members.absent_members import AbsentMembers
from steward.errors import StewardError
from steward.runtime.cache import Cache, Category

ABSENT_FOR = 300.0
"""Seconds for which it is remembered who has left."""


class WhoLeft:
    """
    Asks Discord, and remembers the answer for a while.

    Args:
        category: of the cache, in which it is remembered; one for each bot.

    """

    def __init__(self, client: LeanClient, cache: Cache, category: str) -> None:
        self._members = AbsentMembers(client)
        self._absent: Category[frozenset[int]] = cache.category(category, ttl=ABSENT_FOR)

    async def among(self, guild_id: int, user_ids: Iterable[int]) -> frozenset[int]:
        """Return who of some members has left; nobody where Discord doesn't tell. Those forgotten aren't asked for."""
        asked = sorted(user_id for user_id in user_ids if user_id > 0)
        if not asked:
            return frozenset()
        key = f"{guild_id}:{hash(tuple(asked))}"

        async def load() -> frozenset[int]:
            return frozenset(await self._members.among(guild_id, asked))

        try:
            return await self._absent.fetch(key, load) or frozenset()
        except StewardError:  # it is a courtesy to those who are here, and no reason to show nothing
            return frozenset()
