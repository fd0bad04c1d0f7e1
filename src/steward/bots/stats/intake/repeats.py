"""Events told twice: Discord delivers each zero, one or several times (docs: Reference > "Consistency")."""

from __future__ import annotations

from array import array
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
REMEMBERED = 4096  # at the most, and the newest half of it at the least
_SLOTS = 4096  # a power of two, and twice what is remembered in them
_KIND_BITS = 3
_KIND = (1 << _KIND_BITS) - 1


class _LastWords:
    """
    The last word on each of some users: the latest moment of joining, when it was told, and its kind.

    A hash table in three arrays, 96 KB: numbers in a dict take three times as much, and what they leave between other
    objects after a raid can't be given back.
    """

    def __init__(self) -> None:
        empty = bytes(8 * _SLOTS)
        self._keys, self._joined, self._told = array("Q", empty), array("q", empty), array("q", empty)
        self.count = 0

    def find(self, key: int) -> tuple[int, int, int]:
        """Return joined and told, in microseconds since 1970, and the kind; zeros where nothing is known."""
        slot = self._slot(key)
        told = self._told[slot]
        return self._joined[slot], told >> _KIND_BITS, told & _KIND

    def put(self, key: int, joined: int, told: int, kind: int) -> None:
        slot = self._slot(key)
        self.count += not self._keys[slot]
        self._keys[slot], self._joined[slot], self._told[slot] = key, joined, told << _KIND_BITS | kind

    def _slot(self, key: int) -> int:
        """Return where the key is, or would be."""
        keys, slot = self._keys, key % _SLOTS
        while (there := keys[slot]) and there != key:
            slot = (slot + 1) % _SLOTS
        return slot


_NOTHING = _LastWords()
_ALL_BITS = (1 << 64) - 1


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
        self._known = self._older = _NOTHING
        self._since: datetime | None = None

    @property
    def remembered(self) -> int:
        """How many words are remembered, those of the last ten minutes or twenty."""
        return self._known.count + self._older.count

    def is_one(self, event: MemberEvent, told_at: datetime) -> bool:
        """Tell whether `event`, told at that instant, repeats what is known; it counts as known from now on."""
        matter, kind = _MATTERS[event.kind]
        key = hash((event.guild_id, event.user_id, matter)) & _ALL_BITS or 1  # of 64 bits: two of 4,096 never share one
        told = int(told_at.timestamp() * 1e6)
        joined, last_told, last_kind = self._last_word(key)
        is_known = last_told > 0 and told - last_told <= _WITHIN_MICROSECONDS
        if not is_known:
            joined = 0
        if event.kind is EventKind.JOIN:
            if told_at - event.at > OLD_MEMBER or (at := int(event.at.timestamp() * 1e6)) <= joined:
                return True
            joined = at
        elif is_known and last_kind == kind:
            return True
        if self._since is None or self._known.count >= REMEMBERED // 2 or told_at - self._since > WITHIN:
            self._known, self._older, self._since = _LastWords(), self._known, told_at
        self._known.put(key, joined, told, kind)
        return False

    def _last_word(self, key: int) -> tuple[int, int, int]:
        found = self._known.find(key)
        return found if found[1] else self._older.find(key)
