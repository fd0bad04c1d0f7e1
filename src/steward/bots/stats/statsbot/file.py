"""
Reading `member_stats.json`, in which StatsBot kept its joins, leaves, bans and unbans.

    {"2025-07-15": {"joins": [{"id": …, "username": …, "timestamp": …}, …], "leaves": […], "bans": […], "unbans": […]}}

StatsBot wrote `datetime.now(zone).isoformat()`, with the offset of US/Eastern; its first versions had no "unbans".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TextIO
from zoneinfo import ZoneInfo

from steward.bots.stats.counts.facts import EventKind, MemberEvent
from steward.bots.stats.statsbot.entry import StatsBotEntry, read_entry
from steward.errors import NeedsOperator
from steward.runtime.json_stream import JsonFault, JsonStream
from steward.settings.problems import nearest

LISTS = {
    "joins": EventKind.JOIN,
    "leaves": EventKind.LEAVE,
    "bans": EventKind.BAN,
    "unbans": EventKind.UNBAN,
}
PROBLEMS_SHOWN = 20

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What is wrong with one place of the file, such as `2025-07-15 joins[2].id`, and how to put it right."""

    line: int
    place: str
    why: str
    fix: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.place}\n     Why: {self.why}\n     Fix: {self.fix}"


class StatsBotFileError(NeedsOperator):
    """
    The file cannot be imported as it is.

    Args:
        problems: the first of them.
        count: how many there are.

    """

    def __init__(self, problems: list[FileProblem], count: int) -> None:
        self.problems = tuple(problems)
        self.count = count
        places = "1 place needs" if count == 1 else f"{count:,} places need"
        listed = "\n".join(f"  {number}. {problem}" for number, problem in enumerate(problems, 1))
        more = f"\n  ... and {count - len(problems):,} more" if count > len(problems) else ""
        super().__init__(
            f"The file cannot be imported: {places} your attention. Nothing was written.\n\n{listed}{more}\n",
            remedy="Correct a copy of the file and import that.",
        )

    def __str__(self) -> str:
        return f"{self.sentence}\n{self.remedy}"


@dataclass(slots=True)
class FileReading:
    """
    What one passage through the file has found so far.

    Attributes:
        events: events of each kind, doubled ones too.
        without_zone: times that say no zone.
        ambiguous: of these, those that the clocks showed twice; the first is taken.
        nonexistent: of these, those that the clocks left out.
        other_day: times on another date than the day they are listed under.

    """

    days: int = 0
    first_day: date | None = None
    last_day: date | None = None
    events: dict[EventKind, int] = field(default_factory=lambda: dict.fromkeys(LISTS.values(), 0))
    without_zone: int = 0
    ambiguous: int = 0
    nonexistent: int = 0
    other_day: int = 0
    problems: list[FileProblem] = field(default_factory=list)
    wrong: int = 0


