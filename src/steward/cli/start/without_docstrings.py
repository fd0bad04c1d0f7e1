"""Run a program without docstrings and the columns of each instruction, to save memory."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.util import cache_from_source, find_spec
from pathlib import Path

LIBRARIES = ("asyncio", "discord", "steward")
"""One of the standard library, one of the installed libraries, and Steward: each may be in another place."""
LEAN = ("-OO", "-X", "no_debug_ranges")
COMPILE = """
import sys
sys.path[:] = {path}
from contextlib import suppress
import importlib.readers, pkgutil, steward.bots, steward.charts, steward.text
from steward.cli.start.deferred_imports import DEFERRED
from steward.cli.start.lean_imports import lean_imports
with lean_imports():
    import steward.process
    for package in steward.bots, steward.text, steward.charts:
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            importlib.import_module(module.name)
for name in DEFERRED:
    with suppress(ImportError):
        importlib.import_module(name)
"""


def restart_without_docstrings() -> None:
    """
    Restart this process with `-OO` (3 MiB less in the running bot) and without columns (0.45).

    Modules that are not compiled yet are compiled by a child process: in this one it would leave 2 MiB. If Python may
    not or cannot write compiled files beside the sources, they go into a cache of Steward's own. If that is impossible
    too, there is no restart, since compiling at every start would take seconds; nor if Python already optimises.
    """
    if sys.flags.optimize:
        return
    environ = dict(os.environ)
    if not all(map(_is_compiled, _sources())):
        if sys.dont_write_bytecode or not all(map(_may_be_kept, _sources())):
            own = _own_cache()
            if own is None:
                return
            environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(own)
        if not all(map(_is_compiled, _sources())):
            _compile(environ)
    words = [sys.executable, *LEAN, *sys.orig_argv[1:]]
    os.execve(sys.executable, words, environ)  # noqa: S606 - ourselves


def _sources() -> Iterator[Path]:
    for library in LIBRARIES:
        spec = find_spec(library)
        if spec is not None and spec.origin is not None:
            yield Path(spec.origin)


def _is_compiled(source: Path) -> bool:
    """Tell whether a module is compiled without docstrings from its current source."""
    try:
        with Path(cache_from_source(str(source), optimization=2)).open("rb") as compiled:
            header = compiled.read(16)
    except OSError:
        return False
    made_at, size = (int.from_bytes(header[begin : begin + 4], "little") for begin in (8, 12))
    now = source.stat()
    return any(header[4:8]) or (made_at, size) == (int(now.st_mtime) & 0xFFFFFFFF, now.st_size & 0xFFFFFFFF)


def _may_be_kept(source: Path) -> bool:
    folder = Path(cache_from_source(str(source), optimization=2)).parent
    nearest = next(one for one in (folder, *folder.parents) if one.exists())
    return nearest.is_dir() and os.access(nearest, os.W_OK)


def _own_cache() -> Path | None:
    """Return a folder that only we can write to, created if missing; None if that is impossible."""
    try:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "steward" / "compiled"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # the home folder is unknown
        return None
    return folder if os.access(folder, os.W_OK) else None


def _compile(environ: dict[str, str]) -> None:
    """Import everything in a child, which writes the compiled files; a failure there recurs here and is reported."""
    import subprocess  # in the running bot asyncio loads it, without what it seldom needs; see deferred_imports

    environ = {name: value for name, value in environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    words = [sys.executable, "-OO", "-c", COMPILE.format(path=sys.path)]
    nothing = subprocess.DEVNULL
    subprocess.run(words, env=environ, stdin=nothing, stdout=nothing, stderr=nothing, check=False)  # noqa: S603
