"""The simulator's page as commands serve it: the address is printed, and opened where there is a browser to see."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from steward.sim import Simulator
    from steward.sim.page.server import SimulatorPage

PORT = 8082


@contextmanager
def served_page(sim: Simulator, *, port: int = PORT, browser: bool) -> Iterator[SimulatorPage]:
    """
    Serve the page while entered, and print its address on standard error.

    Args:
        sim: the running simulator.
        port: of the page; if it is taken, a free one.
        browser: whether to open a browser, where there is a terminal and a display.

    """
    from steward.sim.page.server import SimulatorPage

    with SimulatorPage(sim, port=port) as page:
        print(f"Open {page.address} to see this Discord in a browser.", file=sys.stderr, flush=True)
        if "SSH_CONNECTION" in os.environ:
            number = page.address.rstrip("/").rpartition(":")[2]
            print(f"From your own computer, first: ssh -L {number}:127.0.0.1:{number} this-machine", file=sys.stderr)
        elif browser and sys.stdout.isatty() and _has_display():
            import webbrowser

            webbrowser.open(page.address)
        yield page


def _has_display() -> bool:
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
