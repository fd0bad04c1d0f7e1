"""Discord's ids: 42 bits of milliseconds since 2015, then 22 bits that tell apart what the same millisecond made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from steward.runtime.clock import Clock

DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
LOW_BITS = 22


def milliseconds(moment: datetime) -> int:
    """Return the whole milliseconds from Discord's epoch to an aware instant."""
    return (moment - DISCORD_EPOCH) // timedelta(milliseconds=1)


def made_at(snowflake: int) -> datetime:
    """Return the instant that an id carries, to the millisecond, in UTC."""
    return DISCORD_EPOCH + timedelta(milliseconds=snowflake >> LOW_BITS)


class Snowflakes:
    """Makes ids from the clock, each greater than the one before."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """Return a new id of this instant."""
        self._last = max(milliseconds(self._clock.now()) << LOW_BITS, self._last + 1)
        return self._last
