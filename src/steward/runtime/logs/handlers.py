"""Destinations of log lines; each handler masks the finished line."""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

from steward.runtime.circular_buffer import CircularBuffer
from steward.runtime.logs.masking import Masker
from steward.runtime.logs.writer import LogWriter


class MaskedFormatter(ProcessorFormatter):
    """Renders a record and masks the result."""

    def __init__(self, masker: Masker, prepare: list[Processor], render: Callable[..., str]) -> None:
        # Tracebacks come from `explain_error`, not from logging's formatter.
        super().__init__(
            foreign_pre_chain=prepare,
            processors=[ProcessorFormatter.remove_processors_meta, render],
            use_get_message=True,
        )
        self._masker = masker
        self._prepare = prepare
        self._render = render

    def dropped(self, lines: int) -> str:
        """Return the line that reports dropped lines."""
        event: Any = {"lines": lines}
        event["event"] = "log_lines_dropped"
        logger = logging.getLogger(__name__)
        for processor in self._prepare:
            event = processor(logger, "warning", event)
        return self._masker.clean(self._render(logger, "warning", event))

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line."""
        return self._masker.clean(super().format(record))


class _Dependable(logging.Handler):
    """
    A handler that neither raises nor prints the record on failure.

    logging's own `handleError` prints a traceback with the message's arguments, unmasked.
    """

    lost = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Handle one line."""
        try:
            self._take(record)
        except Exception:  # noqa: BLE001 - logging must not raise; the line is counted
            self.lost += 1

    @abstractmethod
    def _take(self, record: logging.LogRecord) -> None:
        """Handle one line; an exception counts it as lost."""


class BackgroundHandler(_Dependable):
    """Renders lines in the caller's thread and writes them in another."""

    def __init__(self, name: str, write: Callable[[str], None], formatter: MaskedFormatter) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self.writer = LogWriter(f"log to {name}", write, formatter.dropped)

    def _take(self, record: logging.LogRecord) -> None:
        self.writer.put(self.format(record))


class LogFile(RotatingFileHandler):
    """A file rotated at a size. Use `write`, from one thread."""

    def __init__(self, path: Path, *, rotate_bytes: int, keep: int) -> None:
        super().__init__(path, maxBytes=rotate_bytes, backupCount=keep, encoding="utf-8", errors="backslashreplace")

    def write(self, line: str) -> None:
        """
        Write one line.

        Raises:
            OSError: it cannot be written.

        """
        self.emit(logging.makeLogRecord({"msg": line}))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Raise the error; logging would print it, with the line."""
        del record
        raise  # noqa: PLE0704 - called while the error is handled


class FeedHandler(_Dependable):
    """Passes on selected lines."""

    def __init__(self, add: Callable[[str], None], choose: Callable[[logging.LogRecord], bool]) -> None:
        super().__init__()
        self._add = add
        self._choose = choose

    def _take(self, record: logging.LogRecord) -> None:
        if self._choose(record):
            self._add(self.format(record))


class RecentLines(_Dependable):
    """Keeps the last lines in memory, for the heartbeat."""

    def __init__(self, count: int) -> None:
        super().__init__(logging.INFO)
        self.lines = CircularBuffer[str](count)

    def _take(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))
