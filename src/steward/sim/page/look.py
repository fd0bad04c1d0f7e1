"""A look at a simulator in the middle of a test: its page, until whoever looks goes on."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from steward.sim.page.announce import announce
from steward.sim.page.server import SimulatorPage
from steward.sim.page.viewpoint import latest_place
from steward.sim.time import AcceleratedLoop

if TYPE_CHECKING:
    from steward.sim.server import Simulator


async def look(sim: Simulator, *, speed: float | None) -> None:
    """
    Serve the page until Enter is pressed, or the last tab that was opened is closed.

    Args:
        sim: the simulator; a tab shows where something happened last in it.
        speed: of the accelerated clock at first, 0 stands still; afterwards it is as fast as before.

    """
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def enter() -> None:
        sys.stdin.readline()
        done.set()

    def visited(somebody: bool) -> None:
        if not somebody:
            done.set()

    with SimulatorPage(sim, first=latest_place(sim.world), visited=visited) as page:
        if isinstance(loop, AcceleratedLoop):
            loop.speed = speed
        announce(page.address, "the Discord of this test; Enter, or closing its tab, goes on", browser=True)
        loop.add_reader(sys.stdin, enter)
        try:
            await done.wait()
        finally:
            loop.remove_reader(sys.stdin)
