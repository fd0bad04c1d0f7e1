"""Keep modules out of the running bot that its libraries load only because they are installed."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FunctionType

from steward.cli.start.certificate_folder import certificate_folder

KEPT_OUT = (
    "rich",  # structlog loads it for coloured tracebacks, which Steward does not use: 3.6 MB
    "greenlet",  # structlog loads it for its thread-local context, which Steward does not use: the C++ library, 1 MB
    # discord.py and aiohttp load one each. With it the gateway would use zstd, whose window grows to 2 MB: 3 MB more
    # in a busy hour than with zlib, which Discord supports as well.
    "zstandard",
    "backports.zstd",
)

ANNOTATED = frozenset({"aiohttp", "attr", "discord", "multidict", "steward", "structlog", "yarl"})


@contextmanager
def lean_imports() -> Iterator[None]:
    """
    Return a context manager in which imports cannot load the modules of `KEPT_OUT`; later imports can.

    Modules that are loaded already stay. frozenlist is loaded in its pure Python form, since the other brings the C++
    library along, 1 MB; aiohttp keeps callbacks in it, some a request. See also `certificate_folder`.
    """
    out = [name for name in KEPT_OUT if name not in sys.modules]
    for name in out:
        sys.modules[name] = None  # type: ignore[assignment] # how Python says "there is no such module"
    os.environ.setdefault("FROZENLIST_NO_EXTENSIONS", "1")
    try:
        with certificate_folder():
            yield
    finally:
        for name in out:
            del sys.modules[name]


def forget_annotations() -> None:
    """
    Delete the annotations of functions in the loaded modules of `ANNOTATED`: 0.6 MB that nobody reads.

    Annotations are read of classes, and of commands when they are defined.
    """
    for one in gc.get_objects():
        if type(one) is FunctionType and (one.__module__ or "").partition(".")[0] in ANNOTATED:
            del one.__annotations__
