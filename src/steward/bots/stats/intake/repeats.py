"""Events told twice: Discord delivers each zero, one or several times (docs: Reference > "Consistency")."""

from __future__ import annotations

from datetime import datetime, timedelta

from steward.bots.stats.counts.facts import EventKind, MemberEvent

WITHIN = timedelta(minutes=10)
OLD_MEMBER = timedelta(hours=1)
_MATTERS = {  # the matter that an event decides, and its own number
    EventKind.JOIN: (0, 0),
    EventKind.LEAVE: (0, 1),
    EventKind.BAN: (1, 2),
    EventKind.UNBAN: (1, 3),
    EventKind.KICK: (2, 4),
}
_WITHIN_MICROSECONDS = int(WITHIN.total_seconds() * 1e6)
REMEMBERED = 4096  # at the most, and the newest half of it at the least; 0.5 MB
_KIND_BITS, _INSTANT_BITS = 3, 60  # microseconds since 1970
_KIND, _INSTANT = (1 << _KIND_BITS) - 1, (1 << _INSTANT_BITS) - 1


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
        # The last word on a user is packed into one number: the latest moment of joining, when it was told, its kind.
        # An object would take four times as much.
        self._known: dict[int, int] = {}
        self._older: dict[int, int] = {}
        self._since: datetime | None = None

    @property
    def remembered(self) -> int:
        """How many words are remembered, those of the last ten minutes or twenty."""
        return len(self._known) + len(self._older)

    def is_one(self, event: MemberEvent, told_at: datetime) -> bool:
        """Tell whether `event`, told at that instant, repeats what is known; it counts as known from now on."""
        # A tuple would take three times as much; an id has at most 64 bits (docs: Reference > "Snowflakes").
        matter, kind = _MATTERS[event.kind]
        key = ((event.guild_id << 64) + event.user_id) * len(EventKind) + matter
        told = int(told_at.timestamp() * 1e6)
        known = self._known.get(key) or self._older.get(key, 0)
        if known and told - (known >> _KIND_BITS & _INSTANT) > _WITHIN_MICROSECONDS:
            known = 0
        joined = known >> _KIND_BITS + _INSTANT_BITS
        if event.kind is EventKind.JOIN:
            if told_at - event.at > OLD_MEMBER or (at := int(event.at.timestamp() * 1e6)) <= joined:
                return True
            joined = at
        elif known and known & _KIND == kind:
            return True
        if self._since is None or len(self._known) >= REMEMBERED // 2 or told_at - self._since > WITHIN:
            self._known, self._older, self._since = {}, self._known, told_at
        self._known[key] = (joined << _INSTANT_BITS | told) << _KIND_BITS | kind
        return False
