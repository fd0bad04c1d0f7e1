"""Entries of a guild's audit log, as far as they tell who left and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from steward.client.payloads import created_ms
from steward.store.instants import from_millis


class AuditAction(IntEnum):
    """What the audit log is asked for, by Discord's numbers (docs: Audit Log > "Audit Log Events")."""

    KICK = 20
    BAN = 22
    UNBAN = 23


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry: what was done to which user; `name` is empty where Discord does not tell it."""

    id: int
    action: AuditAction
    user_id: int
    name: str

    @property
    def at(self) -> datetime:
        """When it was done."""
        return from_millis(created_ms(self.id))
