"""Charts to PNG in a child process that lives for one call: the bot's own memory stays as it is."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from threading import Event

from steward.charts.chart import Chart
from steward.charts.theme import DARK, Theme
from steward.errors import NotReady

CHILD = (sys.executable, "-m", "steward.charts")
LENGTH = 4
WITHIN = 20.0


class ChartFailed(NotReady):
    """An image could not be drawn this time; what it shows is not lost."""


class ChartRenderer:
    """
    Draws images, one child at a time.

    Args:
        within: seconds of wall time that a child may take for one call.
        child: the command of the child.
        spare: asked before each call whether there is memory for a child.

    """

    def __init__(
        self, *, within: float = WITHIN, child: Sequence[str] = CHILD, spare: Callable[[], bool] = lambda: True
    ) -> None:
        self._within = within
        self._child = tuple(child)
        self._spare = spare
        self._one_at_a_time = asyncio.Lock()

    async def render(self, charts: Sequence[Chart], theme: Theme = DARK) -> list[bytes]:
        """
        Return the charts as PNG images of 1000 by 560, in their order.

        Cancelling it ends the child at once.

        Raises:
            ChartFailed: the child ended badly, took too long, or there is no memory for it.

        """
        if not charts:
            return []
        if not self._spare():
            raise ChartFailed("No charts are drawn for now: the bot is short of memory.")
        async with self._one_at_a_time:
            call = _Call(self._child, self._within)
            # A thread, not asyncio's subprocess: accelerated time stands while a thread is at work.
            work = asyncio.get_running_loop().run_in_executor(None, call.run, list(charts), theme)
            try:
                return await asyncio.shield(work)
            except asyncio.CancelledError:
                call.cancel()
                await asyncio.wait([work])
                work.exception()  # nobody else will ask for it
                raise


class _Call:
    """One child, from a thread; `cancel` may come from another at any moment."""

    def __init__(self, command: Sequence[str], within: float) -> None:
        self._command = command
        self._within = within
        self._cancelled = Event()
        self._process: subprocess.Popen[bytes] | None = None

    def cancel(self) -> None:
        self._cancelled.set()
        process = self._process
        if process is not None:
            process.kill()

    def run(self, charts: Sequence[Chart], theme: Theme) -> list[bytes]:
        from steward.charts.svg import svg  # most hours draw nothing

        asked = b"".join(json.dumps({"svg": svg(chart, theme)}).encode() + b"\n" for chart in charts)
        try:
            output, complaint, code = self._converse(asked)
        except subprocess.TimeoutExpired as error:
            raise ChartFailed(f"The chart was not drawn within {self._within:g} seconds.") from error
        except OSError as error:
            raise ChartFailed(f"The process that draws charts could not be started: {error}.") from error
        images = _images(output)
        if code or len(images) != len(charts):
            reason = complaint.decode(errors="replace").strip().rpartition("\n")[2] or f"exit code {code}"
            raise ChartFailed(f"The process that draws charts failed: {reason[:200]}.")
        return images

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


def _images(output: bytes) -> list[bytes]:
    images = []
    while len(output) >= LENGTH:
        length = int.from_bytes(output[:LENGTH], "big")
        image, output = output[LENGTH : LENGTH + length], output[LENGTH + length :]
        if len(image) == length:
            images.append(image)
    return images
