"""Pages of others, in the same browser, get nothing from the simulator's page and tell it nothing."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web

from tests.sim.page.browser.chromium import EVIL
from tests.sim.page.tab import paged

ATTACKS = """
async ([page, socket]) => {
  const opened = await new Promise((tell) => {
    const tab = new WebSocket(socket);
    tab.onopen = () => tell("opened");
    tab.onerror = () => tell("refused");
  });
  const read = await fetch(page).then(() => "read", () => "refused");
  const action = JSON.stringify({ op: "act", n: 1, do: "say", content: "evil" });
  await fetch(page, { method: "POST", mode: "no-cors", body: action }).catch(() => {});
  const frame = document.createElement("iframe");
  frame.src = page;
  await new Promise((loaded) => {
    frame.onload = loaded;
    document.body.append(frame);
  });
  return [opened, read];
}
"""


async def test_a_page_of_another_origin_can_neither_read_nor_act(clock, chromium):
    async with paged(clock) as (sim, browser):
        chat = sim.add_guild("Penguins", members=5).add_text_channel("general")
        runner = web.ServerRunner(web.Server(lambda _: _answer()))
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            address = browser.page.address
            async with chromium.window(f"http://127.0.0.1:{runner.addresses[0][1]}/", ready="p") as page:
                found = await page(lambda it: it.evaluate(ATTACKS, [address, f"ws:{address[5:]}ws"]))
                framed = page.page.frames[1].url
                page.complaints.clear()  # the browser says on the console what it has refused
        finally:
            await runner.cleanup()
        assert found == ["refused", "refused"]
        assert framed.startswith("chrome-error:")
        assert chat.messages == []


async def _answer() -> web.Response:
    return web.Response(text="<!doctype html><p>elsewhere</p>", content_type="text/html")


async def test_a_foreign_name_of_this_machine_shows_no_page(clock, chromium):
    """DNS rebinding: a name of the attacker's that leads here."""
    async with paged(clock) as (_, browser):
        port = urlsplit(browser.page.address).port
        async with chromium.window(f"http://{EVIL}:{port}/", ready="body") as page:
            await page.sees(f"Open {browser.page.address} instead.")
            page.complaints.clear()  # the status, 421
