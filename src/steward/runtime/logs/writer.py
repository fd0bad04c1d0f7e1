"""Writing log lines in a thread of its own, so that a pipe that nobody reads holds up nothing but its own lines."""

from __future__ import annotations

import io
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from select import select
from typing import TextIO

MOST_LINES = 2000
MOST_CHARACTERS = 1 << 20


class LogWriter:
    """
    Takes lines without ever waiting, and writes them in their order.

    Bounded: while 2,000 lines or a million characters wait, further ones are dropped, and how many is said in their
    place. A line that cannot be written is counted, not tried again.

    Args:
        write: writes one line, in the thread; may take as long as it likes.
        dropped: returns the line that says how many were dropped.

    Attributes:
        lost: lines that were dropped or could not be written, since the start.

    """

    def __init__(self, name: str, write: Callable[[str], None], dropped: Callable[[int], str]) -> None:
        self.lost = 0
        self._write = write
        self._dropped = dropped
        self._waiting: deque[str] = deque()
        self._characters = 0
        self._left_out = 0
        self._busy = False
        self._closed = False
        self._changed = threading.Condition()
        # A daemon: while it hangs in a write, the process can end.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def put(self, line: str) -> None:
        """Have a line written; from any thread."""
        with self._changed:
            if self._closed:
                return
            if len(self._waiting) >= MOST_LINES or self._characters + len(line) > MOST_CHARACTERS:
                self._left_out += 1
                self.lost += 1
                return
            self._say_left_out()
            self._add(line)
            self._changed.notify_all()

    def flush(self, within: float) -> bool:
        """Wait until all is written, for at most so many seconds; return whether it is."""
        deadline = time.monotonic() + within
        with self._changed:
            while self._waiting or self._busy or self._left_out:
                rest = deadline - time.monotonic()
                if rest <= 0 or not self._thread.is_alive():
                    return False
                self._changed.wait(rest)
            return True

    def close(self) -> bool:
        """Give up what waits and end the thread; return whether it ended: one that hangs in a write is left behind."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._left_out = 0
            hangs = self._busy
            self._changed.notify_all()
        if not hangs:
            self._thread.join()
        return not hangs

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._left_out:
                    if self._closed:
                        return
                    self._changed.wait()
                if not self._waiting:
                    self._say_left_out()
                line = self._waiting.popleft()
                self._characters -= len(line)
                self._busy = True
            written = self._written(line)
            with self._changed:
                self._busy = False
                self.lost += not written
                self._changed.notify_all()
                if self._closed:
                    return

    def _written(self, line: str) -> bool:
        try:
            self._write(line)
        except Exception:  # noqa: BLE001 - logging's own boundary: a line that cannot be written is counted
            return False
        return True

    def _say_left_out(self) -> None:
        if self._left_out:
            self._add(self._dropped(self._left_out))
            self._left_out = 0

    def _add(self, line: str) -> None:
        self._waiting.append(line)
        self._characters += len(line)


def line_writer(stream: TextIO) -> Callable[[str], None]:
    """
    Return what writes a line to a stream.

    To its file descriptor where it has one, past Python's buffers: a thread that hangs inside them would hang the end
    of the process as well.
    """
    try:
        descriptor = stream.fileno()
    except (AttributeError, io.UnsupportedOperation):
        return lambda line: _print(stream, line)
    encoding = stream.encoding or "utf-8"
    return lambda line: _write_all(descriptor, f"{line}\n".encode(encoding, "backslashreplace"))


def _print(stream: TextIO, line: str) -> None:
    stream.write(line + "\n")
    stream.flush()


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:  # another program that shares the pipe has set it so
            select([], [descriptor], [])
