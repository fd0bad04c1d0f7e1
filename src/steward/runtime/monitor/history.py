"""The last samples of a number, and their trend."""

from __future__ import annotations

from array import array

HOUR = 3600.0


class MetricHistory:
    """
    Keeps the newest `capacity` samples, 16 bytes each.

    Args:
        capacity: 1 or more.

    """

    __slots__ = ("_capacity", "_next", "_times", "_values")

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError(f"The capacity of a history must be at least 1, not {capacity}.")
        self._capacity = capacity
        self._times = array("d")
        self._values = array("d")
        self._next = 0  # index of the oldest sample, once full

    def add(self, at: float, value: float) -> None:
        """Add a sample at `at` seconds; when full, the oldest is dropped."""
        if len(self._times) < self._capacity:
            self._times.append(at)
            self._values.append(value)
        else:
            self._times[self._next], self._values[self._next] = at, value
            self._next = (self._next + 1) % self._capacity

    def __len__(self) -> int:
        return len(self._times)

    @property
    def samples(self) -> list[tuple[float, float]]:
        """Samples as (time, value), oldest first."""
        pairs = list(zip(self._times, self._values, strict=True))
        return pairs[self._next :] + pairs[: self._next]

    @property
    def latest(self) -> float | None:
        """The newest value; None without samples."""
        return self._values[self._next - 1] if self._values else None

    @property
    def trend(self) -> float | None:
        """Growth per hour by least squares; None for fewer than two distinct times."""
        if not self._times:
            return None
        time, value = sum(self._times) / len(self), sum(self._values) / len(self)
        spread = sum((at - time) ** 2 for at in self._times)
        together = sum((at - time) * (one - value) for at, one in zip(self._times, self._values, strict=True))
        return together / spread * HOUR if spread else None
