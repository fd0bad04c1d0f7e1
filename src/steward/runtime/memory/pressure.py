"""Memory pressure in four levels, with hysteresis."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Pressure(IntEnum):
    """How scarce memory is; ordered."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2
    CRITICAL = 3


@dataclass(frozen=True, slots=True)
class Thresholds:
    """
    Shares of the limit, 0 to 1, at which the levels begin.

    Args:
        medium: inclusive.
        high: exclusive.
        critical: exclusive.
        slack: a level is left only when the share is this far below its threshold.

    Raises:
        ValueError: they do not ascend between 0 and 1, or the slack is not less than the first.

    """

    medium: float = 0.50
    high: float = 0.70
    critical: float = 0.85
    slack: float = 0.03

    def __post_init__(self) -> None:
        if not 0 < self.medium < self.high < self.critical <= 1:
            raise ValueError(f"The thresholds must ascend between 0 and 1: {self}.")
        if not 0 <= self.slack < self.medium:
            raise ValueError(f"The slack must be less than the first threshold: {self}.")

    def level(self, share: float) -> Pressure:
        """Return the level of a share, without hysteresis."""
        if share > self.critical:
            return Pressure.CRITICAL
        if share > self.high:
            return Pressure.HIGH
        return Pressure.MEDIUM if share >= self.medium else Pressure.LOW

    def follow(self, before: Pressure, share: float) -> Pressure:
        """Return the level after `before`: up at once, down only beyond the slack."""
        now = self.level(share)
        return now if now >= before else min(before, self.level(share + self.slack))
