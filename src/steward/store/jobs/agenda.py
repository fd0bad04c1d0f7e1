"""When a process looks for due jobs: when the next is due, when all that was found is taken, else once a second."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection

from steward.store.jobs.due_jobs import Candidate

LOOK_EVERY = 1.0
"""Seconds for which the result of a look is used, and until there is another."""

LOOK_SHARE = 0.1
"""The part of the time that looks may take: where one takes long, its result is used for longer."""

AHEAD = 500
"""Candidates that one look brings at most."""


class Agenda:
    """
    What the last look found and nobody has claimed yet.

    A job that ends takes the next candidate instead of looking anew, so the cost of a look does not come with each job.
    """

    def __init__(self) -> None:
        self.candidates: deque[Candidate] = deque()
        self.wake_at: int | None = None
        """When there may be something to do next, in milliseconds; None when nothing is foreseen."""
        self._looked_at: float | None = None
        self._rest = 0.0
        self._fruitful = False
        self._outdated = True

    def found(self, candidates: Collection[Candidate], wake_at: int | None, *, began: float, ended: float) -> None:
        """Note the result of a look, and when it began and ended on the monotonic clock."""
        self.candidates = deque(candidates)
        self.wake_at = wake_at
        self._fruitful = bool(candidates)
        self._looked_at = began
        self._rest = (ended - began) / LOOK_SHARE

    def begin_look(self) -> None:
        """Note that a look begins: what is outdated from now on needs another."""
        self._outdated = False

    def outdate(self, *, urgent: bool = False) -> None:
        """Have what is there looked at anew; at once if `urgent`."""
        self._outdated = True
        if urgent:
            self._looked_at = None

    def look_in(self, now_ms: int, now: float) -> float | None:
        """
        Return the seconds until a look is due; 0 for now, None while what is there can be used.

        Args:
            now_ms: the time, in milliseconds.
            now: on the monotonic clock.

        """
        if self._looked_at is None:
            return 0.0
        age = now - self._looked_at
        if self.wake_at is not None and now_ms >= self.wake_at:
            return max(0.0, self._rest - age)  # something new is due since
        good_for = max(LOOK_EVERY, self._rest)
        if self.candidates and age < good_for and not self._outdated:
            return None
        if self._fruitful and not self.candidates:
            return 0.0  # all were taken, so there may be more
        return max(0.0, good_for - age)
