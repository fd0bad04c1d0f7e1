"""What a body or a header may hold that could not be written out again."""

from __future__ import annotations

import asyncio

import pytest

from steward.runtime.clock import Clock
from tests.sim.rest_client import rest

BOUNDARY = {"Content-Type": "multipart/form-data; boundary=B"}
FILE = (
    b'--B\r\nContent-Disposition: form-data; name="files[0]"; filename="caf\xe9.png"\r\n'
    b"Content-Type: image/\xe9\r\n\r\nxx\r\n--B--\r\n"
)


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


@pytest.mark.parametrize(("levels", "status"), [(90, 200), (300, 400)])
async def test_json_is_nested_so_deep_and_no_deeper(clock: Clock, levels: int, status: int):
    """Whatever is stored can be written out again: orjson reads deeper than it writes."""
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        body = '{"content": "hi", "unknown": ' + nested(levels) + "}"
        headers = {"Content-Type": "application/json"}
        answered = await client.call("POST", f"/channels/{chat.id}/messages", data=body, headers=headers)
        assert answered.status == status
        assert status == 200 or answered.body["code"] == 50109


@pytest.mark.parametrize("kind", [{"Content-Type": "application/json"}, BOUNDARY])
async def test_what_is_not_compressed_as_it_says_is_refused(clock: Clock, kind: dict[str, str]):
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        headers = kind | {"Content-Encoding": "gzip"}
        answered = await client.call("POST", f"/channels/{chat.id}/messages", data=b"no gzip", headers=headers)
        assert (answered.status, answered.body["code"]) == (400, 50109)


async def test_what_is_not_utf8_in_the_headers_of_a_file_is_replaced(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("view_channel", "send_messages", "attach_files"))
        chat = guild.add_text_channel("chat")
        answered = await client.call("POST", f"/channels/{chat.id}/messages", data=FILE, headers=BOUNDARY)
        assert answered.status == 200
        (attached,) = answered.body["attachments"]
        assert (attached["filename"], attached["content_type"]) == ("caf\ufffd.png", "image/\ufffd")


async def test_what_is_not_utf8_in_a_reason_is_replaced(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("manage_roles", "view_audit_log"))
        path = f"/guilds/{guild.id}/roles"
        made = await client.call("POST", path, json={"name": "x"}, headers={"X-Audit-Log-Reason": "caf%E9"})
        assert made.status == 200
        head = f"POST /api{path} HTTP/1.0\r\nAuthorization: Bot {sim.bot.token}\r\nX-Audit-Log-Reason: caf"
        reader, writer = await asyncio.open_connection("127.0.0.1", sim.port)
        writer.write(head.encode() + b"\xe9\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
        assert (await reader.read()).startswith(b"HTTP/1.0 200")
        writer.close()
        log = await client.get(f"/guilds/{guild.id}/audit-logs")
        assert [entry["reason"] for entry in log["audit_log_entries"]] == ["caf\ufffd"] * 2
