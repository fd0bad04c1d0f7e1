"""Times of day as written, and the times each may mean."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time

MORNING, AFTERNOON, EVENING, NIGHT, LATE = "morning", "afternoon", "evening", "night", "late"
NOON = 12
_DAY = 24
_EVENING_AT = 9  # “at 9” is in the evening, “at 10” in the morning
_FIRST_OF_NIGHT = 6

Reading = tuple[time, int]
"""A time of day, and its offset in days from the named day."""


@dataclass(frozen=True, slots=True)
class ClockWords:
    """
    A time of day as written.

    Attributes:
        hour: 0 to 24.
        half: `am`, `pm`, or empty.
        sure: 24-hour notation, such as `08:00` or `8 Uhr`; otherwise 8 may be morning or evening.

    """

    hour: int
    minute: int = 0
    second: int = 0
    half: str = ""
    sure: bool = True
    literal: bool = False
    """Ambiguous, but 8:30 is more likely 08:30."""

    @property
    def valid(self) -> bool:
        """Whether it is a time of day."""
        if self.half and not 1 <= self.hour <= NOON:
            return False
        whole = self.hour < _DAY or (self.hour == _DAY and not self.minute and not self.second)
        return whole and self.minute < 60 and self.second < 60  # noqa: PLR2004 - of an hour

    def readings(self) -> list[Reading]:
        """Return the possible times, the most likely first."""
        if self.half:
            return [self._at(self.hour % NOON + (NOON if self.half == "pm" else 0))]
        if self.sure or not 1 <= self.hour <= NOON:
            return [self._at(self.hour)]
        morning, evening = self._at(self.hour % NOON), self._at(self.hour % NOON + NOON)
        by_day = self.hour == NOON or (self.hour <= _EVENING_AT and not self.literal)
        return [evening, morning] if by_day else [morning, evening]

    def within(self, part: str) -> ClockWords | None:
        """Return the time limited to a part of the day; None if it is outside."""
        early = self.hour <= NOON
        if self.half:
            fits = {MORNING: self.half == "am", AFTERNOON: self.half == "pm", EVENING: self.half == "pm"}
            return self if fits.get(part, True) else None
        if part == MORNING:
            return replace(self, sure=True) if self.hour < NOON else None
        if part == AFTERNOON or (part == EVENING and self.hour != NOON):
            return replace(self, half="pm", sure=True) if early and self.hour else (self if self.hour > NOON else None)
        return self

    def tonight(self) -> list[Reading]:
        """Return the possible times in the night that starts this evening."""
        at = self.readings()
        if not self.half and 1 <= self.hour <= NOON:
            at = [self._at(self.hour % NOON + (NOON if _FIRST_OF_NIGHT <= self.hour < NOON else 0))]
        return [(clock, days or int(clock.hour < _FIRST_OF_NIGHT)) for clock, days in at]

    def late(self) -> list[Reading]:
        """Return the possible times at night; some languages use the word for both nights of a day."""
        following = self.tonight()
        return [*following, *((clock, 0) for clock, days in following if days)]

    def _at(self, hour: int) -> Reading:
        return time(hour % _DAY, self.minute, self.second), hour // _DAY


@dataclass(frozen=True, slots=True)
class Midnight:
    """Midnight at the end or the start of the named day; `either` for “12:00 midnight”."""

    either: bool = False

    def readings(self) -> list[Reading]:
        return [(time.min, 1), (time.min, 0)]
