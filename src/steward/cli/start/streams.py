"""Standard streams that are closed, at the start or by whoever read them."""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def replace_closed_streams() -> None:
    """
    Put /dev/null in the place of standard streams that are closed, as with `2>&-`.

    Else the next file that is opened would get their number, and what is printed would go into the database.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # it gets the lowest number that is free
    for name, number in (("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, "w", closefd=False))


def let_go_of_streams() -> None:
    """Flush what can be flushed; Python would end with code 120 where the reader of a stream has gone."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
