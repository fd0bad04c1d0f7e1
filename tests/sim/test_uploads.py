"""Uploaded files are served while they are kept."""

from __future__ import annotations

import json

import aiohttp
import pytest

from steward.runtime.clock import Clock
from steward.sim import Limits
from tests.sim.rest_client import RestClient, rest


async def upload(client: RestClient, channel_id: int, name: str, content: bytes) -> dict[str, str]:
    form = aiohttp.FormData()
    form.add_field("payload_json", json.dumps({"content": name}), content_type="application/json")
    form.add_field("files[0]", content, filename=name, content_type="image/png")
    sent = await client.call("POST", f"/channels/{channel_id}/messages", data=form)
    assert sent.status == 200
    return {"message": sent.body["id"], "url": sent.body["attachments"][0]["url"]}


async def served(url: str) -> tuple[int, bytes]:
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        return answer.status, await answer.read()


async def test_a_file_is_served_until_its_message_is_deleted(clock: Clock):
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        sent = await upload(client, chat.id, "bet slip.png", b"PNG!")
        assert await served(sent["url"]) == (200, b"PNG!")
        await client.call("DELETE", f"/channels/{chat.id}/messages/{sent['message']}")
        assert (await served(sent["url"]))[0] == 404


async def test_of_too_many_bytes_the_oldest_files_go(clock: Clock):
    async with rest(clock, limits=Limits(kept_file_bytes=2500)) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        urls = [(await upload(client, chat.id, f"{number}.png", b"x" * 1000))["url"] for number in range(4)]
        assert [(await served(url))[0] for url in urls] == [404, 404, 200, 200]


PNG, PAGE = b"\x89PNG\r\n\x1a\n....", b"<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("content", "kind", "way"),
    [
        (PNG, "image/png", "inline"),
        (b"RIFF....WEBPVP8 ", "image/webp", "inline"),
        (b"OggS....", "audio/ogg", "inline"),
        (PAGE, "application/octet-stream", "attachment"),
        (b"<svg onload='x()'/>", "application/octet-stream", "attachment"),
        (b"", "application/octet-stream", "attachment"),
    ],
)
async def test_a_file_is_served_as_what_it_is_and_not_as_its_sender_says(
    clock: Clock, content: bytes, kind: str, way: str
):
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        sent = await upload(client, chat.id, "page.html", content)
        async with aiohttp.ClientSession() as http, http.get(sent["url"]) as answer:
            assert await answer.read() == content
            assert answer.headers["Content-Type"] == kind
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Disposition"] == f"{way}; filename*=UTF-8''page.html"
