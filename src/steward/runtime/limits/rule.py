"""A rate limit with a burst."""

from __future__ import annotations

from dataclasses import dataclass

AT_ONCE = 5.0


@dataclass(frozen=True, slots=True)
class Rule:
    """
    At most `rate` uses in any `per` seconds, of which at most `burst` in any `burst_per` seconds.

    Both windows slide: a use at time t counts until t + window, exclusive. Refused uses do not count.

    Args:
        rate: 1 or more.
        per: seconds, more than 0.
        burst: 1 to `rate`; if omitted, no separate limit.
        burst_per: seconds, more than 0, at most `per`.

    Raises:
        ValueError: a value is out of range.

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
            raise ValueError(f"The burst must be between 1 and the rate of {self.rate}, not {self.burst}.")
        if not 0 < self.burst_per <= self.per:
            raise ValueError(f"burst_per must be above 0 and at most {self.per:g} s, not {self.burst_per:g} s.")
