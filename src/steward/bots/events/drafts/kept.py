"""Where events and polls in the making are kept, so that a restart loses none: one each for a guild and organiser."""

from __future__ import annotations

from typing import ClassVar, Generic, Protocol, Self, TypeVar

import orjson

from steward.client.payloads import created_ms
from steward.store import Store, Transaction, kv
from steward.store.retention import portion

PREFIX = "events.draft."


class Keepable(Protocol):
    """
    What can be kept: JSON with an `id`, that of the interaction that began it.

    Attributes:
        KEPT_AS: what sets its kind apart from others.

    """

    KEPT_AS: ClassVar[str]

    def encoded(self) -> str:
        """Return it as JSON."""

    @classmethod
    def of(cls, text: str) -> Self:
        """Read what `encoded` wrote."""


Kind = TypeVar("Kind", bound=Keepable)


class Drafts(Generic[Kind]):
    """
    Remembers drafts of a kind; a new one takes the place of the one before.

    Args:
        store: keeps them.
        kind: of an event or of a poll.

    """

    def __init__(self, store: Store, kind: type[Kind]) -> None:
        self._store = store
        self._kind = kind

    async def of(self, guild_id: int, user_id: int) -> Kind | None:
        """Return a member's draft, or None where there is none."""
        kept = await self._store.read(lambda tx: kept_draft(tx, self._kind, guild_id, user_id))
        return None if kept is None else self._kind.of(kept)

    async def keep(self, guild_id: int, user_id: int, draft: Kind) -> None:
        """Remember a draft."""
        text = draft.encoded()
        await self._store.write(lambda tx: kv.put(tx, _key(self._kind, guild_id, user_id), text))

    async def drop(self, guild_id: int, user_id: int) -> None:
        """Forget a draft."""
        await self._store.write(lambda tx: drop_draft(tx, self._kind, guild_id, user_id))


def kept_draft(tx: Transaction, kind: type[Keepable], guild_id: int, user_id: int) -> str | None:
    """Return a member's draft as it is kept, or None where there is none."""
    return kv.get(tx, _key(kind, guild_id, user_id))


def drop_draft(tx: Transaction, kind: type[Keepable], guild_id: int, user_id: int) -> None:
    """Forget a member's draft."""
    kv.forget(tx, _key(kind, guild_id, user_id))


def forget_drafts(tx: Transaction, before: int, now: int) -> int:
    """Drop a portion of the drafts that were begun before an instant; return how many. In milliseconds."""
    begun = {key: created_ms(orjson.loads(kept)["id"]) for key, kept in kv.under(tx, PREFIX).items()}
    until = portion(before, oldest=min(begun.values(), default=None), newest=max(begun.values(), default=None), now=now)
    old = [key for key, at in begun.items() if at < until]
    for key in old:
        kv.forget(tx, key)
    return len(old)


def _key(kind: type[Keepable], guild_id: int, user_id: int) -> str:
    return f"{PREFIX}{kind.KEPT_AS}{guild_id}.{user_id}"
