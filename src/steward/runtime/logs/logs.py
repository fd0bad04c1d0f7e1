"""
Logs: JSON lines in files, a tree or JSON on the console, the last lines in memory; secrets are masked.

structlog and `logging` share this path. Logging never blocks: one thread writes to the console, another to the file.
Bind context with `structlog.contextvars.bound_contextvars(guild=...)`: each line logged inside carries it.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Self, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

from steward.runtime.clock import SYSTEM_CLOCK, Clock
from steward.runtime.logs.events import LogStamp, calm_discord, explain_error, render_json
from steward.runtime.logs.handlers import BackgroundHandler, FeedHandler, LogFile, MaskedFormatter, RecentLines
from steward.runtime.logs.line_feed import LineFeed
from steward.runtime.logs.masking import Masker
from steward.runtime.logs.tree import TreeRenderer, one_line
from steward.runtime.logs.writer import line_writer
from steward.runtime.process.disk import nearest_existing, unwritable

FILE_NAME = "steward.log"
FLUSH_WITHIN = 2.0  # seconds, for console and file together
# Loggers limited to WARNING unless at DEBUG.
QUIET_AREAS = ("discord", "aiohttp", "asyncio")


class Logs:
    """What `configure_logs` set up; close it, or leave its `with` block, to undo it."""

    def __init__(
        self,
        masker: Masker,
        handlers: list[logging.Handler],
        prepare: list[Processor],
        areas: Iterable[str],
        file: LogFile | None,
    ) -> None:
        self._masker = masker
        self._file = file
        self._writers = [handler.writer for handler in handlers if isinstance(handler, BackgroundHandler)]
        self._prepare = prepare
        self._handlers = handlers
        root = logging.getLogger()
        self._before = (root.level, {area: logging.getLogger(area).level for area in areas})

    def recent(self, count: int) -> list[str]:
        """Return the last lines of level INFO and above, at most `count`, oldest first, as plain text."""
        memory = next(handler for handler in self._handlers if isinstance(handler, RecentLines))
        return memory.lines.latest(count)

    @property
    def lost(self) -> int:
        """Number of lines not written: dropped because the console was not read, or refused by the disk."""
        return sum(getattr(handler, "lost", 0) for handler in self._handlers) + sum(w.lost for w in self._writers)

    def show(self, text: str) -> None:
        """Print text on the console, in order with the log lines."""
        self._writers[0].put(self.clean(text))

    def flush(self, within: float = FLUSH_WITHIN) -> bool:
        """Wait until all lines are written, for at most `within` seconds; return whether they are."""
        deadline = time.monotonic() + within
        flushed = [writer.flush(deadline - time.monotonic()) for writer in self._writers]
        return all(flushed)

    def feed(self, feed: LineFeed, choose: Callable[[logging.LogRecord], bool]) -> None:
        """Add selected lines to a feed, as plain text with secrets masked."""
        handler = FeedHandler(feed.add, choose)
        handler.setFormatter(MaskedFormatter(self._masker, self._prepare, one_line))
        self._handlers.append(handler)
        logging.getLogger().addHandler(handler)

    def clean(self, text: str) -> str:
        """Return `text` with secrets masked, for output outside the log."""
        return self._masker.clean(text)

    def close(self) -> None:
        """Write waiting lines for at most two seconds, and restore the previous logging."""
        root = logging.getLogger()
        for handler in self._handlers:
            root.removeHandler(handler)
        self.flush()
        ended = [writer.close() for writer in self._writers]
        for handler in self._handlers:
            handler.close()
        if self._file is not None and all(ended):
            self._file.close()
        root.setLevel(self._before[0])
        for area, level in self._before[1].items():
            logging.getLogger(area).setLevel(level)
        structlog.reset_defaults()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def configure_logs(
    *,
    level: str = "INFO",
    levels: Iterable[tuple[str, str]] = (),
    format: str = "auto",  # noqa: A002 - named as the setting is
    folder: Path | None = None,
    rotate_bytes: int = 5 * 1024 * 1024,
    keep: int = 5,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
    clock: Clock = SYSTEM_CLOCK,
    recent: int = 50,
) -> Logs:
    """
    Set up logging for the process.

    Args:
        level: lowest level logged, such as `INFO`.
        levels: logger names with their own levels.
        format: of the console: `json`, `tree`, or `auto` for a tree on a terminal and JSON elsewhere.
        folder: for `steward.log`, in JSON lines; None for no file.
        rotate_bytes: size at which the file is rotated.
        secrets: texts to mask, in any encoding.
        stream: the console; default standard error.

    Raises:
        NeedsOperator: the folder is not writable.
        NotReady: the disk is full or fails temporarily.

    """
    masker = Masker(secrets)
    console = stream or sys.stderr
    debug = level.upper() == "DEBUG"
    prepare: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        LogStamp(clock),
        calm_discord,
        explain_error,
    ]
    as_tree = format == "tree" or (format == "auto" and console.isatty())
    tree = TreeRenderer(colours=console.isatty(), tracebacks=debug)
    on_screen = MaskedFormatter(masker, prepare, tree if as_tree else render_json)
    file = None if folder is None else _open_file(folder, rotate_bytes, keep)
    screen = BackgroundHandler("console", line_writer(console), on_screen)
    memory = RecentLines(recent)
    memory.setFormatter(MaskedFormatter(masker, prepare, one_line))
    handlers: list[logging.Handler] = [screen, memory]
    if file is not None:
        handlers.append(BackgroundHandler("file", file.write, MaskedFormatter(masker, prepare, render_json)))

    of_areas = dict(levels)
    logs = Logs(masker, handlers, prepare, {*QUIET_AREAS, *of_areas}, file)
    _attach(handlers, level.upper())
    for area, its_level in of_areas.items():
        logging.getLogger(area).setLevel(its_level)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *prepare, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    return logs


def _attach(handlers: list[logging.Handler], level: str) -> None:
    root = logging.getLogger()
    root.setLevel(level)
    for handler in handlers:
        root.addHandler(handler)
    for area in QUIET_AREAS:
        logging.getLogger(area).setLevel(logging.NOTSET if level == "DEBUG" else max(root.level, logging.WARNING))


def _open_file(folder: Path, rotate_bytes: int, keep: int) -> LogFile:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return LogFile(folder / FILE_NAME, rotate_bytes=rotate_bytes, keep=keep)
    except OSError as error:
        raise unwritable(
            f"The log file {folder / FILE_NAME} cannot be written",
            nearest_existing(folder),
            error,
            remedy="Make the folder writable for this user, or set STEWARD_LOG_DIR to another one, or to off.",
        ) from error
