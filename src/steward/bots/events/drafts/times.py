"""What organisers say of times, as drafts and commands take it: whole minutes on the wall clock, and the doubts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from steward.bots.events.drafts.draft import Heard, TimeReading
from steward.bots.events.model.details import BadEvent
from steward.client.embeds import plain
from steward.runtime.clock import Clock
from steward.text.clock_times import wall_label

if TYPE_CHECKING:
    from steward.text.times import TypedMoment

A_MINUTE = timedelta(minutes=1)
MONTH_FIRST = frozenset({"en-US", "ja", "ko", "zh-CN", "zh-TW"})
"""The languages of Discord (docs: Reference > "Locales") in which 3/4 is March 4."""


class TimeReader:
    """
    Understands times.

    Args:
        clock: the present, from which `in 3 hours` counts.

    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def listen(self, text: str, zone: ZoneInfo, *, locale: object = "", writer: ZoneInfo | None = None) -> Heard:
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
        return Heard(text, tuple(readings.values()), moment.notes)

    async def listen_once(
        self, text: str, zone: ZoneInfo, *, remedy: str, locale: object = "", writer: ZoneInfo | None = None
    ) -> Heard:
        """
        Return what a text may mean, as `listen` does, where nothing can repeat.

        Raises:
            BadTime: it is no time, or is past.
            BadEvent: it repeats; `remedy` says what to do then.
        """
        heard = await self.listen(text, zone, locale=locale, writer=writer)
        if any(reading.rule for reading in heard.readings):
            raise BadEvent(f"“{plain(text)}” repeats, and I need a single time here.", remedy=remedy)
        return heard


def _reading(moment: TypedMoment) -> TimeReading:
    """Return a moment in whole minutes, rounded up: three hours from now are not past while they are written."""
    wall = moment.wall.replace(second=0, microsecond=0)
    if wall < moment.wall:
        wall += A_MINUTE
    minutes = None if moment.length is None else moment.length // A_MINUTE
    return TimeReading(wall, wall_label(wall), minutes, moment.rule)
