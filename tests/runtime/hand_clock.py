"""A clock moved by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 5, tzinfo=UTC)


class HandClock:
    """Tells the time that a test has made it."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    def forward(self, seconds: float) -> None:
        self.seconds += seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds
