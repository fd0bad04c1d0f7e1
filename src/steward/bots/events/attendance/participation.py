"""Who said that they come, and who came: of past events together, and of one member over time. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from steward.bots.events.attendance.measured import Presence, counts_from, presences
from steward.bots.events.model.occurrences import Occurrence, occurrence
from steward.bots.events.model.timeline import ended_between
from steward.store import Transaction, to_millis

MAX_EVENTS = 200
LATELY = timedelta(weeks=4)
MEASURED = 20
"""Reliability looks at so many events that a member said yes to, the newest."""
MAX_SEARCHED = 200


@dataclass(frozen=True, slots=True)
class Turnout:
    """
    What became of one event.

    Attributes:
        measured: whether it is known who was there: a voice channel was set, and somebody was seen in it.

    """

    event: Occurrence
    there: Sequence[Presence]
    measured: bool

    @property
    def yes(self) -> list[Presence]:
        """Those who said that they come, and had a seat."""
        return [one for one in self.there if one.comes]

    @property
    def awaited(self) -> list[Presence]:
        """Those of them of whom it is known whether they did."""
        return [one for one in self.yes if one.counted] if self.measured else []

    @property
    def came(self) -> list[Presence]:
        """Those of these who did."""
        return [one for one in self.awaited if one.attended]

    def counting(self, counts: Callable[[int], bool]) -> Turnout:
        """Return the same, with members marked who do not want to be counted."""
        return replace(self, there=[replace(one, counted=counts(one.user_id)) for one in self.there])

    @property
    def unannounced(self) -> list[Presence]:
        """Those who came without having said so."""
        return [one for one in self.there if one.attended and not one.comes]


@dataclass(frozen=True, slots=True)
class Participation:
    """
    The events of a stretch of time.

    Attributes:
        silent: who gave no answer to how many of them that they might have answered, by name, the most first.

    """

    turnouts: Sequence[Turnout]
    silent: Sequence[tuple[str, int]] = ()

    @property
    def said_and_came(self) -> tuple[int, int]:
        """How often somebody said yes to an event that was measured, and how often they came."""
        return sum(len(one.awaited) for one in self.turnouts), sum(len(one.came) for one in self.turnouts)

    @property
    def perfect(self) -> list[tuple[str, int]]:
        """Who came each time that they had said so, by name, and how often; the most first."""
        said, came, names = Counter[int](), Counter[int](), dict[int, str]()
        for turnout in self.turnouts:
            for one in turnout.awaited:
                names[one.user_id] = one.name
                said[one.user_id] += 1
                came[one.user_id] += one.attended
        always = [(names[user], number) for user, number in said.items() if came[user] == number and user > 0]
        return sorted(always, key=lambda one: (-one[1], one[0].casefold()))


@dataclass(frozen=True, slots=True)
class AttendanceFacts:
    """
    What the database knows of the events of a stretch of time.

    Attributes:
        active: by user, the name of whoever answered an event of the guild lately.

    """

    turnouts: Sequence[Turnout]
    active: Mapping[int, str] = field(default_factory=dict)

    def participation(
        self, with_role: Mapping[int, Mapping[int, str]], counts: Callable[[int], bool] = lambda user_id: True
    ) -> Participation:
        """
        Say who answered and came.

        Args:
            with_role: by role, its members' names by user. An event for roles that are there expects an answer of
                these members; any other of those who answered others lately.
            counts: whether a member wants to be counted.

        """
        missing, names = Counter[int](), dict[int, str]()
        for turnout in self.turnouts:
            expected = self._expected(turnout.event, with_role)
            names.update(expected)
            missing.update(expected.keys() - {one.user_id for one in turnout.there if one.option is not None})
        silent = sorted(missing.items(), key=lambda one: (-one[1], names[one[0]].casefold()))
        turnouts = [turnout.counting(counts) for turnout in self.turnouts]
        return Participation(turnouts, [(names[user], number) for user, number in silent])

    def _expected(self, event: Occurrence, with_role: Mapping[int, Mapping[int, str]]) -> dict[int, str]:
        known = [with_role[role] for role in event.details.roles if role in with_role]
        if not known or len(known) < len(event.details.roles):
            return dict(self.active)
        return {user: name for members in known for user, name in members.items()}


@dataclass(frozen=True, slots=True)
class Reliability:
    """How often a member came, of the newest measured events that they said yes to."""

    came: int
    said: int


def facts(tx: Transaction, guild_id: int, begin: datetime, end: datetime) -> AttendanceFacts:
    """Return what is known of the events of a guild that ended in `[begin, end)`."""
    ended = ended_between(tx, guild_id, begin, end, limit=MAX_EVENTS)
    rows = tx.all(
        "SELECT a.user_id, a.name FROM event_answers a JOIN event_occurrences o ON o.id = a.occurrence_id"
        " WHERE o.guild_id = ? AND a.answered_at >= ? ORDER BY a.answered_at",
        (guild_id, to_millis(end - LATELY)),
    )
    return AttendanceFacts([turnout(tx, event) for event in ended], {user: name for user, name in rows if user > 0})


def turnout(tx: Transaction, event: Occurrence) -> Turnout:
    """Return what became of an event."""
    there = presences(tx, event.id)
    seen = tx.value("SELECT 1 FROM event_attendance WHERE occurrence_id = ? LIMIT 1", (event.id,)) is not None
    return Turnout(event, there, measured=event.details.voice_channel_id is not None and seen)


def reliability(tx: Transaction, guild_id: int, user_ids: Iterable[int]) -> dict[int, Reliability]:
    """Return how reliable members are in a guild; who said yes to no measured event is left out."""
    events: dict[int, Occurrence] = {}
    found = {}
    for user_id in user_ids:
        kept = list(islice(_came(tx, guild_id, user_id, events), MEASURED))
        if kept:
            found[user_id] = Reliability(sum(kept), len(kept))
    return found


def _came(tx: Transaction, guild_id: int, user_id: int, events: dict[int, Occurrence]) -> Iterator[bool]:
    """Yield, of the measured events that a member said yes to, the newest first, whether they came."""
    rows = tx.all(
        "SELECT o.id, a.option_key, m.millis FROM event_answers a"
        " JOIN event_occurrences o ON o.id = a.occurrence_id"
        " LEFT JOIN event_attendance m ON m.occurrence_id = a.occurrence_id AND m.user_id = a.user_id"
        " WHERE a.user_id = ? AND o.guild_id = ? AND o.state = 'over' AND a.seated = 1"
        " AND EXISTS (SELECT 1 FROM event_attendance x WHERE x.occurrence_id = o.id)"
        " ORDER BY o.starts_at DESC, o.id DESC LIMIT ?",
        (user_id, guild_id, MAX_SEARCHED),
    )
    for id_, key, millis in rows:
        if id_ not in events:
            events[id_] = occurrence(tx, id_)
        event = events[id_]
        option = event.details.option(key)
        if option is not None and option.comes and event.details.voice_channel_id is not None:
            yield timedelta(milliseconds=millis or 0) >= counts_from(event)
