"""Renders charts to PNG in a short-lived child process, to save the bot's memory."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence

from steward.charts.chart import Chart
from steward.charts.theme import DARK, Theme
from steward.errors import NotReady
from steward.runtime.process.child import ChildFailed, ShortLivedChild

CHILD = (sys.executable, "-m", "steward.charts")
LENGTH = 4
WITHIN = 20.0


class ChartFailed(NotReady):
    """An image could not be rendered this time; no data is lost."""


class ChartRenderer:
    """
    Renders images, one child at a time.

    Args:
        within: timeout of a child in seconds.
        child: command of the child.
        has_headroom: returns whether there is memory for a child.

    """

    def __init__(
        self, *, within: float = WITHIN, child: Sequence[str] = CHILD, has_headroom: Callable[[], bool] = lambda: True
    ) -> None:
        self._child = ShortLivedChild("The process that draws charts", child, within=within, has_headroom=has_headroom)

    async def render(self, charts: Sequence[Chart], theme: Theme = DARK) -> list[bytes]:
        """
        Return the charts in order as PNG images of 1000 by 560 pixels.

        Cancelling kills the child.

        Raises:
            ChartFailed: the child failed or timed out, or memory is short.

        """

        def drawn() -> list[str]:
            from steward.charts.svg import svg  # rarely needed

            return [svg(chart, theme) for chart in charts]

        return await self._rendered(drawn, len(charts))

    async def render_svg(self, *drawings: Callable[[], str]) -> list[bytes]:
        """
        Return other drawings in order as PNG images; each is called in a thread and returns an SVG of a `Canvas`.

        Raises:
            ChartFailed: as `render`.

        """
        return await self._rendered(lambda: [draw() for draw in drawings], len(drawings))

    async def _rendered(self, drawn: Callable[[], list[str]], count: int) -> list[bytes]:
        if not count:
            return []
        try:
            images = _images(await self._child.run(lambda: b"".join(map(_line, drawn()))))
        except ChildFailed as error:
            raise ChartFailed(error.sentence) from error
        if len(images) != count:
            raise ChartFailed(f"The process that draws charts made {len(images)} of {count} images.")
        return images


def _line(svg: str) -> bytes:
    return json.dumps({"svg": svg}).encode() + b"\n"


def _images(output: bytes) -> list[bytes]:
    images = []
    while len(output) >= LENGTH:
        length = int.from_bytes(output[:LENGTH], "big")
        image, output = output[LENGTH : LENGTH + length], output[LENGTH + length :]
        if len(image) == length:
            images.append(image)
    return images
