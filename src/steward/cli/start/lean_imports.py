"""Keep out of memory what libraries load only because it is there: modules, and all certificate authorities."""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from ssl import get_default_verify_paths
from types import FunctionType

from steward.cli.start.deferred_imports import deferred_imports
from steward.cli.start.lean_namedtuples import shared_namedtuples

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
        with certificate_folder(), deferred_imports(), shared_namedtuples():
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


@contextmanager
def certificate_folder() -> Iterator[None]:
    """
    Return a context manager in which only the folder is loaded by default, if that trusts the same authorities.

    OpenSSL trusts a bundle, which it reads whole for each context, and a folder, in which it looks up an authority on
    demand. aiohttp makes two contexts when it is imported: 1.8 MB for a bundle of 144. If the folder holds everything
    that is in the bundle (on Debian and Ubuntu it does), the bundle is left out.
    """
    paths = get_default_verify_paths()
    if not (paths.cafile and paths.capath and _holds_all(Path(paths.capath), Path(paths.cafile))):
        yield
        return
    name, before = paths.openssl_cafile_env, os.environ.get(paths.openssl_cafile_env)
    os.environ[name] = os.devnull
    try:
        yield
    finally:
        del os.environ[name]
        if before is not None:
            os.environ[name] = before


def _holds_all(folder: Path, bundle: Path) -> bool:
    """Tell whether OpenSSL finds each certificate of a bundle in a folder, by the hash in a file's name."""
    try:
        hashed = [path for path in folder.iterdir() if re.fullmatch(r"[0-9a-f]{8}\.\d+", path.name)]
        return _certificates(bundle) <= {one for path in hashed for one in _certificates(path)}
    except OSError:
        return False


def _certificates(file: Path) -> set[str]:
    """Return the certificates in a file, base64-encoded."""
    parts = file.read_text("latin-1").split("-----END CERTIFICATE-----")[:-1]
    return {"".join(part.rpartition("-----BEGIN CERTIFICATE-----")[2].split()) for part in parts}