class StatsBotFile:
    """
    One passage through a file: iterate once over its events; `reading` holds what else was found.

    Memory is bounded, whatever the size of the file.

    Args:
        text: the file, opened as UTF-8 with `errors="surrogateescape"`.
        guild_id: the server whose events these are; the file does not say.
        zone: where times are from that say no zone.
        now: no event can be later than a day from now.

    """

    def __init__(self, text: TextIO, *, guild_id: int, zone: ZoneInfo, now: datetime) -> None:
        self.reading = FileReading()
        self._stream = JsonStream(text)
        self._guild_id = guild_id
        self._zone = zone
        self._now = now

    def __iter__(self) -> Iterator[MemberEvent]:
        """
        Yield the events in the file's order.

        Raises:
            StatsBotFileError: at the end, if anything in the file was wrong.

        """
        try:
            yield from self._days()
        except JsonFault as fault:
            self._note(fault.line, "", f"the file {fault.why}.", _REPAIR)
        if self.reading.wrong:
            raise StatsBotFileError(self.reading.problems, self.reading.wrong)

    def _days(self) -> Iterator[MemberEvent]:
        if self._stream.peek() != "{":
            self._note(self._stream.line, "", "the file does not begin with {, as StatsBot's does.", _REPAIR)
            return
        for key in self._stream.members():
            day = _day(key)
            if day is None:
                fix = "Write the date as 2025-07-15, or take the part out."
                self._pass_over(_shorten(key), "this is no date.", fix)
            elif self._stream.peek() != "{":
                fix = 'Write {"joins": [...], "leaves": [...], "bans": [...], "unbans": [...]}, or take the day out.'
                self._pass_over(key, "the day is no object of lists.", fix)
            else:
                self._count_day(day)
                yield from self._lists(day)
        self._stream.end()

    def _lists(self, day: date) -> Iterator[MemberEvent]:
        for name in self._stream.members():
            kind = LISTS.get(name)
            if kind is None:
                near = nearest(name.lower(), LISTS)
                fix = f"Did you mean {near}?" if near else f"StatsBot writes {', '.join(LISTS)}: take it out."
                self._pass_over(f"{day} {_shorten(name)}", "StatsBot writes no such list.", fix)
            elif self._stream.peek() != "[":
                fix = "Write the entries in brackets: [...]; [] where there are none."
                self._pass_over(f"{day} {name}", "this is no list.", fix)
            else:
                yield from self._entries(day, name, kind)

    def _entries(self, day: date, name: str, kind: EventKind) -> Iterator[MemberEvent]:
        for index in self._stream.items():
            if self._stream.peek() != "{":
                fix = 'Write {"id": ..., "username": ..., "timestamp": ...}, or take it out.'
                self._pass_over(f"{day} {name}[{index}]", "the entry is no object.", fix)
                continue
            entry = read_entry(self._stream.value(), self._zone, self._now)
            if isinstance(entry, StatsBotEntry):
                yield self._event(entry, kind, day)
                continue
            for wrong in entry:
                line = self._stream.line_in_value(wrong.member if wrong.there else None)
                self._note(line, f"{day} {name}[{index}].{wrong.member}", wrong.why, wrong.fix)

    def _event(self, entry: StatsBotEntry, kind: EventKind, day: date) -> MemberEvent:
        reading, written = self.reading, entry.written
        reading.events[kind] += 1
        reading.other_day += written.date() != day
        moment = written
        if written.tzinfo is None:
            reading.without_zone += 1
            local = written.replace(tzinfo=self._zone)
            if local.utcoffset() != local.replace(fold=1).utcoffset():
                if local.astimezone(UTC).astimezone(self._zone).replace(tzinfo=None) == written:
                    reading.ambiguous += 1
                else:
                    reading.nonexistent += 1
            moment = local
        at = moment.astimezone(UTC)
        # Of the words of the file, not of the zone assumed: imported again with another one, the event is still known.
        words = (at if written.tzinfo is not None else written).isoformat()
        origin = f"statsbot:{self._guild_id}:{kind.value}:{entry.user_id}:{words}"
        return MemberEvent(self._guild_id, kind, entry.user_id, entry.name, at, origin)

    def _count_day(self, day: date) -> None:
        reading = self.reading
        reading.days += 1
        reading.first_day = min(reading.first_day or day, day)
        reading.last_day = max(reading.last_day or day, day)

    def _pass_over(self, place: str, why: str, fix: str) -> None:
        line = self._stream.line
        self._stream.skip()  # first: where it is not even JSON, that is what is wrong
        self._note(line, place, why, fix)

    def _note(self, line: int, place: str, why: str, fix: str) -> None:
        self.reading.wrong += 1
        if len(self.reading.problems) < PROBLEMS_SHOWN:
            self.reading.problems.append(FileProblem(line, place or "the file", why, fix))


_REPAIR = "Compare with an older copy of the file; what stands behind this place could not be checked."


def _day(key: str) -> date | None:
    try:
        return date.fromisoformat(key) if _DAY.fullmatch(key) else None
    except ValueError:
        return None


def _shorten(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}...")  # noqa: PLR2004 - a line of the terminal
