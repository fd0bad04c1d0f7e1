"""Being told to stop by a signal, from the first moment of a process to its last; gone in time, whatever hangs."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from types import FrameType

STOPPING = [signal.Signals[name] for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)]
"""Windows has no SIGHUP."""
STOP_WITHIN = 8  # seconds; Docker kills after 10


def hold_stop_signals() -> None:
    """Keep signals waiting until `StopSignals.listen`, also over an exec: until then they would end the process."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)


class StopSignals:
    """
    Listens to SIGTERM, SIGINT and, unless `nohup` has it ignored, SIGHUP.

    The first one begins a time limit at once, so that a loop that hangs does not outlive it; later ones change nothing.
    asyncio's own handlers go with its loop, and Python's with the interpreter, so that a second signal would kill the
    process: after `over` the system itself passes signals over.

    Attributes:
        told: whether one has come.

    """

    def __init__(self) -> None:
        self.told = False
        self._then: Callable[[], None] = lambda: None
        self._code = 0

    def listen(self) -> None:
        """Take up the signals, those that were held among them; in the main thread."""
        for number in STOPPING:
            if number.name != "SIGHUP" or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._tell)
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)

    def then(self, call: Callable[[], None]) -> None:
        """Have `call` called by a signal, between any two instructions of the main thread; at once if it has come."""
        self._then = call
        if self.told:
            call()

    def be_gone_in_time(self, code: int = 0) -> None:
        """End the process with that code in `STOP_WITHIN` seconds: all that was promised is in the database."""
        self._code = code
        signal.signal(signal.SIGALRM, lambda *_: os._exit(self._code))
        signal.alarm(STOP_WITHIN)

    def over(self) -> None:
        """Pass over all signals from now on; there is nothing left but to end the process."""
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)

    def _tell(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if not self.told:
            self.told = True
            self.be_gone_in_time()
            self._then()
