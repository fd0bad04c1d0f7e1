"""The audit log of a guild; entries expire after 45 days."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta

from steward.runtime.clock import Clock
from steward.sim.people.user import Json
from steward.sim.snowflake import Snowflakes, made_at

GUILD_UPDATE = 1
CHANNEL_CREATE, CHANNEL_UPDATE, CHANNEL_DELETE = 10, 11, 12
KICK, PRUNE, BAN, UNBAN, BOT_ADD = 20, 21, 22, 23, 28
OVERWRITE_CREATE, OVERWRITE_UPDATE, OVERWRITE_DELETE = 13, 14, 15
MEMBER_UPDATE, MEMBER_ROLES, MEMBER_MOVE, MEMBER_DISCONNECT = 24, 25, 26, 27
ROLE_CREATE, ROLE_UPDATE, ROLE_DELETE = 30, 31, 32
INVITE_CREATE, INVITE_DELETE = 40, 42
WEBHOOK_CREATE, WEBHOOK_UPDATE, WEBHOOK_DELETE = 50, 51, 52
MESSAGE_DELETE, MESSAGE_BULK_DELETE, MESSAGE_PIN, MESSAGE_UNPIN = 72, 73, 74, 75
EMOJI_CREATE, INTEGRATION_DELETE, STAGE_CREATE = 60, 82, 83  # + 1 is the update, + 2 the deletion
STICKER_CREATE, STICKER_UPDATE, STICKER_DELETE = 90, 91, 92
EVENT_CREATE, EVENT_UPDATE, EVENT_DELETE = 100, 101, 102
THREAD_CREATE, THREAD_UPDATE, THREAD_DELETE = 110, 111, 112
SOUND_CREATE, RULE_CREATE = 130, 140
MESSAGE_BLOCKED, MESSAGE_FLAGGED, MEMBER_TIMED_OUT, MEMBER_QUARANTINED = 143, 144, 145, 146  # by auto moderation
ONBOARDING_UPDATE = 167
COUNTED = (MESSAGE_DELETE, MEMBER_MOVE, MEMBER_DISCONNECT)
"""Repeated within `SOON`, these increase the `count` of the earlier entry instead of adding one."""
SOON = timedelta(minutes=5)
KEPT = timedelta(days=45)


@dataclass(slots=True, frozen=True)
class AuditLogEntry:
    """An entry; `action` is Discord's number, `by` and `target` are ids, `options` further fields of some actions."""

    id: int
    action: int
    by: int
    target: int | None
    reason: str | None = None
    changes: list[Json] = field(default_factory=list)
    options: Json | None = None

    def payload(self) -> Json:
        """Return Discord's audit log entry object."""
        found: Json = {
            "id": str(self.id),
            "action_type": self.action,
            "user_id": str(self.by),
            "target_id": str(self.target) if self.target is not None else None,
        }
        if self.reason:
            found["reason"] = self.reason
        if self.changes:
            found["changes"] = self.changes
        if self.options:
            found["options"] = self.options
        return found


class AuditLog:
    """The entries of one guild, oldest first."""

    def __init__(self, clock: Clock, snowflakes: Snowflakes) -> None:
        self._clock = clock
        self._snowflakes = snowflakes
        self._entries: deque[AuditLogEntry] = deque()

    def add(
        self,
        action: int,
        *,
        by: int,
        target: int | None,
        reason: str | None = None,
        changes: list[Json] | None = None,
        options: Json | None = None,
    ) -> AuditLogEntry | None:
        """Write an entry and return it, or None if an earlier entry's count was increased."""
        if options and action in COUNTED and self._counted(action, by, target, options):
            return None
        entry = AuditLogEntry(self._snowflakes.next(), action, by, target, reason, changes or [], options)
        self._entries.append(entry)
        while made_at(self._entries[0].id) < self._clock.now() - KEPT:
            self._entries.popleft()
        return entry

    def _counted(self, action: int, by: int, target: int | None, options: Json) -> bool:
        """Increase the count of a recent entry about the same action, and return whether there was one."""
        since = self._clock.now() - SOON
        for entry in reversed(self._entries):
            if made_at(entry.id) < since:
                break
            same = (entry.action, entry.by, entry.target) == (action, by, target)
            if same and entry.options and entry.options.get("channel_id") == options.get("channel_id"):
                entry.options["count"] = str(int(entry.options["count"]) + 1)
                return True
        return False

    def entries(
        self,
        *,
        action: int | None = None,
        by: int | None = None,
        target: int | None = None,
        before: int | None = None,
        after: int | None = None,
        limit: int = 50,
    ) -> list[AuditLogEntry]:
        """
        Return up to `limit` entries that match, none older than 45 days: newest first, or oldest first with `after`.

        `before` and `after` are entry ids.
        """
        oldest = self._clock.now() - KEPT
        found = [
            entry
            for entry in self._entries
            if made_at(entry.id) >= oldest
            and (action is None or entry.action == action)
            and (by is None or entry.by == by)
            and (target is None or entry.target == target)
            and (before is None or entry.id < before)
            and (after is None or entry.id > after)
        ]
        if after is None:
            found.reverse()
        return found[:limit]
