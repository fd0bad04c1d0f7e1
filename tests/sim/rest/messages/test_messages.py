"""Routes of messages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

import aiohttp
import pytest

from steward.runtime.clock import Clock
from steward.sim.channels.channel import Channel
from steward.sim.guilds.permissions import BITS
from tests.sim.rest_client import RestClient, rest


async def send(client: RestClient, channel: Channel, body: Mapping[str, object]):
    return await client.call("POST", f"/channels/{channel.id}/messages", json=body)


async def test_a_message_is_sent_read_edited_and_deleted(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_text_channel("reports")
        sent = await send(client, channel, {"content": " hello ", "embeds": [{"title": "Report", "color": 5}]})
        assert (sent.status, sent.body["content"]) == (200, "hello")
        path = f"/channels/{channel.id}/messages/{sent.body['id']}"
        assert (await client.get(path))["embeds"][0]["title"] == "Report"
        edited = await client.call("PATCH", path, json={"content": "bye"})
        assert (edited.status, edited.body["content"]) == (200, "bye")
        assert edited.body["edited_timestamp"] is not None
        assert edited.body["embeds"] == sent.body["embeds"]
        assert (await client.call("DELETE", path)).status == 204
        assert (await client.call("GET", path)).body["code"] == 10008
        assert channel.messages == []


async def test_an_enforced_nonce_returns_the_same_message_for_some_minutes(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_text_channel("reports")
        body = {"content": "once", "nonce": "report-1", "enforce_nonce": True}
        first, again = await send(client, channel, body), await send(client, channel, body)
        assert first.body["id"] == again.body["id"]
        assert len(channel.messages) == 1
        await asyncio.sleep(sim.limits.nonce_seconds + 1)
        late = await send(client, channel, body)
        assert late.body["id"] != first.body["id"]


async def test_an_unenforced_nonce_sends_a_new_message(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_text_channel("reports")
        for _ in range(2):
            answered = await send(client, channel, {"content": "twice", "nonce": "n"})
            assert answered.body["nonce"] == "n"
        assert len(channel.messages) == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"content": "x" * 2001}, "content"),
        ({"content": 5}, "content"),
        ({"content": "x", "nonce": "n" * 26}, "nonce"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds"),
        ({"embeds": [{"title": "x"}] * 11}, "embeds"),
        ({"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]}, "embeds"),
        ({"embeds": [{"fields": [{"name": "", "value": "x"}]}]}, "embeds"),
        ({"embeds": ["x"]}, "embeds"),
        ({"embeds": "x"}, "embeds"),
        ({"content": "x", "message_reference": {"message_id": "5"}}, "message_reference"),
        ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["5"]}}, "allowed_mentions"),
    ],
)
async def test_invalid_fields_are_refused(clock: Clock, body: dict[str, object], field: str):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_text_channel("reports")
        answered = await send(client, channel, body)
        assert (answered.status, answered.body["code"]) == (400, 50035)
        assert list(answered.body["errors"]) == [field]
        assert channel.messages == []


async def test_an_empty_message_is_refused(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_text_channel("reports")
        answered = await send(client, channel, {"content": "  "})
        assert (answered.status, answered.body["code"]) == (400, 50006)


async def test_sending_needs_its_permission(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_text_channel("reports")
        channel.deny(sim.bot.user, "send_messages")
        answered = await send(client, channel, {"content": "x"})
        assert (answered.status, answered.body["code"]) == (403, 50013)


async def test_an_embeds_footer_and_author_have_only_given_fields(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_text_channel("reports")
        footer = {"text": "late", "icon_url": None, "colour": 5}
        author = {"name": "Ada", "url": "https://example.com/", "icon_url": "attachment://ada.png"}
        answered = await send(client, channel, {"embeds": [{"footer": footer, "author": author}]})
        assert answered.body["embeds"] == [{"type": "rich", "footer": {"text": "late"}, "author": author}]
        refused = await send(client, channel, {"embeds": [{"author": {"name": "Ada", "url": "ada"}}]})
        assert (refused.status, list(refused.body["errors"]["embeds"]["0"]["author"])) == (400, ["url"])


async def test_without_embed_links_embeds_are_dropped(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_text_channel("reports")
        channel.deny(sim.bot.user, "embed_links")
        answered = await send(client, channel, {"content": "x", "embeds": [{"title": "gone"}]})
        assert (answered.status, answered.body["embeds"]) == (200, [])


async def test_messages_of_others_cannot_be_edited(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        channel = guild.add_text_channel("chat")
        said = guild.join("alice").say(channel, "mine")
        path = f"/channels/{channel.id}/messages/{said.id}"
        answered = await client.call("PATCH", path, json={"content": "x"})
        assert (answered.status, answered.body["code"]) == (403, 50005)
        assert (await client.call("DELETE", path)).body["code"] == 50013


async def test_messages_older_than_an_hour_are_edited_three_times_in_six_seconds(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_text_channel("heartbeat")
        sent = await send(client, channel, {"content": "0"})
        path = f"/channels/{channel.id}/messages/{sent.body['id']}"
        await asyncio.sleep(3601)
        for number in range(3):
            assert (await client.call("PATCH", path, json={"content": str(number)})).status == 200
        refused = await client.call("PATCH", path, json={"content": "x"})
        assert (refused.status, refused.body["code"], refused.body["retry_after"]) == (429, 30046, 6.0)
        await asyncio.sleep(6)
        assert (await client.call("PATCH", path, json={"content": "x"})).status == 200


async def test_the_sixth_message_in_five_seconds_is_limited_as_in_the_headers(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_text_channel("chat")
        remaining = [(await send(client, channel, {"content": "x"})).headers["X-RateLimit-Remaining"] for _ in range(5)]
        assert remaining == ["4", "3", "2", "1", "0"]
        refused = await send(client, channel, {"content": "x"})
        assert (refused.status, refused.headers["X-RateLimit-Scope"]) == (429, "user")
        await asyncio.sleep(refused.body["retry_after"])
        assert (await send(client, channel, {"content": "x"})).status == 200


async def test_history_is_newest_first_and_paged(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        channel = guild.add_text_channel("chat")
        alice = guild.join("alice")
        said = [alice.say(channel, str(number)) for number in range(10)]
        path = f"/channels/{channel.id}/messages"
        assert [found["content"] for found in await client.get(f"{path}?limit=3")] == ["9", "8", "7"]
        before = await client.get(f"{path}?limit=2&before={said[5].id}")
        assert [found["content"] for found in before] == ["4", "3"]
        after = await client.get(f"{path}?limit=2&after={said[5].id}")
        assert [found["content"] for found in after] == ["7", "6"]
        around = await client.get(f"{path}?limit=3&around={said[5].id}")
        assert [found["content"] for found in around] == ["6", "5", "4"]


async def test_history_is_empty_without_its_permission(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        channel = guild.add_text_channel("chat")
        guild.join("alice").say(channel, "hi")
        channel.deny(sim.bot.user, "read_message_history")
        assert await client.get(f"/channels/{channel.id}/messages") == []


async def test_mentions_are_limited_to_allowed_mentions(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        guild.everyone.permissions &= ~BITS["mention_everyone"]
        channel = guild.add_text_channel("chat")
        alice, bob = guild.join("alice"), guild.join("bob")
        content = f"<@{alice.id}> <@{bob.id}> @everyone"
        free = await send(client, channel, {"content": content})
        assert len(free.body["mentions"]) == 2
        assert free.body["mention_everyone"] is False  # the bot lacks MENTION_EVERYONE
        none = await send(client, channel, {"content": content, "allowed_mentions": {"parse": []}})
        assert none.body["mentions"] == []
        one = {"content": content, "allowed_mentions": {"users": [str(bob.id)]}}
        answered = await send(client, channel, one)
        assert [user["id"] for user in answered.body["mentions"]] == [str(bob.id)]


async def test_a_reply_has_its_original_and_pings_the_author_if_allowed(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        asked = alice.say(chat, "hello?")
        wish = {"content": "yes", "message_reference": {"message_id": str(asked.id)}}
        sent = await send(client, chat, wish)
        assert (sent.body["type"], sent.body["referenced_message"]["content"]) == (19, "hello?")
        assert [user["id"] for user in sent.body["mentions"]] == [str(alice.id)]
        for allowed, pings in (({"parse": []}, 0), ({"parse": [], "replied_user": True}, 1)):
            sent = await send(client, chat, wish | {"allowed_mentions": allowed})
            assert len(sent.body["mentions"]) == pings
        chat.remove_message(asked)
        (newest, *_) = await client.get(f"/channels/{chat.id}/messages?limit=1")
        assert newest["referenced_message"] is None
        assert (await send(client, chat, wish)).status == 400


async def test_a_chain_of_replies_is_nested_once(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        last = alice.say(chat, "0")
        for number in range(1, 1500):
            last = alice.reply(last, str(number))
        shown = await client.get(f"/channels/{chat.id}/messages/{last.id}")
        assert shown["referenced_message"]["content"] == "1498"
        assert "referenced_message" not in shown["referenced_message"]


async def test_files_are_stored_and_served(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_text_channel("reports")
        form = aiohttp.FormData()
        form.add_field("payload_json", json.dumps({"attachments": [{"id": 0, "description": "a chart"}]}))
        form.add_field("files[0]", b"PNG!", filename="chart.png", content_type="image/png")
        answered = await client.call("POST", f"/channels/{channel.id}/messages", data=form)
        assert answered.status == 200
        (file,) = answered.body["attachments"]
        assert (file["filename"], file["size"], file["description"]) == ("chart.png", 4, "a chart")
        async with aiohttp.ClientSession() as session, session.get(file["url"]) as response:
            assert await response.read() == b"PNG!"


async def test_an_embed_references_an_attachment(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_text_channel("reports")
        pictures = {"image": {"url": "attachment://a.png"}, "author": {"name": "x", "icon_url": "attachment://b.png"}}
        form = aiohttp.FormData()
        form.add_field("payload_json", json.dumps({"embeds": [pictures]}))
        form.add_field("files[0]", b"PNG!", filename="a.png", content_type="image/png")
        answered = await client.call("POST", f"/channels/{channel.id}/messages", data=form)
        (file,), (embed,) = answered.body["attachments"], answered.body["embeds"]
        assert (embed["image"]["url"], embed["author"]["icon_url"]) == (file["url"], "attachment://b.png")


async def test_an_edit_keeps_the_attachments_it_lists(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_text_channel("reports")
        form = aiohttp.FormData()
        form.add_field("payload_json", json.dumps({"content": "x"}))
        form.add_field("files[0]", b"1", filename="a.txt")
        form.add_field("files[1]", b"2", filename="b.txt")
        sent = await client.call("POST", f"/channels/{channel.id}/messages", data=form)
        kept = sent.body["attachments"][1]["id"]
        path = f"/channels/{channel.id}/messages/{sent.body['id']}"
        edited = await client.call("PATCH", path, json={"attachments": [{"id": kept}]})
        assert [file["filename"] for file in edited.body["attachments"]] == ["b.txt"]


async def test_categories_have_no_messages(clock: Clock):
    async with rest(clock) as (sim, client):
        category = sim.add_guild("Penguins").add_category("Counters")
        assert (await send(client, category, {"content": "x"})).body["code"] == 50008


async def test_a_direct_message_reaches_a_user(clock: Clock):
    async with rest(clock) as (sim, client):
        alice = sim.add_guild("Penguins").join("alice")
        opened = await client.call("POST", "/users/@me/channels", json={"recipient_id": str(alice.id)})
        again = await client.call("POST", "/users/@me/channels", json={"recipient_id": str(alice.id)})
        assert opened.body["id"] == again.body["id"]
        path = f"/channels/{opened.body['id']}/messages"
        assert (await client.call("POST", path, json={"content": "hi"})).status == 200
        assert (await client.get(path))[0]["content"] == "hi"


async def test_malformed_bodies_are_refused(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_text_channel("chat")
        path = f"/channels/{channel.id}/messages"
        headers = {"Content-Type": "application/json"}
        answered = await client.call("POST", path, data=b"{", headers=headers)
        assert (answered.status, answered.body["code"]) == (400, 50109)
        answered = await client.call("POST", path, data=b"[]", headers=headers)
        assert (answered.status, answered.body["code"]) == (400, 50035)
        answered = await client.call("POST", path)
        assert (answered.status, answered.body["code"]) == (400, 50035)
        answered = await client.call("POST", path, data=b"x", headers={"Content-Type": "multipart/form-data"})
        assert answered.status == 400


async def test_many_messages_are_deleted_at_once(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("view_channel", "manage_messages"))
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        ids = [str(alice.say(chat, "x").id) for _ in range(5)]
        path = f"/channels/{chat.id}/messages/bulk-delete"
        assert (await client.call("POST", path, json={"messages": ids[:3]})).status == 204
        assert [str(message.id) for message in chat.messages] == ids[3:]
        assert sim.recorder.dispatched["MESSAGE_DELETE_BULK"] == 1
        too_large = ["9" * 32, "1"], ["-" + "9" * 31, "1"]
        refused = [(wrong, 50035) for wrong in (*too_large, ids * 21, ["x", "y"])]
        for wrong, code in ((ids[:1], 50016), (["1", "2"], 50034), *refused):
            answered = await client.call("POST", path, json={"messages": wrong})
            assert (answered.status, answered.body["code"]) == (400, code)


async def test_without_the_content_intent_rest_hides_content_too(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        path = f"/channels/{chat.id}/messages"
        alice.say(chat, "hidden")
        alice.say(chat, f"<@{sim.bot.id}> named")
        await client.call("POST", path, json={"content": "own"})
        sim.bot.privileged_intents = frozenset({"members"})
        found = await client.get(path)
        assert [message["content"] for message in found] == ["own", f"<@{sim.bot.id}> named", ""]
        assert (await client.get(f"{path}/{found[2]['id']}"))["content"] == ""


async def test_deleting_has_a_bucket_by_the_age_of_the_message(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("view_channel", "send_messages", "manage_messages"))
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        told = []
        for days in (15, 1, 0):
            alice.say(chat, "hello")
            await asyncio.sleep(days * 86_400)
        for message in list(chat.messages):
            answered = await client.call("DELETE", f"/channels/{chat.id}/messages/{message.id}")
            headers = answered.headers
            told.append((headers["X-RateLimit-Limit"], headers["X-RateLimit-Bucket"]))
        assert [limit for limit, _ in told] == ["30", "3", "5"]
        assert len({bucket for _, bucket in told}) == 3


async def test_an_unmentionable_role_needs_mention_everyone(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        guild.everyone.permissions &= ~BITS["mention_everyone"]
        channel, role = guild.add_text_channel("chat"), guild.add_role("Raiders")
        for permission, mentionable, pinged in (
            ("deny", False, []),
            ("allow", False, [role.id]),
            ("deny", True, [role.id]),
        ):
            getattr(channel, permission)(sim.bot.user, "mention_everyone")
            role.mentionable = mentionable
            answered = await send(client, channel, {"content": f"<@&{role.id}>"})
            assert answered.body["mention_roles"] == [str(found) for found in pinged]
            webhooked = channel.post_as(guild.join("ada"), f"<@&{role.id}>")
            assert webhooked.mention_roles == ([role.id] if mentionable else [])


async def test_a_forward_is_refused_by_name(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("view_channel", "send_messages", "read_message_history"))
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        reference = {"type": 1, "channel_id": str(chat.id), "message_id": str(alice.say(chat, "hi").id)}
        path = f"/channels/{chat.id}/messages"
        answered = await client.call("POST", path, json={"message_reference": reference})
        assert (answered.status, "does not forward messages" in answered.body["message"]) == (501, True)
        assert len(chat.messages) == 1
