"""
The simulator's page: what a viewer costs the simulator, and what the page costs a browser.

The simulator runs in a process of its own, `python -m benchmarks.page CROWD|ARCHIVE`. The browser is Chromium by way of
Playwright; where either is missing, its figures are skipped.
"""

from __future__ import annotations

import asyncio
import gzip
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count, cycle
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp

from benchmarks.cpu import cpu_seconds
from benchmarks.figures import MEMORY_MARGIN
from benchmarks.memory import read_memory
from benchmarks.processes import ROOT, started
from benchmarks.run import Run
from steward.runtime.clock import SystemClock
from steward.sim import Simulator
from steward.sim.page.picture import READY as COMPLETE
from steward.sim.page.picture import chromium_flags, chromium_of
from steward.sim.page.server import PAGE_FILES, SimulatorPage

if TYPE_CHECKING:
    from playwright.async_api import Page

LIMIT = 300.0
READY = "The page is at "  # before its address

VIEWERS, PEOPLE = 100, 10
EVENTS_A_SECOND = 48
WATCHED_FOR = 20.0  # seconds
SETTLE = 3.0

GUILDS, CHANNELS, MESSAGES = 1000, 500, 10_000
SCROLLS = 120
PAINTS = 5  # visits; the middle one counts


async def measure(run: Run) -> None:
    """Measure the server with many viewers, then one browser with much to see."""
    run.progress("a hundred viewers")
    async with served("crowd") as (pid, address):
        await _viewers(run, pid, address, WATCHED_FOR / (4 if run.quick else 1))
    run.progress("a browser")
    async with served("archive") as (_, address), AsyncExitStack() as stack:
        page = await _chromium(stack)
        if page is None:
            run.skipped.append("page: there is no Playwright or no Chromium, so nothing was measured in a browser.")
            return
        await _browser(run, page, address, 2 if run.quick else PAINTS)


@asynccontextmanager
async def served(name: str) -> AsyncIterator[tuple[int, str]]:
    """Yield the process and the address of a simulator's page."""
    async with started("-m", "benchmarks.page", name, folder=ROOT) as child:
        await child.until_it_says(READY)
        yield child.pid, child.last_line.removeprefix(READY)


# Viewers


async def _viewers(run: Run, pid: int, address: str, seconds: float) -> None:
    await asyncio.sleep(SETTLE)
    alone, before = await _load(pid, seconds), read_memory(pid).resident
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        readers = []
        for _, wanted in zip(range(VIEWERS), cycle(range(PEOPLE)), strict=False):
            tab = await stack.enter_async_context(http.ws_connect(f"{address}/ws", headers={"Origin": address}))
            await tab.send_json({"op": "look"})
            view = await tab.receive_json()
            people = [member["id"] for member in view["members"] if not member["bot"]]
            await tab.send_json({"op": "look", "me": people[wanted]})
            readers.append(asyncio.create_task(_read(tab)))
        await asyncio.sleep(SETTLE)
        watched, after = await _load(pid, seconds), read_memory(pid).resident
        for reader in readers:
            reader.cancel()
    received = [reader.result() for reader in await _ended(readers)]
    run.found("page.viewers.cpu", (watched - alone) * 100, "% of a core", better="lower", target=15)
    kibibytes = (after - before) * 1024 / VIEWERS
    run.found("page.viewers.memory", kibibytes, "KiB each", better="lower", target=100, margin=MEMORY_MARGIN)
    run.found("page.viewers.bytes", sum(received) / len(received) / 1024, "KiB received")


async def _load(pid: int, seconds: float) -> float:
    """Return the part of a core that a process uses."""
    before = cpu_seconds(pid)
    await asyncio.sleep(seconds)
    return (cpu_seconds(pid) - before) / seconds


async def _read(tab: aiohttp.ClientWebSocketResponse) -> int:
    size = 0
    try:
        async for text in tab:
            size += len(text.data)
    except asyncio.CancelledError:
        pass
    return size


async def _ended(tasks: list[asyncio.Task[int]]) -> list[asyncio.Task[int]]:
    await asyncio.wait(tasks)
    return tasks


# A browser


async def _chromium(stack: AsyncExitStack) -> Page | None:
    try:
        from playwright.async_api import async_playwright
    except ImportError:
        return None
    playwright = await stack.enter_async_context(async_playwright())
    found = chromium_of(playwright)
    if found is None:
        return None
    arguments = [*chromium_flags(), "--enable-precise-memory-info", "--js-flags=--expose-gc"]
    chromium = await playwright.chromium.launch(executable_path=found, args=arguments)
    stack.push_async_callback(chromium.close)
    return await chromium.new_page(viewport={"width": 1280, "height": 800})


