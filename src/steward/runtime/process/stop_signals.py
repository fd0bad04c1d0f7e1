"""Stop signals, from the first moment of a process to its last, with a time limit for stopping."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from types import FrameType

STOPPING = [signal.Signals[name] for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)]
"""Signals that stop the bot; Windows has no SIGHUP."""
STOP_WITHIN = 8  # seconds; Docker kills after 10


def hold_stop_signals() -> None:
    """Block stop signals until `StopSignals.listen`, also over an exec: their default would kill the process."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)


class StopSignals:
    """
    Handles SIGTERM, SIGINT and SIGHUP, the latter unless `nohup` ignores it.

    The first signal starts a time limit that holds even if the event loop hangs; later ones do nothing. asyncio's
    handlers end with its loop, and Python's with the interpreter, so a second signal would kill the process: after
    `ignore` the system discards signals.
    """

    def __init__(self) -> None:
        self.received = False
        self._call: Callable[[], None] = lambda: None
        self._code = 0

    def listen(self) -> None:
        """Start to handle signals, blocked ones included; call in the main thread."""
        for number in STOPPING:
            if number.name != "SIGHUP" or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._receive)
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)

    def on_stop(self, call: Callable[[], None]) -> None:
        """Call `call` on a signal, between any two instructions of the main thread; at once if one has come."""
        self._call = call
        if self.received:
            call()

    def exit_in_time(self, code: int = 0) -> None:
        """Exit with this code in `STOP_WITHIN` seconds at the latest; all that matters is in the database."""
        self._code = code
        signal.signal(signal.SIGALRM, lambda *_: os._exit(self._code))
        signal.alarm(STOP_WITHIN)

    def ignore(self) -> None:
        """Ignore all signals from now on, before the process exits."""
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if not self.received:
            self.received = True
            self.exit_in_time()
            self._call()
