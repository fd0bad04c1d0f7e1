"""`steward run` under a supervisor that starts it again whenever it ends, as systemd would."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

RESTART_AFTER = 1.0  # seconds
STOP_WITHIN = 15.0
NEEDS_A_PERSON = 78
KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "TMPDIR")


class Bot:
    """
    The bot's process.

    Args:
        folder: its data folder.
        environ: its settings.
        words: what its command line begins with: a program that runs another.
        console: the file descriptor of its stdout and stderr; a file in the folder by default.

    Attributes:
        starts: how often it was started; `began`: when the last time, in monotonic seconds.
        ends: the exit codes with which it has ended while it was wanted.
        environ: what it is started with.
        given_up: it ended with 78, so nobody starts it again.

    """

    def __init__(
        self, folder: Path, environ: Mapping[str, str], *, words: Sequence[str] = (), console: int | None = None
    ) -> None:
        self.folder = folder
        self.starts = 0
        self.began = 0.0
        self.ends: list[int] = []
        self.given_up = False
        self.environ = {name: os.environ[name] for name in KEPT if name in os.environ} | dict(environ)
        self._words = (*words, sys.executable, "-m", "steward", "run")
        self._console = console
        self._wanted = True
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._start()
        self._watch = asyncio.create_task(self._supervise())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._wanted = False
        assert self._watch is not None
        self._watch.cancel()
        with suppress(asyncio.CancelledError):
            await self._watch
        self.signal(signal.SIGKILL)
        if self._process is not None:
            await self._process.wait()

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    def signal(self, number: int) -> None:
        """Send it a signal; nothing happens while it does not run."""
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def ended(self) -> None:
        """Wait until the process that runs now is gone."""
        if self._process is not None:
            await self._process.wait()

    async def stop(self) -> tuple[int | None, float]:
        """Ask it to stop, for good; return its exit code, None where it did not end in time, and the seconds."""
        self._wanted = False
        began = time.monotonic()
        self.signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_WITHIN):
                assert self._process is not None
                return await self._process.wait(), time.monotonic() - began
        except TimeoutError:
            return None, time.monotonic() - began

    async def _supervise(self) -> None:
        while True:
            assert self._process is not None
            code = await self._process.wait()
            if not self._wanted:
                return
            self.ends.append(code)
            if code == NEEDS_A_PERSON:
                self.given_up = True
                return
            await asyncio.sleep(RESTART_AFTER)
            if self._wanted:
                await self._start()

    async def _start(self) -> None:
        self.starts += 1
        self.began = time.monotonic()
        with (self.folder / "console.log").open("ab") as file:
            console = file if self._console is None else self._console
            self._process = await asyncio.create_subprocess_exec(
                *self._words,
                cwd=self.folder,
                env=self.environ,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=console,
                stderr=console,
            )
