"""Events told twice: Discord delivers each zero, one or several times (docs: Reference > "Consistency")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from steward.bots.stats.counts.facts import EventKind, MemberEvent

WITHIN = timedelta(minutes=10)
OLD_MEMBER = timedelta(hours=1)
_MATTERS = {
    EventKind.JOIN: 0,
    EventKind.LEAVE: 0,
    EventKind.BAN: 1,
    EventKind.UNBAN: 1,
    EventKind.KICK: 2,
}
REMEMBERED = 4096  # at the most, and the newest half of it at the least; 0.9 MB


@dataclass(slots=True)  # frozen, it would take twice as long to make, for each event
class _Known:
    """The last word on one user: its kind, when it was told, and the latest moment of joining."""

    kind: EventKind
    told_at: datetime
    joined_at: datetime | None


class Deduplicator:
    """
    Knows which events say nothing new.

    Guarantee: within ten minutes each join, leave, ban and unban counts once, in whatever order those of different
    users come, and however often each is repeated before the same user's next; a user's join and leave may change
    places. A join repeated later still is known by its moment. A leave or unban repeated after the same user's next
    event cannot be told from a second one; the exact count of the next session, or of the next day, puts it right.

    Nobody leaves twice without joining between, and a join is one with its moment: what repeats the last word on a
    user within ten minutes, or a moment that is known, is a repetition. GUILD_MEMBER_ADD also comes for members of
    old; their moment tells.
    """

    def __init__(self) -> None:
        # Two generations, the older of which goes as a whole: after so many events or, where few come, so much time.
        self._known: dict[int, _Known] = {}
        self._older: dict[int, _Known] = {}
        self._since: datetime | None = None

    @property
    def remembered(self) -> int:
        """How many words are remembered, those of the last ten minutes or twenty."""
        return len(self._known) + len(self._older)

    def is_one(self, event: MemberEvent, told_at: datetime) -> bool:
        """Tell whether `event`, told at that instant, repeats what is known; it counts as known from now on."""
        # A tuple would take three times as much; an id has at most 64 bits (docs: Reference > "Snowflakes").
        key = ((event.guild_id << 64) + event.user_id) * len(EventKind) + _MATTERS[event.kind]
        known = self._known.get(key) or self._older.get(key)
        if known is not None and told_at - known.told_at > WITHIN:
            known = None
        joined_at = known.joined_at if known is not None else None
        if event.kind is EventKind.JOIN:
            if told_at - event.at > OLD_MEMBER or (joined_at is not None and event.at <= joined_at):
                return True
            joined_at = event.at
        elif known is not None and known.kind is event.kind:
            return True
        if self._since is None or len(self._known) >= REMEMBERED // 2 or told_at - self._since > WITHIN:
            self._known, self._older, self._since = {}, self._known, told_at
        self._known[key] = _Known(event.kind, told_at, joined_at)
        return False
