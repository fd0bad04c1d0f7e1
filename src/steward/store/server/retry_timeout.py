"""How long to retry; in a thread, in real time, since a server knows no simulated time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic, sleep


@dataclass(frozen=True, slots=True)
class RetryTimeout:
    """
    Retries with growing pauses.

    Args:
        seconds: from the first try to the beginning of the last.

    """

    seconds: float = 10.0
    monotonic: Callable[[], float] = monotonic
    pause: Callable[[float], None] = sleep

    def tries(self) -> Iterator[bool]:
        """Yield before each try whether it is the last."""
        began, wait = self.monotonic(), 0.05
        while True:
            left = began + self.seconds - self.monotonic()
            yield left <= 0
            if left <= 0:
                return
            self.pause(min(wait, max(left, 0.0)))
            wait = min(wait * 2, 1.0)
