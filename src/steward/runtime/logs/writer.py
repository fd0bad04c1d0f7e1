"""Writes log lines in a thread, so that a blocked pipe holds up only its own lines."""

from __future__ import annotations

import io
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from select import select
from typing import TextIO

MAX_LINES = 2000
MAX_CHARACTERS = 1 << 20


class LogWriter:
    """
    Takes lines without blocking and writes them in order.

    Bounded: while 2,000 lines or a million characters wait, more are dropped, and their number is logged. A line that
    cannot be written is counted, not retried.

    Args:
        write: writes one line, in the thread; may block.
        dropped: returns the line that reports dropped lines.

    Attributes:
        lost: lines dropped or not written, since the start.

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
        # A daemon: a blocked write must not keep the process alive.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def put(self, line: str) -> None:
        """Queue a line; from any thread."""
        with self._changed:
            if self._closed:
                return
            if len(self._waiting) >= MAX_LINES or self._characters + len(line) > MAX_CHARACTERS:
                self._left_out += 1
                self.lost += 1
                return
            self._say_left_out()
            self._add(line)
            self._changed.notify_all()

    def flush(self, within: float) -> bool:
        """Wait until all lines are written, for at most `within` seconds; return whether they are."""
        deadline = time.monotonic() + within
        with self._changed:
            while self._waiting or self._busy or self._left_out:
                rest = deadline - time.monotonic()
                if rest <= 0 or not self._thread.is_alive():
                    return False
                self._changed.wait(rest)
            return True

    def close(self) -> bool:
        """Drop waiting lines and end the thread; return False if it is blocked in a write."""
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
        except Exception:  # noqa: BLE001 - logging must not raise; the line is counted
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
    Return a function that writes lines to a stream.

    It writes to the file descriptor if there is one: a thread blocked inside Python's buffers would also block the exit
    of the process.
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
        except BlockingIOError:  # set by another program that shares the pipe
            select([], [descriptor], [])
