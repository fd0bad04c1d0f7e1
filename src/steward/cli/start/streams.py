"""Handle standard streams that are closed, at the start or by their reader."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def replace_closed_streams() -> None:
    """
    Replace closed standard streams by /dev/null, as with `2>&-`.

    Otherwise the next file that is opened would get their number, and printed text would go into the database.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # gets the lowest free number
    for name, number in (("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, "w", closefd=False))


def flush_streams() -> None:
    """Flush the streams; if the reader of one has gone, drop its output, else Python would exit with code 120."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def logs_on_stderr() -> Iterator[None]:
    """Have what is logged meanwhile written to standard error: standard output is for what was asked for."""
    import structlog

    before = structlog.get_config() if structlog.is_configured() else None
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
    try:
        yield
    finally:
        structlog.reset_defaults() if before is None else structlog.configure(**before)
