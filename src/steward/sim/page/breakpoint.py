"""A breakpoint of a test: the simulator's page, until the developer continues."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from steward.sim.page.announce import announce
from steward.sim.page.server import SimulatorPage
from steward.sim.page.tab.viewpoint import latest_place
from steward.sim.time import AcceleratedLoop

if TYPE_CHECKING:
    from steward.sim.server import Simulator


async def serve_until_continued(sim: Simulator, *, speed: float | None) -> None:
    """
    Serve the page until Enter is pressed, or the last tab that was opened is closed.

    Args:
        sim: the simulator, on an accelerated loop; a tab shows where something happened last in it.
        speed: of the clock at first, 0 stands still; afterwards it is as fast as before.

    """
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    assert isinstance(loop, AcceleratedLoop)  # noqa: S101 - the one of a test
    speed_before = loop.speed

    def enter() -> None:
        sys.stdin.readline()
        done.set()

    def visited(somebody: bool) -> None:
        if not somebody:
            done.set()

    loop.speed = speed
    try:
        with SimulatorPage(sim, first=latest_place(sim.world), visited=visited) as page:
            announce(page.address, "the Discord of this test; press Enter or close the tab to continue", browser=True)
            loop.add_reader(sys.stdin, enter)
            await done.wait()
    finally:
        loop.remove_reader(sys.stdin)
        loop.speed = speed_before
