"""Events told twice: Discord delivers each zero, one or several times (docs: Reference > "Consistency")."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

from steward.bots.stats.facts import Kind, MemberEvent

WITHIN = timedelta(minutes=10)
OLD_MEMBER = timedelta(hours=1)
REMEMBERED = 4096  # users; some 0.5 MB at the most


class Repeats:
    """
    Knows which events say nothing new.

    Nobody leaves twice without joining between, and a join is one with its moment: what repeats the last word on a
    user within ten minutes is a repetition. GUILD_MEMBER_ADD also comes for members of old; their moment tells.
    """

    def __init__(self) -> None:
        self._last: OrderedDict[tuple[int, bool], tuple[Kind, datetime, datetime]] = OrderedDict()

    def is_one(self, event: MemberEvent, told_at: datetime) -> bool:
        """Tell whether `event`, told at that instant, repeats what is known; it counts as known from now on."""
        if event.kind is Kind.JOIN and told_at - event.at > OLD_MEMBER:
            return True
        key = (event.user_id, event.kind in (Kind.BAN, Kind.UNBAN))
        last = self._last.get(key)
        self._last[key] = (event.kind, event.at, told_at)
        self._last.move_to_end(key)
        if len(self._last) > REMEMBERED:
            self._last.popitem(last=False)
        if last is None or last[0] is not event.kind or told_at - last[2] > WITHIN:
            return False
        return event.kind is not Kind.JOIN or last[1] == event.at
