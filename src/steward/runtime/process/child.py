"""Work for a child process that lives for one call: what it loads never becomes the bot's own memory."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable, Sequence
from threading import Event

from steward.errors import NotReady


class ChildFailed(NotReady):
    """A child did not do its work this time."""


class ShortLivedChild:
    """
    Starts a command for each call, one at a time: bytes in, bytes out.

    Args:
        name: what the command is, to begin a sentence with, such as `The process that draws charts`.
        command: the command and its arguments.
        within: seconds of wall time that it may take for one call.
        spare: asked before each call whether there is memory for a child.

    """

    def __init__(
        self, name: str, command: Sequence[str], *, within: float, spare: Callable[[], bool] = lambda: True
    ) -> None:
        self._name = name
        self._command = tuple(command)
        self._within = within
        self._spare = spare
        self._one_at_a_time = asyncio.Lock()

    async def run(self, asked: Callable[[], bytes]) -> bytes:
        """
        Return what the child writes when it is given what `asked`, called in a thread, returns.

        Cancelling it ends the child at once.

        Raises:
            ChildFailed: the child could not be started, ended badly or took too long, or there is no memory for it.

        """
        if not self._spare():
            raise ChildFailed(f"{self._name} was not started: the bot is short of memory.")
        async with self._one_at_a_time:
            call = _Call(self._name, self._command, self._within)
            # A thread, not asyncio's subprocess: accelerated time stands while a thread is at work.
            work = asyncio.get_running_loop().run_in_executor(None, call.run, asked)
            try:
                return await asyncio.shield(work)
            except asyncio.CancelledError:
                call.cancel()
                await asyncio.wait([work])
                work.exception()  # nobody else will ask for it
                raise


class _Call:
    """One child, from a thread; `cancel` may come from another at any moment."""

    def __init__(self, name: str, command: Sequence[str], within: float) -> None:
        self._name = name
        self._command = command
        self._within = within
        self._cancelled = Event()
        self._process: subprocess.Popen[bytes] | None = None

    def cancel(self) -> None:
        self._cancelled.set()
        process = self._process
        if process is not None:
            process.kill()

    def run(self, asked: Callable[[], bytes]) -> bytes:
        try:
            output, complaint, code = self._converse(asked())
        except subprocess.TimeoutExpired as error:
            raise ChildFailed(f"{self._name} was not done within {self._within:g} seconds.") from error
        except OSError as error:
            raise ChildFailed(f"{self._name} could not be started: {error}.") from error
        if code:
            reason = complaint.decode(errors="replace").strip().rpartition("\n")[2] or f"exit code {code}"
            raise ChildFailed(f"{self._name} failed: {reason[:200]}.")
        return output

    def _converse(self, asked: bytes) -> tuple[bytes, bytes, int]:
        pipe = subprocess.PIPE
        with subprocess.Popen(self._command, stdin=pipe, stdout=pipe, stderr=pipe) as process:  # noqa: S603 - our own
            self._process = process
            try:
                if self._cancelled.is_set():
                    process.kill()
                output, complaint = process.communicate(asked, timeout=self._within)
            finally:
                process.kill()
        return output, complaint, process.returncode
