"""A program on a terminal, for tests of what it does only there."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import time
from functools import partial

WITHIN = 240.0  # seconds


class Terminal:
    """A program on a terminal of its own, where `said` is all that it has written."""

    def __init__(self, command: list[str]) -> None:
        self._ours, theirs = pty.openpty()
        environ = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
        listens = partial(
            signal.signal, signal.SIGINT, signal.SIG_DFL
        )  # ignored, where the tests run in the background
        self._process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environ,
            preexec_fn=listens,  # noqa: PLW1509 - safe: it only sets a signal
        )
        os.close(theirs)
        self.said = ""

    def until(self, pattern: re.Pattern[str]) -> str:
        """Read on until something is said, within four minutes, and return its first group."""
        started = time.monotonic()
        while (found := pattern.search(self.said)) is None:
            assert time.monotonic() - started < WITHIN, (
                f"It goes on without saying {pattern.pattern}:\n{self.said[-4000:]}"
            )
            assert self._read(), f"It ended without saying {pattern.pattern}:\n{self.said}"
        return found[1]

    def press(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def interrupt(self) -> None:
        """Do what Ctrl-C does."""
        self._process.send_signal(signal.SIGINT)

    def ended(self) -> int:
        """Read to the end, and return the exit code."""
        while self._read():
            pass
        return self._process.wait(timeout=60)

    def _read(self) -> bool:
        if not select.select([self._ours], [], [], 120)[0]:
            raise TimeoutError(self.said)
        try:
            text = os.read(self._ours, 65536).decode(errors="replace")
        except OSError:  # its last process has closed it
            return False
        self.said += text
        return bool(text)

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._ours)