async def _browser(run: Run, page: Page, address: str, visits: int) -> None:
    await page.add_init_script(_MARK)
    await page.goto(address)  # starts the renderer, fills the caches of the machine
    await page.wait_for_selector("html[data-ready] [data-row]")
    cdp = await page.context.new_cdp_session(page)
    await cdp.send("Network.enable")
    await cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})
    first, every = await _loaded(page, address)
    paints, usable = [], []
    for _ in range(visits):
        await page.goto("about:blank")
        await page.goto(address)
        await page.wait_for_selector("html[data-ready] [data-row]")
        found = await page.evaluate(_TIMES)
        paints.append(found["paint"])
        usable.append(found["usable"])
    run.found("page.code", _as_one(first), "KB", better="lower", target=60, margin=MEMORY_MARGIN)
    run.found("page.code_all", _as_one(every), "KB", better="lower", margin=MEMORY_MARGIN)
    run.found("page.wire", sum(first.values()) / 1024, "KiB", better="lower", margin=MEMORY_MARGIN)
    run.found("page.wire_all", sum(every.values()) / 1024, "KiB", better="lower", margin=MEMORY_MARGIN)
    run.found("page.paint", sorted(paints)[len(paints) // 2] / 1000, "s", better="lower", target=1)
    run.found("page.usable", sorted(usable)[len(usable) // 2] / 1000, "s", better="lower", target=1)
    deltas = sorted(await page.evaluate(_SCROLL, SCROLLS))
    run.found("page.scroll.p50", deltas[len(deltas) // 2], "ms a frame")
    run.found("page.scroll.p95", deltas[int(len(deltas) * 0.95)], "ms a frame", better="lower", target=33, margin=1.0)
    run.found("page.scroll.longest", deltas[-1], "ms a frame")
    there = await page.evaluate(_SIZES)
    run.found("page.nodes", there["nodes"], "", better="lower", target=8000)
    run.found("page.heap", there["heap"] / 2**20, "MiB", better="lower", target=40)


async def _loaded(page: Page, address: str) -> tuple[dict[str, int], dict[str, int]]:
    """Return what a first visit asks for before the page can be used, and all it loads: compressed sizes by path."""
    await page.goto("about:blank")
    await page.goto(address)
    await page.wait_for_selector(COMPLETE)
    found = await page.evaluate(_LOADED)
    sizes = {urlsplit(one["address"]).path: one["size"] for one in found}
    return {urlsplit(one["address"]).path: one["size"] for one in found if one["first"]}, sizes


def _as_one(paths: Iterable[str]) -> float:
    """Return the size in kilobytes of these scripts and style sheets, as they are served, as one piece of gzip."""
    content = b"".join(PAGE_FILES.files[path].content for path in sorted(paths) if path.endswith((".js", ".css")))
    return len(gzip.compress(content, mtime=0)) / 1000


_TIMES = """() => ({
  paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
  usable: performance.getEntriesByName("usable")[0]?.startTime ?? NaN,
})"""
_LOADED = """() => {
  const usable = performance.getEntriesByName("usable")[0].startTime;
  return [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map((one) => ({
    address: one.name, size: one.encodedBodySize, first: one.startTime < usable }));
}"""
_MARK = """new MutationObserver((_, watch) => {
  if (!document.querySelector("[data-row]") || document.getElementById("box")?.disabled !== false) return;
  performance.mark("usable");
  watch.disconnect();
}).observe(document, { subtree: true, childList: true, attributes: true });"""
_SCROLL = """async (steps) => {
  const box = document.querySelector(".messages");
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const deltas = [];
  let before = await frame();
  for (let step = 0; step < steps; step += 1) {
    box.scrollTop -= 240;
    const now = await frame();
    deltas.push(now - before);
    before = now;
  }
  return deltas;
}"""
_SIZES = """() => { globalThis.gc?.(); return {
  nodes: document.querySelectorAll("*").length, heap: performance.memory.usedJSHeapSize }; }"""


# The simulator, in its own process


async def _serve(name: str) -> None:
    async with Simulator(clock=SystemClock()) as sim:
        if name == "archive":
            _fill(sim)
        talking = _talk(sim) if name == "crowd" else asyncio.sleep(LIMIT)
        with SimulatorPage(sim) as page:
            print(READY + page.address.rstrip("/"), flush=True)
            await talking


async def _talk(sim: Simulator) -> None:
    """Have people write and react, so many events a second."""
    guild = sim.add_guild("Penguins", members=5000, online=800)
    chat, other = guild.add_text_channel("general"), guild.add_text_channel("other")
    people = [guild.meet(f"person {number}") for number in range(PEOPLE)]
    for number in count():
        who = people[number % PEOPLE]
        if number % 8 == 7:
            who.say(other, "elsewhere")
        elif number % 8 == 3 and chat.messages:
            who.react(chat.messages[-1], "\N{THUMBS UP SIGN}")
        else:
            who.say(chat, f"**message** {number} of a busy evening, with a link https://example.com/{number}")
        await asyncio.sleep(1 / EVENTS_A_SECOND)


def _fill(sim: Simulator) -> None:
    """Make a Discord with much in it."""
    guild = sim.add_guild("Penguins", members=5000, online=800)
    people = [guild.meet(f"person {number}") for number in range(PEOPLE)]
    chat = guild.add_text_channel("general")
    for number in range(1, CHANNELS):
        guild.add_text_channel(f"channel {number}")
    for number in range(1, GUILDS):
        sim.add_guild(f"Guild {number}")
    bot = guild.members.get(sim.bot.id)
    for number in range(MESSAGES):
        author = people[number // 3 % PEOPLE] if number % 2 or bot is None else bot
        chat.post_as(
            author, f"Message **{number}** of <@{people[0].id}>: `code`, _words_ and some more of them\n- a list"
        )


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
