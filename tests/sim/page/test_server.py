"""The page's web server: who may read it, what it serves, and how a tab is kept up to date."""

import asyncio
import logging
import socket
import struct
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

from steward.sim import File, Simulator
from steward.sim.page import server
from steward.sim.page.server import SimulatorPage
from steward.sim.page.tab.viewpoint import Viewpoint
from tests.sim.page.tab import Browser, paged

HOSTILE_HOSTS = (
    "evil.example",
    "127.0.0.1.evil.com",
    "127.1",
    "2130706433",
    "localhost@evil",
    "localhost",
    "[::1]",
    "",
)


@pytest.mark.parametrize("host", HOSTILE_HOSTS)
async def test_a_foreign_host_is_refused(clock, host):
    async with paged(clock) as (_, browser):
        status, text, _ = await browser.get(Host=host)
        assert status == 421
        assert browser.page.address in text


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1"])
async def test_a_foreign_origin_gets_no_websocket(clock, origin):
    async with paged(clock) as (_, browser):
        upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
        status, _, _ = await browser.get(
            "ws", Origin=origin, **upgrade, **{"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
        )
        assert status == 403


async def test_nothing_is_written_by_plain_requests(clock):
    async with paged(clock) as (_, browser):
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            assert (await browser.get(method=method))[0] == 405


async def test_files_come_compressed_once_and_again_only_when_they_have_changed(clock):
    async with paged(clock) as (_, browser):
        for path in ("", "app.js", "style/chat.css"):
            _, text, packed = await browser.get(path, **{"Accept-Encoding": "gzip"})
            _, same, plain = await browser.get(path, **{"Accept-Encoding": "identity"})
            assert (packed["Content-Encoding"], same) == ("gzip", text)
            assert int(packed["Content-Length"]) < int(plain["Content-Length"])
            status, nothing, _ = await browser.get(path, **{"If-None-Match": packed["ETag"]})
            assert (status, nothing) == (304, "")
            assert (await browser.get(path, **{"If-None-Match": '"other"'}))[0] == 200


async def test_the_page_names_its_modules_and_allows_no_foreign_code(clock):
    async with paged(clock) as (_, browser):
        _, _, headers = await browser.get()
        assert "<./messages/message.js>; rel=modulepreload" in headers["Link"]
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert (await browser.get("app.js"))[2]["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["static/%2e%2e/.env", "..%2fserver.py", "%2e%2e/__init__.py", "nothing.js"])
async def test_only_the_pages_own_files_are_served(clock, path):
    async with paged(clock) as (_, browser):
        assert (await browser.get(path))[0] == 404


async def test_uploads_are_downloads_in_a_sandbox_unless_they_are_pictures(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, alice = guild.add_text_channel("general"), guild.join("alice")
        page = File("evil.html", b"<script>alert(1)</script>", "text/html")
        picture = File("a.png", b"\x89PNG\r\n\x1a\n...", "image/png")
        sent = alice.say(chat, files=[page, picture])
        paths = [found["url"].partition("/attachments/")[2] for found in sent.attachments]
        (_, _, evil), (_, _, shown) = [await browser.get(f"attachments/{path}") for path in paths]
        assert evil["Content-Disposition"].startswith("attachment")
        assert evil["Content-Type"] == "application/octet-stream"
        assert evil["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/png", "nosniff")


async def test_a_tab_that_is_closed_in_the_handshake_is_no_error(clock, caplog):
    async with paged(clock) as (_, browser):
        address = urlsplit(browser.page.address)
        handshake = (
            f"GET /ws HTTP/1.1\r\nHost: {address.netloc}\r\nOrigin: http://{address.netloc}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )
        gone = socket.create_connection((address.hostname, address.port))
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        gone.send(handshake.encode())
        gone.close()  # a reset, which arrives with the request
        assert (await browser.get())[0] == 200
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_every_tab_gets_its_own_place_and_what_happens_there(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, hall = guild.add_text_channel("general"), guild.add_text_channel("hall")
        guild.join("alice")
        tabs = [await browser.tab(channel=channel) for channel in (chat, hall, *[chat] * 5)]
        guild.join("bob").say(chat, "hello")
        for tab in (tabs[0], *tabs[2:]):
            await tab.sees(lambda seen: [message["content"] for message in seen["messages"]] == ["hello"])
        await tabs[1].sees(lambda seen: any(channel["unread"] == 0 for channel in seen["channels"]))
        assert tabs[1].seen["messages"] == []


async def test_a_thousand_edits_reach_a_tab_as_the_newest_state(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, alice = guild.add_text_channel("general"), guild.join("alice")
        message = alice.say(chat, "0")
        tab = await browser.tab()
        for number in range(1, 1001):
            alice.edit(message, str(number))
        await tab.sees(lambda seen: seen["messages"][0]["content"] == "1000")
        assert sum("messages" in text for text in tab.texts if text["op"] == "change") <= 1


async def test_a_stopped_clock_answers_and_goes_on_at_the_new_speed(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        guild.add_text_channel("general")
        tab = await browser.tab()
        assert (await tab.ask("time", speed=0))["speed"] == 0
        before = clock.now()
        await tab.act("say", content="the clock stands")
        await tab.sees(lambda seen: seen["messages"])
        assert clock.now() == before
        assert (await tab.ask("time", speed=100))["speed"] == 100
        await tab.sees(lambda seen: seen["time"]["now"] > before.isoformat())


async def test_a_pause_ends_with_the_speed_before_it_whoever_set_it(clock):
    loop: Any = asyncio.get_running_loop()
    async with paged(clock) as (sim, browser):
        sim.add_guild("Penguins", members=5).add_text_channel("general")
        tab = await browser.tab()
        await tab.ask("time", speed=2160)
        loop.speed = 50
        assert (await tab.ask("time", speed=0))["resume"] == 50
        assert (await tab.ask("time", speed=0))["resume"] == 50
        loop.speed = 50
        assert (await tab.ask("time", speed=None))["speed"] is None
        assert (await tab.ask("time", speed=0))["resume"] is None


async def test_a_jump_ends_at_its_instant_and_the_past_is_refused(clock):
    async with paged(clock) as (sim, browser):
        sim.add_guild("Penguins", members=5).add_text_channel("general")
        tab = await browser.tab()
        assert (await tab.ask("time", until="2026-01-06T00:00:00+00:00"))["until"] == "2026-01-06T00:00:00+00:00"
        await tab.sees(lambda seen: seen["time"]["now"] >= "2026-01-06" and seen["time"]["until"] is None)
        assert clock.now().isoformat() < "2026-01-06T00:01"
        for wrong in ("2026-01-01T00:00:00+00:00", "2036-01-01T00:00:00+00:00", "soon"):
            with pytest.raises(ValueError, match="instant"):
                await tab.ask("time", until=wrong)


async def test_a_text_with_half_a_surrogate_pair_reaches_the_tab(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, alice = guild.add_text_channel("general"), guild.join("alice")
        alice.say(chat, "a\ud800b")
        tab = await browser.tab()
        assert [message["content"] for message in tab.seen["messages"]] == ["a\ud800b"]
        alice.say(chat, "\udfffc")
        await tab.sees(lambda seen: len(seen["messages"]) == 2)


async def test_a_visit_ends_when_the_last_tab_has_been_closed_for_a_while(clock, monkeypatch):
    monkeypatch.setattr(server, "LOADED_AGAIN_WITHIN", 0.1)
    async with visited(clock) as (browser, visits):
        tabs = [await browser.tab()]
        assert await visits.get()
        tabs.append(await browser.tab())
        await browser.tabs.pop(0).close()
        await asyncio.sleep(1)
        assert visits.empty()
        await browser.tabs.pop().close()
        assert not await visits.get()


async def test_a_tab_that_is_loaded_again_is_the_same_visit(clock, monkeypatch):
    monkeypatch.setattr(server, "LOADED_AGAIN_WITHIN", 3600)
    async with visited(clock) as (browser, visits):
        tabs = [await browser.tab()]
        assert await visits.get()
        await browser.tabs.pop().close()
        tabs.append(await browser.tab())
        assert visits.empty()


@asynccontextmanager
async def visited(clock):
    """Yield a browser, and a queue of what is told of visits."""
    loop: Any = asyncio.get_running_loop()
    loop.speed = 1
    visits: asyncio.Queue[bool] = asyncio.Queue()
    async with Simulator(clock=clock) as sim:
        with SimulatorPage(sim, visited=visits.put_nowait) as page:
            browser = Browser(page)
            try:
                yield browser, visits
            finally:
                await browser.close()
    loop.speed = None


async def test_a_tab_begins_at_the_first_place_also_one_that_was_at_another_simulator(clock):
    loop: Any = asyncio.get_running_loop()
    loop.speed = 1
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins", members=5)
        _, hall, bob = guild.add_text_channel("general"), guild.add_text_channel("hall"), guild.join("alice")
        with SimulatorPage(sim, first=Viewpoint(guild, hall, bob)) as page:
            browser = Browser(page)
            try:
                for place in ({}, {"guild": 1, "channel": 2, "me": 3}):
                    tab = await browser.tab(**place)
                    assert (tab.seen["channel"], tab.seen["me"]["id"]) == (str(hall.id), str(bob.id))
            finally:
                await browser.close()
    loop.speed = None
