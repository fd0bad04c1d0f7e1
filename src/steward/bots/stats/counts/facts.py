"""What the statistics bot knows: events of members, counts of a guild, a day summed up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple, Protocol

from steward.bots.stats.intake.gaps import Gap
from steward.store import Transaction

MOMENT = timedelta(milliseconds=1)  # the shortest time that is told apart in what is kept


class EventKind(StrEnum):
    """What happened to a member. A kick is told beside the leave that it is; its reason is in the audit log."""

    JOIN = "join"
    LEAVE = "leave"
    KICK = "kick"
    BAN = "ban"
    UNBAN = "unban"

    @property
    def step(self) -> int:
        """By how much it moves the count that it belongs to: members, or bans. A kick is counted as its leave."""
        return _STEPS[self]


BANS = frozenset({EventKind.BAN, EventKind.UNBAN})
"""What moves the number of bans; asked for each event, where naming a member of an enumeration takes as long."""

_STEPS = {
    EventKind.JOIN: 1,
    EventKind.LEAVE: -1,
    EventKind.KICK: 0,
    EventKind.BAN: 1,
    EventKind.UNBAN: -1,
}


class MemberEvent(NamedTuple):
    """
    One join, leave, kick, ban or unban: one is made for each event, and a frozen dataclass takes three times as long.

    Attributes:
        name: the user's name as Discord gave it, not escaped.
        origin: what makes the event unique, so that one told twice is kept once.
        bot: whether the user is a bot; None when not told.

    """

    guild_id: int
    kind: EventKind
    user_id: int
    name: str
    at: datetime
    origin: str
    bot: bool | None = None

    def nameless(self, salt: bytes) -> MemberEvent:
        """
        Return the event without who it was, for members who do not want to be known; told again it is the same.

        Args:
            salt: makes a stand-in of the member's id, negative as no id is, that nobody can turn back.

        """
        who = blake2b(f"{self.guild_id}:{self.user_id}".encode(), digest_size=7, key=salt).digest()
        origin = blake2b(self.origin.encode(), digest_size=16).hexdigest()
        return self._replace(user_id=-1 - int.from_bytes(who), name="", origin=f"nameless:{origin}")


@dataclass(slots=True)
class GuildCounts:
    """
    The counts of one guild; None where nothing is known yet.

    Attributes:
        bots_exact: whether bots and humans have been counted one by one, or taken from the roles that bots have.
        role_sizes: members of each role that somebody wants counted.
        today: the date in the guild's zone, where a counter shows it.

    """

    guild_id: int
    name: str = ""
    members: int | None = None
    online: int | None = None
    bans: int | None = None
    humans: int | None = None
    bots: int | None = None
    bots_exact: bool = False
    boosts: int | None = None
    roles: int | None = None
    channels: int | None = None
    voice: int | None = None
    role_sizes: dict[int, int] = field(default_factory=dict)
    goal: int | None = None
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """
    A stretch of time summed up.

    Attributes:
        names: the first names of each kind, in order of time.
        members: members at the end; None when unknown.
        members_before: members at the beginning; None when unknown.
        peak_online: the most members seen online at once; None when unknown.
        gaps: the times in it of which nobody has told.

    """

    begin: datetime
    end: datetime
    counts: dict[EventKind, int]
    names: dict[EventKind, list[str]]
    members: int | None = None
    members_before: int | None = None
    peak_online: int | None = None
    gaps: tuple[Gap, ...] = ()

    @property
    def net(self) -> int | None:
        """Growth by the counts of the guild; None when they are unknown."""
        if self.members is None or self.members_before is None:
            return None
        return self.members - self.members_before


class StreamPlace(Protocol):
    """How far the events have been read."""

    def keep(self, tx: Transaction) -> None:
        """Write it down, so that the next process goes on from here."""
