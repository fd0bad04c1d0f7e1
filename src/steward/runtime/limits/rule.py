"""What a limit is: so many in any window of time, and so many of them at once."""

from __future__ import annotations

from dataclasses import dataclass

AT_ONCE = 5.0


@dataclass(frozen=True, slots=True)
class Rule:
    """
    At most `rate` in any `per`, of which at most `burst` in any `burst_per`.

    Both windows slide: what was allowed at the instant t counts until t + window, and not at that instant itself. What
    was refused counts for nothing.

    Args:
        rate: 1 or more.
        per: seconds, more than 0.
        burst: 1 up to `rate`; `rate` where it is left out, which is no limit of its own.
        burst_per: what "at once" means; more than 0, at most `per`.

    Raises:
        ValueError: a figure is out of its range.

    """

    rate: int
    per: float
    burst: int = 0
    burst_per: float = AT_ONCE

    def __post_init__(self) -> None:
        if not self.burst:
            object.__setattr__(self, "burst", self.rate)
            object.__setattr__(self, "burst_per", self.per)
        if not 1 <= self.burst <= self.rate:
            raise ValueError(f"A burst of {self.burst} is not between 1 and the {self.rate} of the whole window.")
        if not 0 < self.burst_per <= self.per:
            raise ValueError(f"A burst of {self.burst_per:g} s is not within the window of {self.per:g} s.")
