"""Pictures of the page, where there is Playwright and a Chromium to take them."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from steward.sim.page.server import SimulatorPage
from steward.sim.page.tab.viewpoint import Viewpoint, latest_place

if TYPE_CHECKING:
    from steward.sim.server import Simulator

READY = "html[data-complete]"  # what is loaded after the first view, too
LOADED_WITHIN = 30_000.0  # milliseconds, as Playwright counts
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


async def take_picture(
    sim: Simulator, path: Path, *, first: Viewpoint | None = None, width: int = 1280, height: int = 800
) -> bool:
    """
    Write what the page shows to a PNG file while the simulated clock stands; return False if there is no browser.

    Args:
        sim: the simulator, on whose loop this runs.
        path: of the picture; its folder is made.
        first: what it shows; by default where something happened last.
        width: of the picture, in pixels, as its height.

    """
    if importlib.util.find_spec("playwright") is None:
        return False
    with SimulatorPage(sim, first=first or latest_place(sim.world)) as page:
        size = {"width": width, "height": height}
        return await asyncio.to_thread(asyncio.run, _taken(page.address, path, size))


async def _taken(address: str, path: Path, size: dict[str, int]) -> bool:
    playwright: Any = importlib.import_module("playwright.async_api")  # untyped, as it is there or not
    async with playwright.async_playwright() as tools:
        executable = chromium_of(tools)
        if executable is None:
            return False
        chromium = await tools.chromium.launch(executable_path=executable, args=chromium_flags())
        try:
            page = await chromium.new_page(viewport=size, color_scheme="dark", reduced_motion="reduce")
            await page.goto(address)
            await page.wait_for_selector(READY, timeout=LOADED_WITHIN)
            await page.evaluate("Promise.allSettled([...document.images].map((image) => image.decode()))")
            path.parent.mkdir(parents=True, exist_ok=True)
            await page.screenshot(path=path)
        finally:
            await chromium.close()
    return True


def chromium_of(tools: Any) -> str | None:
    """Return the path of the Chromium that Playwright has downloaded, else of the system's; None if there is none."""
    downloaded: str = tools.chromium.executable_path
    if Path(downloaded).exists():
        return downloaded
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def chromium_flags() -> list[str]:
    """Return the flags that Chromium needs here: root, as in a container, can have no sandbox."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
