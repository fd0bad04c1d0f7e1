"""What members have begun and not saved, one of a kind for a guild and member; a restart loses none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Generic, TypeVar

import orjson

from steward.client.payloads import created_ms
from steward.store import Transaction, kv
from steward.store.export.personal import PersonalData
from steward.store.json_values import from_json, to_json
from steward.store.retention import deletion_limit

D = TypeVar("D")

_REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class HeldDraft(Generic[D]):
    """
    A draft as it is stored.

    Attributes:
        refused: what was typed in a form and not taken, by the form's fields: it stands in the form again.

    """

    draft: D
    refused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drafts(Generic[D]):
    """
    Where drafts of a kind are stored; a new one takes the place of the member's former one.

    Attributes:
        kind: a frozen dataclass of what `steward.store.json_values` reads.
        prefix: of their keys: `events.draft.`.
        upgrade: makes what an earlier version has stored what this one stores.

    """

    kind: type[D]
    prefix: str
    upgrade: Callable[[dict[str, Any]], dict[str, Any]] = lambda kept: kept

    def get(self, tx: Transaction, guild_id: int, user_id: int) -> HeldDraft[D] | None:
        """Return a member's draft; None where there is none."""
        text = kv.get(tx, self.key(guild_id, user_id))
        if text is None:
            return None
        kept = orjson.loads(text)
        return HeldDraft(from_json(self.kind, self.upgrade(kept)), kept.get(_REFUSED, {}))

    def put(self, tx: Transaction, guild_id: int, user_id: int, held: HeldDraft[D]) -> None:
        """Store a member's draft."""
        values = {one.name: getattr(held.draft, one.name) for one in fields(self.kind)}  # type: ignore[arg-type] # D
        kv.put(tx, self.key(guild_id, user_id), to_json({**values, _REFUSED: held.refused}))

    def drop(self, tx: Transaction, guild_id: int, user_id: int) -> None:
        kv.forget(tx, self.key(guild_id, user_id))

    def key(self, guild_id: int, user_id: int) -> str:
        """Return under what key of the table `kv` a member's draft is."""
        return _key(self.prefix, guild_id, user_id)

    def prune(self, tx: Transaction, before: int, now: int) -> int:
        """
        Delete a portion of the drafts that were begun before an instant, by their `id`; return how many.

        Args:
            tx: deletes them, with those of kinds whose prefix begins with this one's.
            before: in milliseconds, as `now`.

        """
        begun = {key: created_ms(orjson.loads(kept)["id"]) for key, kept in kv.under(tx, self.prefix).items()}
        oldest, newest = min(begun.values(), default=None), max(begun.values(), default=None)
        until = deletion_limit(before, oldest=oldest, newest=newest, now=now)
        old = [key for key, at in begun.items() if at < until]
        for key in old:
            kv.forget(tx, key)
        return len(old)


def draft_data(prefix: str, name: str, said: str) -> PersonalData:
    """
    Return what `/privacy` shows of a member's draft; the kind of it need not be loaded.

    Args:
        prefix: see `Drafts`.

    """

    def records(tx: Transaction, guild_id: int, user_id: int) -> list[dict[str, Any]]:
        text = kv.get(tx, _key(prefix, guild_id, user_id))
        return [] if text is None else [{"draft": text}]

    return PersonalData(name, frozenset(), records, lambda _: said)


def _key(prefix: str, guild_id: int, user_id: int) -> str:
    return f"{prefix}{guild_id}.{user_id}"
