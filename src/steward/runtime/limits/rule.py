"""What a limit is: so many in any window of time, and so many of them at once."""

from __future__ import annotations

from dataclasses import dataclass

AT_ONCE = 5.0


@dataclass(frozen=True, slots=True)
class Rule:
    """
    At most `count` in any `seconds`, of which at most `burst` in any `burst_seconds`.

    Both windows slide: what was allowed at the instant t counts until t + window, and not at that instant itself. What
    was refused counts for nothing.

    Args:
        count: 1 or more.
        seconds: more than 0.
        burst: 1 up to `count`; `count` where it is left out, which is no limit of its own.
        burst_seconds: what "at once" means; more than 0, at most `seconds`.

    Raises:
        ValueError: a figure is out of its range.

    """

    count: int
    seconds: float
    burst: int = 0
    burst_seconds: float = AT_ONCE

    def __post_init__(self) -> None:
        if not self.burst:
            object.__setattr__(self, "burst", self.count)
            object.__setattr__(self, "burst_seconds", self.seconds)
        if not 1 <= self.burst <= self.count:
            raise ValueError(f"A burst of {self.burst} is not between 1 and the {self.count} of the whole window.")
        if not 0 < self.burst_seconds <= self.seconds:
            raise ValueError(f"A burst of {self.burst_seconds:g} s is not within the window of {self.seconds:g} s.")
