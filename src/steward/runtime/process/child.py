"""Runs work in a short-lived child process, so that its imports never cost the bot memory."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable, Sequence
from threading import Event

from steward.errors import NotReady


class ChildFailed(NotReady):
    """The child process failed this time."""


class ShortLivedChild:
    """
    Starts a command for each call, one at a time: bytes in, bytes out.

    Args:
        name: starts a sentence, such as `The process that draws charts`.
        within: timeout of a call in seconds.

    """

    def __init__(
        self, name: str, command: Sequence[str], *, within: float, has_headroom: Callable[[], bool] = lambda: True
    ) -> None:
        self._name = name
        self._command = tuple(command)
        self._within = within
        self._has_headroom = has_headroom
        self._one_at_a_time = asyncio.Lock()

    async def run(self, asked: Callable[[], bytes]) -> bytes:
        """
        Return the child's output; its input is what `asked` returns, called in a thread.

        Cancelling kills the child.

        Raises:
            ChildFailed: it could not start, failed or timed out, or memory is short.

        """
        if not self._has_headroom():
            raise ChildFailed(f"{self._name} was not started: the bot is short of memory.")
        async with self._one_at_a_time:
            call = _Call(self._name, self._command, self._within)
            # A thread, not asyncio's subprocess: accelerated time stops while a thread works.
            work = asyncio.get_running_loop().run_in_executor(None, call.run, asked)
            try:
                return await asyncio.shield(work)
            except asyncio.CancelledError:
                call.cancel()
                await asyncio.wait([work])
                work.exception()  # mark as retrieved
                raise


class _Call:
    """One child, run in a thread; `cancel` may be called from another thread."""

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
            raise ChildFailed(f"{self._name} took longer than {self._within:g} seconds.") from error
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
