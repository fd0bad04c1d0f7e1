"""Child processes with a clean environment."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from steward.errors import NotReady

ROOT = Path(__file__).parents[1]
"""The working folder for `python -m benchmarks.NAME`."""

KEPT = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR"}  # nothing that tunes Python or malloc, no settings of a real bot
END_WITHIN = 10.0  # seconds
LONGEST_LINE = 300  # characters shown of a line


class Child:
    """
    A Python process; made by `started`.

    Attributes:
        began: its start, in seconds of `time.perf_counter`.

    """

    def __init__(self, process: asyncio.subprocess.Process, began: float, name: str) -> None:
        self.began = began
        self._process = process
        self._name = name
        self._lines: deque[str] = deque(maxlen=10)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def last_line(self) -> str:
        """The last line that was read."""
        return self._lines[-1]

    async def until_it_says(self, words: str, *, within: float = 120.0) -> float:
        """
        Wait for a line that contains `words`, on either output, and return the seconds since the start.

        Raises:
            NotReady: it ended or timed out before.

        """
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(within):
                async for line in self._process.stdout:
                    self._lines.append(line.decode(errors="replace").rstrip())
                    if words in self._lines[-1]:
                        return time.perf_counter() - self.began
        except TimeoutError:
            raise NotReady(f"{self._name} did not say {words!r} within {within:g} s.{self._last_words}") from None
        raise NotReady(f"{self._name} ended before it said {words!r}.{self._last_words}")

    async def end(self) -> None:
        """Ask it to stop, and kill it if it does not; nothing happens if it has ended."""
        if self._process.returncode is None:
            self._process.terminate()
        try:
            async with asyncio.timeout(END_WITHIN):
                await self._process.communicate()
        except TimeoutError:
            self._process.kill()
            await self._process.communicate()

    @property
    def _last_words(self) -> str:
        return "".join(f"\n    {line[:LONGEST_LINE]}" for line in self._lines)


@asynccontextmanager
async def started(*words: str, folder: Path, environ: Mapping[str, str] | None = None) -> AsyncIterator[Child]:
    """
    Return a context manager that runs `python words…`.

    Args:
        words: the command line after `python`.
        folder: the working folder.
        environ: variables in addition to `KEPT`.

    """
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        cwd=folder,
        env=clean_environment() | dict(environ or {}),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    child = Child(process, began, " ".join(("python", *words)))
    try:
        yield child
    finally:
        await asyncio.shield(child.end())


async def output_of(*words: str, folder: Path, within: float) -> tuple[str, float]:
    """
    Run `python words…` to its end and return its standard output and the seconds it took.

    Raises:
        NotReady: it took longer than `within` seconds, or failed.

    """
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        cwd=folder,
        env=clean_environment(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(within):
            output, errors = await process.communicate()
    except TimeoutError:
        raise NotReady(f"python {' '.join(words)} took longer than {within:g} s.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await asyncio.shield(process.wait())
    seconds = time.perf_counter() - began
    if process.returncode != 0:
        raise NotReady(f"python {' '.join(words)} ended with {process.returncode}.\n{errors.decode()[-2000:]}")
    return output.decode(), seconds


def clean_environment() -> dict[str, str]:
    """Return the few environment variables of ours that a measured process gets."""
    return {name: value for name, value in os.environ.items() if name in KEPT}
