"""Where events in the making are kept, so that a restart loses none: one for each guild and organiser."""

from __future__ import annotations

import orjson

from steward.bots.events.draft import Draft
from steward.store import Store, Transaction, kv

PREFIX = "events.draft."
EPOCH = 1_420_070_400_000  # docs: Reference > "Snowflakes": milliseconds since the first second of 2015, and 22 bits


class Drafts:
    """
    Remembers drafts; a new one takes the place of the one before.

    Args:
        store: keeps them.

    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, guild_id: int, user_id: int) -> Draft | None:
        """Return a member's draft, or None where there is none."""
        kept = await self._store.read(lambda tx: kept_draft(tx, guild_id, user_id))
        return None if kept is None else Draft.of(kept)

    async def keep(self, guild_id: int, user_id: int, draft: Draft) -> None:
        """Remember a draft."""
        text = draft.encoded()
        await self._store.write(lambda tx: kv.put(tx, _key(guild_id, user_id), text))

    async def drop(self, guild_id: int, user_id: int) -> None:
        """Forget a draft."""

        def work(tx: Transaction) -> None:
            kv.forget(tx, _key(guild_id, user_id))

        await self._store.write(work)


def kept_draft(tx: Transaction, guild_id: int, user_id: int) -> str | None:
    """Return a member's draft as it is kept, or None where there is none."""
    return kv.get(tx, _key(guild_id, user_id))


def forget_drafts(tx: Transaction, before: int) -> int:
    """Drop the drafts that were begun before an instant, in milliseconds; return how many."""
    old = [key for key, kept in kv.under(tx, PREFIX).items() if (orjson.loads(kept)["id"] >> 22) + EPOCH < before]
    for key in old:
        kv.forget(tx, key)
    return len(old)


def _key(guild_id: int, user_id: int) -> str:
    return f"{PREFIX}{guild_id}.{user_id}"
