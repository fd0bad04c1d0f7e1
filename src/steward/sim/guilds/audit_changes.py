"""
The changes in an audit log entry.

Source: discord-api-docs, developers/resources/audit-log.mdx, "Audit Log Change Object": a key for each field that was
set, changed or removed; `$add` and `$remove` for a member's roles.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from steward.sim.people.user import Json

if TYPE_CHECKING:
    from steward.sim.guilds.role import Role

_NEVER = frozenset({  # ids, fields of responses only, and fields that Discord changes by itself
    "id", "guild_id", "user", "creator", "creator_id", "owner_id", "application_id", "token", "url", "bot", "joined_at",
    "last_message_id", "last_pin_timestamp", "message_count", "member_count", "total_message_sent", "create_timestamp",
    "archive_timestamp", "roles", "emojis", "stickers", "pending", "managed", "available", "sound_id",
    "guild_scheduled_event_exceptions", "entity_id", "avatar", "require_colons",
})  # fmt: skip
_OWN_ENTRIES = "permission_overwrites"  # each change in an existing channel has an entry of its own
_NESTED = ("thread_metadata", "entity_metadata")


def between(before: Json | None, after: Json | None) -> list[Json]:
    """Return the changes between two payloads of an object; `before` is None for a new one, `after` for a deleted."""
    old, new = _flat(before), _flat(after)
    skipped = {_OWN_ENTRIES} if before is not None and after is not None else set()
    return [
        change(key, old.get(key), new.get(key))
        for key in dict.fromkeys([*old, *new])
        if key not in _NEVER and key not in skipped and old.get(key) != new.get(key)
    ]


def change(key: str, old: object, new: object) -> Json:
    """Return Discord's change object; a value of None is omitted."""
    found: Json = {"key": key}
    if old is not None:
        found["old_value"] = old
    if new is not None:
        found["new_value"] = new
    return found


def of_roles(added: Iterable[Role], removed: Iterable[Role]) -> list[Json]:
    """Return the changes of a member's roles."""
    parts = (("$add", added), ("$remove", removed))
    listed = [(key, [{"id": str(role.id), "name": role.name} for role in roles]) for key, roles in parts]
    return [change(key, None, roles) for key, roles in listed if roles]


def _flat(payload: Json | None) -> Json:
    found = dict(payload or {})
    for key in _NESTED:
        found |= found.pop(key, None) or {}
    return found
