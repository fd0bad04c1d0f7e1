"""Details of events that organisers keep under a name, to begin further events with."""

from __future__ import annotations

from steward.bots.events.model.details import BadEvent, Details, decoded
from steward.store import Store, Transaction, kv
from steward.text.cutting import cut_label

LONGEST_NAME = 32
MOST = 25  # that Discord offers at once


class Templates:
    """The templates of each guild, by name; capitals make no difference."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def save(self, guild_id: int, name: str, details: Details) -> bool:
        """
        Keep details under a name; return whether they took the place of others.

        Raises `BadEvent` if the name is none, or there are too many.
        """
        name = " ".join(name.split()).lower()
        if not 0 < len(name) <= LONGEST_NAME:
            raise BadEvent(f"A template's name has 1 to {LONGEST_NAME} characters.", remedy="Choose another.")

        def work(tx: Transaction) -> bool:
            held = kv.under(tx, _prefix(guild_id))
            is_there = _prefix(guild_id) + name in held
            if not is_there and len(held) >= MOST:
                raise BadEvent(f"There are {MOST} templates already.", remedy="`/event template delete` makes room.")
            kv.put(tx, _prefix(guild_id) + name, details.encoded())
            return is_there

        return await self._store.write(work)

    async def all(self, guild_id: int) -> dict[str, Details]:
        """Return a guild's templates by name, in the order of the alphabet."""
        held = await self._store.read(lambda tx: kv.under(tx, _prefix(guild_id)))
        return {key.removeprefix(_prefix(guild_id)): decoded(text) for key, text in sorted(held.items())}

    async def get(self, guild_id: int, name: str) -> Details:
        """Return the details under a name; raises `BadEvent` if there are none."""
        kept = await self._store.read(lambda tx: kv.get(tx, _key(guild_id, name)))
        if kept is None:
            raise _no_such(name)
        return decoded(kept)

    async def delete(self, guild_id: int, name: str) -> None:
        """Forget a template; raises `BadEvent` if there is none of that name."""

        def work(tx: Transaction) -> None:
            if kv.get(tx, _key(guild_id, name)) is None:
                raise _no_such(name)
            kv.forget(tx, _key(guild_id, name))

        await self._store.write(work)


def _prefix(guild_id: int) -> str:
    return f"events.template.{guild_id}."


def _key(guild_id: int, name: str) -> str:
    return _prefix(guild_id) + " ".join(name.split()).lower()[:LONGEST_NAME]


def _no_such(name: str) -> BadEvent:
    return BadEvent(
        f"There's no template “{cut_label(name, LONGEST_NAME)}”.", remedy="/event template list shows those there are."
    )
