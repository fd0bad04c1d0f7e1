"""When to look for due jobs: when the next is due, when all candidates are taken, else once a second."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection

from steward.store.jobs.due_jobs import Candidate

LOOK_EVERY = 1.0
"""Seconds for which the result of a look is used."""

LOOK_SHARE = 0.1
"""The largest share of time spent on looks: after a slow one, its result is used for longer."""

AHEAD = 500
"""Candidates that one look returns at most."""


class Agenda:
    """
    The candidates of the last look that nobody has claimed yet.

    A job that ends takes the next candidate instead of looking again, so not every job costs a look.
    """

    def __init__(self) -> None:
        self.candidates: deque[Candidate] = deque()
        self.wake_at: int | None = None
        """When there may be something to do next, in milliseconds; None if nothing is planned."""
        self._looked_at: float | None = None
        self._rest = 0.0
        self._fruitful = False
        self._outdated = True

    def found(self, candidates: Collection[Candidate], wake_at: int | None, *, began: float, ended: float) -> None:
        """Store the result of a look; `began` and `ended` are on the monotonic clock."""
        self.candidates = deque(candidates)
        self.wake_at = wake_at
        self._fruitful = bool(candidates)
        self._looked_at = began
        self._rest = (ended - began) / LOOK_SHARE

    def begin_look(self) -> None:
        """Begin a look: only what is outdated from now on needs another."""
        self._outdated = False

    def outdate(self, *, urgent: bool = False) -> None:
        """Mark the candidates as outdated; look again at once if `urgent`."""
        self._outdated = True
        if urgent:
            self._looked_at = None

    def look_in(self, now_ms: int, now: float) -> float | None:
        """
        Return the seconds until the next look: 0 for now, None while candidates can be used.

        Args:
            now_ms: the wall clock, in milliseconds.
            now: the monotonic clock, in seconds.

        """
        if self._looked_at is None:
            return 0.0
        age = now - self._looked_at
        if self.wake_at is not None and now_ms >= self.wake_at:
            return max(0.0, self._rest - age)
        good_for = max(LOOK_EVERY, self._rest)
        if self.candidates and age < good_for and not self._outdated:
            return None
        if self._fruitful and not self.candidates:
            return 0.0  # all candidates were taken, so there may be more
        return max(0.0, good_for - age)
