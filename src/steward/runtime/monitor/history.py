"""The last so many samples of a number, and where it is going."""

from __future__ import annotations

from array import array

HOUR = 3600.0


class MetricHistory:
    """
    Keeps the newest `capacity` samples, sixteen bytes each.

    Args:
        capacity: how many, at least 1.

    """

    __slots__ = ("_capacity", "_next", "_times", "_values")

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError(f"A history of {capacity} samples holds nothing; it takes at least 1.")
        self._capacity = capacity
        self._times = array("d")
        self._values = array("d")
        self._next = 0  # where the oldest lies, once it is full

    def add(self, at: float, value: float) -> None:
        """Take a sample, `at` in seconds; when full, the oldest goes."""
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
        """Each sample with its time, the oldest first."""
        pairs = list(zip(self._times, self._values, strict=True))
        return pairs[self._next :] + pairs[: self._next]

    @property
    def latest(self) -> float | None:
        """The newest sample; None before the first."""
        return self._values[self._next - 1] if self._values else None

    @property
    def trend(self) -> float | None:
        """By how much it grows in an hour, by the line of least squares; None for samples of fewer than two moments."""
        if not self._times:
            return None
        time, value = sum(self._times) / len(self), sum(self._values) / len(self)
        spread = sum((at - time) ** 2 for at in self._times)
        together = sum((at - time) * (one - value) for at, one in zip(self._times, self._values, strict=True))
        return together / spread * HOUR if spread else None
