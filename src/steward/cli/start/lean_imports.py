"""Keeps out of the running bot what its libraries load only because it is installed."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FunctionType

from steward.cli.start.certificate_folder import certificate_folder

KEPT_OUT = (
    "rich",  # structlog loads it for coloured tracebacks that Steward does not use: 3.6 MB
    # discord.py and aiohttp load one each. With it the gateway would speak zstd, whose window grows to 2 MB: 3 MB more
    # in a busy hour than with zlib, which Discord speaks as well.
    "zstandard",
    "backports.zstd",
)

ANNOTATED = frozenset({"aiohttp", "discord", "yarl"})


@contextmanager
def lean_imports() -> Iterator[None]:
    """
    While entered, what is imported does without the modules of `KEPT_OUT`; those who import them later get them.

    What is loaded already stays. frozenlist is loaded as it is in Python, for its other form brings the library of C++
    along, 1 MB; aiohttp keeps callbacks in it, some a request. Its certificate authorities stay in their folder.
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
    Forget what type the arguments of functions have in the libraries that are loaded: 0.4 MB that nobody reads.

    What reads annotations reads those of classes, or of the functions it is given: of commands, never a library's own.
    """
    for one in gc.get_objects():
        if type(one) is FunctionType and (one.__module__ or "").partition(".")[0] in ANNOTATED:
            del one.__annotations__
