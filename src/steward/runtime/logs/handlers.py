"""Where log lines go; each handler masks the finished line, so that no path escapes."""

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
    """Renders a record and masks what came out."""

    def __init__(self, masker: Masker, prepare: list[Processor], render: Callable[..., str]) -> None:
        # Tracebacks come from `explain_error`, not from logging's own formatter, and only once.
        super().__init__(
            foreign_pre_chain=prepare,
            processors=[ProcessorFormatter.remove_processors_meta, render],
            use_get_message=True,
        )
        self._masker = masker
        self._prepare = prepare
        self._render = render

    def dropped(self, lines: int) -> str:
        """Return the line that says how many were dropped."""
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
    A handler that neither raises nor prints the record when it fails.

    logging's own `handleError` prints a traceback with the message's arguments: unmasked, on a person's terminal.
    """

    lost = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Take one line."""
        try:
            self._take(record)
        except Exception:  # noqa: BLE001 - logging's own boundary: a line that cannot be rendered is counted
            self.lost += 1

    @abstractmethod
    def _take(self, record: logging.LogRecord) -> None:
        """Do with a line what is to be done; what it raises is counted."""


class BackgroundHandler(_Dependable):
    """
    Renders lines where they are logged, and hands them to a thread that writes them.

    Args:
        name: where to, for the name of the thread.
        write: writes one line.

    """

    def __init__(self, name: str, write: Callable[[str], None], formatter: MaskedFormatter) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self.writer = LogWriter(f"log to {name}", write, formatter.dropped)

    def _take(self, record: logging.LogRecord) -> None:
        self.writer.put(self.format(record))


class LogFile(RotatingFileHandler):
    """A file that is put aside at a size; the oldest is dropped. Use `write`, from one thread."""

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
        """Raise what went wrong; logging itself would print it, with the line."""
        del record
        raise  # noqa: PLE0704 - called while the error is handled


class FeedHandler(_Dependable):
    """Hands chosen lines on."""

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
