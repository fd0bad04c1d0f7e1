"""The simulator's page as commands serve it: the address is printed, and opened where there is a browser to see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from steward.sim import Simulator
    from steward.sim.page.server import SimulatorPage
    from steward.sim.page.tab.viewpoint import Viewpoint

PORT = 8082


@contextmanager
def served_page(
    sim: Simulator,
    *,
    port: int = PORT,
    browser: bool,
    what: str = "this Discord in a browser",
    first: Viewpoint | None = None,
    visited: Callable[[bool], object] = lambda _: None,
) -> Iterator[SimulatorPage]:
    """
    Serve the page while entered, and print its address on standard error.

    Args:
        sim: the running simulator.
        port: of the page; if it is taken, a free one.
        browser: whether to open a browser, where there is a terminal and a display.
        what: what the page shows, printed after "to see".
        first: what a new tab shows; see `SimulatorPage`.
        visited: told when somebody opens the page and when nobody is left; see `SimulatorPage`.

    """
    from steward.sim.page.announce import announce
    from steward.sim.page.server import SimulatorPage

    with SimulatorPage(sim, port=port, first=first, visited=visited) as page:
        announce(page.address, what, browser=browser)
        yield page
