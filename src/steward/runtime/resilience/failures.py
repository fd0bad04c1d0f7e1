"""What the layers raise, each with its data and a sentence; and which failures may pass by themselves."""

from __future__ import annotations

import sys

from steward.errors import NotReady

_OF_LIBRARIES = (("aiohttp", "ClientConnectionError"), ("discord", "DiscordServerError"))


def transient_errors() -> tuple[type[Exception], ...]:
    """
    Return the kinds of errors that may pass by themselves.

    They are `NotReady`, OSError (`TimeoutError` and `ConnectionError` are kinds of it), aiohttp's
    `ClientConnectionError` and discord.py's `DiscordServerError`. A library that the process hasn't loaded can't have
    raised anything, and isn't loaded for this.
    """
    loaded = (getattr(sys.modules.get(library), name, None) for library, name in _OF_LIBRARIES)
    return (NotReady, OSError, *(kind for kind in loaded if kind is not None))


class CircuitOpen(NotReady):
    """
    Not called: it has failed too often just now.

    Args:
        retry_after: seconds until one call is let through; 0 while such a call is on its way.

    """

    def __init__(self, name: str, retry_after: float) -> None:
        again = f"in {retry_after:.0f} s" if retry_after >= 1 else "in a moment"
        super().__init__(f"{name} keeps failing and is left alone; it is tried again {again}.")
        self.name = name
        self.retry_after = retry_after


class Overloaded(NotReady):
    """
    Not called: as many calls as may run are running, and as many as may wait are waiting.

    Args:
        at_once: how many run.
        queue: how many wait.

    """

    def __init__(self, name: str, *, at_once: int, queue: int) -> None:
        super().__init__(f"{name} is busy: {at_once} calls run and {queue} wait. Try again in a moment.")
        self.name = name
        self.at_once = at_once
        self.queue = queue


class TimedOut(NotReady):
    """
    Called, and ended for taking too long; whether it had an effect is not known.

    Args:
        seconds: how long it was given.

    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"No answer within {seconds:g} s.")
        self.seconds = seconds


def retry_after(error: BaseException) -> float:
    """Return the seconds for which the error itself asks to wait, in its `retry_after`; 0 where it says nothing."""
    asked = getattr(error, "retry_after", None)
    return max(0.0, float(asked)) if isinstance(asked, int | float) else 0.0
