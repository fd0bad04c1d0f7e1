"""
A time as a member types it: read, and asked about where it can be read in more than one way.

    typed = await reader.read_once("3/4 20:00", zone, remedy="Write one time.", locale=interaction.locale)
    if not typed.is_clear:
        return Reply(which_reading(typed, zone, lambda number, reading: MEANT.id(draft.id, number)))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from steward.client.components import Style, button, row
from steward.client.embeds import Message, at, plain
from steward.errors import StewardError
from steward.runtime.clock import Clock
from steward.runtime.wall_time import instant_of
from steward.text.clock_times import wall_label

if TYPE_CHECKING:
    from steward.text.times import TypedMoment

A_MINUTE = timedelta(minutes=1)
MAX_READINGS = 5  # buttons of a row
MONTH_FIRST = frozenset({"en-US", "ja", "ko", "zh-CN", "zh-TW"})
"""The languages of Discord (docs: Reference > "Locales") in which 3/4 is March 4."""


@dataclass(frozen=True, slots=True)
class TimeReading:
    """
    One way to understand a time.

    Attributes:
        start: on the wall clock.
        label: in few words, for a button.
        minutes: how long it takes, where the text says so.
        rule: how it repeats, as RFC 5545 writes it, where the text says so.

    """

    start: datetime
    label: str
    minutes: int | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class TypedTime:
    """
    A time as it was typed, and what it may mean.

    Attributes:
        readings: the likeliest first; further ones are doubts.
        notes: sentences about what was assumed.

    """

    text: str
    readings: tuple[TimeReading, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_clear(self) -> bool:
        """Whether it can be read in one way only."""
        return len(self.readings) == 1

    def meaning(self, number: int) -> TypedTime:
        """Return it with one of its readings chosen."""
        return replace(self, readings=(self.readings[number],))


class TimeReader:
    """
    Understands times.

    Args:
        clock: the present, from which `in 3 hours` counts.

    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def read(
        self, text: str, zone: ZoneInfo, *, locale: object = "", writer: ZoneInfo | None = None
    ) -> TypedTime:
        """
        Return what a text may mean.

        Args:
            zone: on whose wall clock the readings are.
            writer: on whose wall clock the text is read; None for the same.
            locale: the language of the writer's Discord, which says how 3/4 is likelier meant.

        Raises:
            BadTime: it is no time, or is past.

        """
        from steward.text.times import understand  # its grammar is needed only where somebody writes a time

        moment = understand(text, self._clock.now(), zone, written_in=writer, month_first=str(locale) in MONTH_FIRST)
        readings: dict[datetime, TimeReading] = {}
        for meant in (moment, *moment.alternatives):
            reading = _reading(meant)
            readings.setdefault(reading.start, reading)  # a time that the clock shows twice is kept as the first
        return TypedTime(text, tuple(readings.values()), moment.notes)

    async def read_once(
        self, text: str, zone: ZoneInfo, *, remedy: str, locale: object = "", writer: ZoneInfo | None = None
    ) -> TypedTime:
        """
        Return what a text may mean, as `read` does, where nothing can repeat.

        Raises:
            BadTime: it is no time, or is past.
            StewardError: it repeats; `remedy` says what to do then.
        """
        typed = await self.read(text, zone, locale=locale, writer=writer)
        if any(reading.rule for reading in typed.readings):
            raise StewardError(f"“{plain(text)}” repeats, and I need a single time here.", remedy=remedy)
        return typed


def _reading(moment: TypedMoment) -> TimeReading:
    """Return a moment in whole minutes, rounded up: three hours from now are not past while they are written."""
    wall = moment.wall.replace(second=0, microsecond=0)
    if wall < moment.wall:
        wall += A_MINUTE
    minutes = None if moment.length is None else moment.length // A_MINUTE
    return TimeReading(wall, wall_label(wall), minutes, moment.rule)


def which_reading(typed: TypedTime, zone: ZoneInfo, id_of: Callable[[int, TimeReading], str], *notes: str) -> Message:
    """
    Ask which reading of a time is meant, the likeliest first: each said in full, and a button for each.

    Args:
        typed: the time.
        zone: on whose wall clock it is.
        id_of: the custom id of a reading's button, by its number and the reading.
        notes: sentences that hold for all of them; empty ones are left out.

    """
    shown = typed.readings[:MAX_READINGS]
    lines = [f"“{plain(typed.text)}” can be read in more than one way. Which one do you mean?"]
    lines += [f"- {_in_full(reading.start, zone)}" for reading in shown]
    buttons = [
        button(reading.label, id_of(number, reading), style=Style.GREY if number else Style.BLUE)
        for number, reading in enumerate(shown)
    ]
    return {"content": "\n".join([*lines, *filter(None, notes)]), "components": [row(*buttons)]}


def _in_full(wall: datetime, zone: ZoneInfo) -> str:
    """Say a wall time by its own zone and by the reader's: `Friday 3 April 2026, 20:00 (Europe/Berlin): …`."""
    instant = instant_of(wall, zone)
    return f"{wall:%A} {wall.day} {wall:%B %Y, %H:%M} ({zone.key}): {at(instant)}, {at(instant, 'R')}"
