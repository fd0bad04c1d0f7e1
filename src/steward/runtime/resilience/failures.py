"""Errors of the resilience layers, and which errors are transient."""

from __future__ import annotations

import sys

from steward.errors import NotReady

_OF_LIBRARIES = (("aiohttp", "ClientConnectionError"), ("discord", "DiscordServerError"))


def transient_errors() -> tuple[type[Exception], ...]:
    """
    Return the error types that are worth a retry.

    They are `NotReady`, OSError (which includes `TimeoutError` and `ConnectionError`), aiohttp's
    `ClientConnectionError` and discord.py's `DiscordServerError`. Libraries not loaded yet are skipped, not imported.
    """
    loaded = (getattr(sys.modules.get(library), name, None) for library, name in _OF_LIBRARIES)
    return (NotReady, OSError, *(kind for kind in loaded if kind is not None))


class CircuitOpen(NotReady):
    """
    The breaker refused the call after repeated failures.

    Args:
        retry_after: seconds until a probe is allowed; 0 while one is running.

    """

    def __init__(self, name: str, retry_after: float) -> None:
        again = f"in {retry_after:.0f} s" if retry_after >= 1 else "in a moment"
        super().__init__(f"{name} keeps failing, so calls are paused. Next try {again}.")
        self.name = name
        self.retry_after = retry_after


class Overloaded(NotReady):
    """The bulkhead refused the call: its slots and its queue are full."""

    def __init__(self, name: str, *, at_once: int, queue: int) -> None:
        super().__init__(f"{name} is busy: {at_once} calls run and {queue} wait. Try again in a moment.")
        self.name = name
        self.at_once = at_once
        self.queue = queue


class TimedOut(NotReady):
    """The call took too long and was cancelled; whether it had an effect is unknown."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"No answer within {seconds:g} s.")
        self.seconds = seconds


def retry_after(error: BaseException) -> float:
    """Return the seconds that the error's `retry_after` asks to wait; 0 without one."""
    asked = getattr(error, "retry_after", None)
    return max(0.0, float(asked)) if isinstance(asked, int | float) else 0.0
