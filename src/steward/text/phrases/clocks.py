"""The ways to name a time of day, and the times that each may mean."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time

MORNING, AFTERNOON, EVENING, NIGHT, LATE = "morning", "afternoon", "evening", "night", "late"
NOON = 12
_DAY = 24
_EVENING_AT = 9  # “at 9” is an evening, “at 10” a morning
_FIRST_OF_NIGHT = 6

Reading = tuple[time, int]
"""A time of day, and how many days after the day that was named."""


@dataclass(frozen=True, slots=True)
class ClockWords:
    """
    A time of day as it was said.

    Attributes:
        hour: 0 to 24.
        half: `am`, `pm`, or empty where it was not said.
        sure: 24-hour notation, such as `08:00` or `8 Uhr`; else 8 may be morning or evening.

    """

    hour: int
    minute: int = 0
    second: int = 0
    half: str = ""
    sure: bool = True
    literal: bool = False
    """Unsure, but 8:30 is more likely 08:30."""

    @property
    def valid(self) -> bool:
        """Tell whether a clock can show it."""
        if self.half and not 1 <= self.hour <= NOON:
            return False
        whole = self.hour < _DAY or (self.hour == _DAY and not self.minute and not self.second)
        return whole and self.minute < 60 and self.second < 60  # noqa: PLR2004 - of an hour

    def readings(self) -> list[Reading]:
        """Return the times it may mean, the likeliest first."""
        if self.half:
            return [self._at(self.hour % NOON + (NOON if self.half == "pm" else 0))]
        if self.sure or not 1 <= self.hour <= NOON:
            return [self._at(self.hour)]
        morning, evening = self._at(self.hour % NOON), self._at(self.hour % NOON + NOON)
        by_day = self.hour == NOON or (self.hour <= _EVENING_AT and not self.literal)
        return [evening, morning] if by_day else [morning, evening]

    def within(self, part: str) -> ClockWords | None:
        """Return it as said of a part of the day, or None where it cannot be in it."""
        early = self.hour <= NOON
        if self.half:
            fits = {MORNING: self.half == "am", AFTERNOON: self.half == "pm", EVENING: self.half == "pm"}
            return self if fits.get(part, True) else None
        if part == MORNING:
            return replace(self, sure=True) if self.hour < NOON else None
        if part == AFTERNOON or (part == EVENING and self.hour != NOON):
            return self._half("pm") if early and self.hour else (self if self.hour > NOON else None)
        return self

    def tonight(self) -> list[Reading]:
        """Return the times it may mean in the night that begins this evening."""
        at = self.readings()
        if not self.half and 1 <= self.hour <= NOON:
            at = [self._at(self.hour % NOON + (NOON if _FIRST_OF_NIGHT <= self.hour < NOON else 0))]
        return [(clock, days or int(clock.hour < _FIRST_OF_NIGHT)) for clock, days in at]

    def late(self) -> list[Reading]:
        """Return the times it may mean in the night of a day: of some languages both nights of it are said so."""
        following = self.tonight()
        return [*following, *((clock, 0) for clock, days in following if days)]

    def _half(self, half: str) -> ClockWords:
        return replace(self, half=half, sure=True)

    def _at(self, hour: int) -> Reading:
        return time(hour % _DAY, self.minute, self.second), hour // _DAY


@dataclass(frozen=True, slots=True)
class Midnight:
    """Midnight: the one that ends the day named, or the one that begins it; `either` as at “12:00 midnight”."""

    either: bool = False

    def readings(self) -> list[Reading]:
        return [(time.min, 1), (time.min, 0)]
