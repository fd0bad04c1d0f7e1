"""Bodies and headers that cannot be serialized again."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

import pytest

from steward.runtime.clock import Clock
from tests.sim.rest_client import rest

URL_ENCODED = {"Content-Type": "application/x-www-form-urlencoded"}
BOUNDARY = {"Content-Type": "multipart/form-data; boundary=B"}
FILE = (
    b'--B\r\nContent-Disposition: form-data; name="files[0]"; filename="caf\xe9.png"\r\n'
    b"Content-Type: image/\xe9\r\n\r\nxx\r\n--B--\r\n"
)


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


@pytest.mark.parametrize(("levels", "status"), [(90, 200), (300, 400)])
async def test_the_depth_of_json_is_limited(clock: Clock, levels: int, status: int):
    """Stored JSON must be serializable: orjson parses deeper than it serializes."""
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        body = '{"content": "hi", "unknown": ' + nested(levels) + "}"
        headers = {"Content-Type": "application/json"}
        answered = await client.call("POST", f"/channels/{chat.id}/messages", data=body, headers=headers)
        assert answered.status == status
        assert status == 200 or answered.body["code"] == 50109


@pytest.mark.parametrize("kind", [{"Content-Type": "application/json"}, BOUNDARY])
async def test_invalid_compression_is_refused(clock: Clock, kind: dict[str, str]):
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        headers = kind | {"Content-Encoding": "gzip"}
        answered = await client.call("POST", f"/channels/{chat.id}/messages", data=b"no gzip", headers=headers)
        assert (answered.status, answered.body["code"]) == (400, 50109)


async def test_invalid_utf8_in_the_headers_of_a_file_is_replaced(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("view_channel", "send_messages", "attach_files"))
        chat = guild.add_text_channel("chat")
        answered = await client.call("POST", f"/channels/{chat.id}/messages", data=FILE, headers=BOUNDARY)
        assert answered.status == 200
        (attached,) = answered.body["attachments"]
        assert (attached["filename"], attached["content_type"]) == ("caf\ufffd.png", "image/\ufffd")


async def test_invalid_utf8_in_a_reason_is_replaced(clock: Clock):
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


def multipart(**fields: str) -> bytes:
    parts = (f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items())
    return ("".join(parts) + "--B--\r\n").encode()


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (URL_ENCODED, urlencode({"content": "5", "tts": "true", "flags": "4", "nonce": "7"}).encode()),
        (BOUNDARY, multipart(content="5", tts="true", flags="4", nonce="7")),
        (URL_ENCODED, urlencode({"payload_json": '{"content": "5", "tts": true, "flags": 4, "nonce": "7"}'}).encode()),
        (
            URL_ENCODED,
            urlencode({"payload_json": '{"content": "5"}', "content": "6", "tts": "1", "flags": 4}).encode(),
        ),
    ],
    ids=["form", "multipart", "payload", "both"],
)
async def test_form_fields_are_converted_to_their_types(clock: Clock, headers: dict[str, str], body: bytes):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("view_channel", "send_messages", "send_tts_messages"))
        chat = guild.add_text_channel("chat")
        answered = await client.call("POST", f"/channels/{chat.id}/messages", data=body, headers=headers)
        assert answered.status == 200
        assert (answered.body["content"], answered.body["tts"], answered.body["flags"]) == ("5", True, 4)


async def test_a_list_in_a_form_is_one_item_several_fields_or_json(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("view_channel", "manage_messages", "read_message_history"))
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        path = f"/channels/{chat.id}/messages/bulk-delete"
        for several in (True, False):
            ids = [alice.say(chat, "hi").id for _ in range(2)]
            body = urlencode([("messages", found) for found in ids] if several else {"messages": ids})
            assert (await client.call("POST", path, data=body, headers=URL_ENCODED)).status == 204
        one = alice.say(chat, "hi").id
        alone = await client.call("POST", path, data=urlencode({"messages": one}), headers=URL_ENCODED)
        assert alone.body["code"] == 50016
        assert len(chat.messages) == 1


@pytest.mark.parametrize(("said", "status"), [("false", 200), ("0", 200), ("maybe", 400)])
async def test_a_boolean_in_a_form_is_converted(clock: Clock, said: str, status: int):
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        body = urlencode({"content": "hi", "tts": said})
        answered = await client.call("POST", f"/channels/{chat.id}/messages", data=body, headers=URL_ENCODED)
        assert answered.status == status
        assert list(answered.body.get("errors", [])) == (["tts"] if status == 400 else [])
        assert not answered.body.get("tts")


async def test_integral_floats_count_as_integers(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("manage_channels", "connect", "view_channel"))
        hall = guild.add_voice_channel("hall")
        for asked, status in ((5.0, 200), (5.5, 400)):
            answered = await client.call("PATCH", f"/channels/{hall.id}", json={"user_limit": asked})
            assert answered.status == status
        assert (await client.get(f"/channels/{hall.id}"))["user_limit"] == 5
