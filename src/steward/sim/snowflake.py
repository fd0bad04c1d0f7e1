"""Discord's ids: 42 bits of milliseconds since 2015, then 22 bits that make ids of one millisecond unique."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from steward.runtime.clock import Clock

DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
LOW_BITS = 22


def milliseconds(moment: datetime) -> int:
    """Return the milliseconds from Discord's epoch to an aware datetime, rounded down."""
    return (moment - DISCORD_EPOCH) // timedelta(milliseconds=1)


def made_at(snowflake: int) -> datetime:
    """Return an id's creation time in UTC, to the millisecond."""
    return DISCORD_EPOCH + timedelta(milliseconds=snowflake >> LOW_BITS)


class Snowflakes:
    """Generates ascending ids from the clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """Return a new id."""
        self._last = max(milliseconds(self._clock.now()) << LOW_BITS, self._last + 1)
        return self._last
