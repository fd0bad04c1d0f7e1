"""Routes of channels."""

from __future__ import annotations

import asyncio

from steward.runtime.clock import Clock
from tests.sim.gateway_client import GUILDS, connected
from tests.sim.rest_client import rest

VOICE_STATES = 1 << 7


async def test_a_channel_is_read_and_renamed(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_voice_channel("Members: 0")
        found = await client.get(f"/channels/{channel.id}")
        assert found["name"] == "Members: 0"
        answered = await client.call("PATCH", f"/channels/{channel.id}", json={"name": "Members: 10"})
        assert (answered.status, answered.body["name"], channel.name) == (200, "Members: 10", "Members: 10")


async def test_the_third_rename_in_ten_minutes_is_limited_despite_the_headers(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_voice_channel("0")
        for name in ("1", "2"):
            answered = await client.call("PATCH", f"/channels/{channel.id}", json={"name": name})
            assert answered.status == 200
            await asyncio.sleep(9)
        answered = await client.call("PATCH", f"/channels/{channel.id}", json={"name": "3"})
        assert (answered.status, answered.headers["X-RateLimit-Remaining"]) == (429, "4")
        assert answered.headers["Via"] == "1.1 google"
        assert answered.body["retry_after"] == 582.0
        assert channel.name == "2"
        await asyncio.sleep(answered.body["retry_after"])
        answered = await client.call("PATCH", f"/channels/{channel.id}", json={"name": "3"})
        assert answered.status == 200


async def test_the_topic_counts_as_a_rename_and_other_settings_do_not(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_text_channel("reports")
        for body in ({"topic": "a"}, {"name": "b"}, {"nsfw": True}, {"rate_limit_per_user": 5}):
            assert (await client.call("PATCH", f"/channels/{channel.id}", json=body)).status == 200
        assert (await client.call("PATCH", f"/channels/{channel.id}", json={"topic": "c"})).status == 429
        assert (channel.topic, channel.nsfw, channel.slowmode) == ("a", True, 5)


async def test_renames_are_limited_per_channel(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        for channel in (guild.add_voice_channel("a"), guild.add_voice_channel("b")):
            for name in ("1", "2"):
                answered = await client.call("PATCH", f"/channels/{channel.id}", json={"name": name})
                assert answered.status == 200


async def test_renaming_a_voice_channel_needs_connect(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_voice_channel("Members: 0")
        channel.deny("everyone", "connect")
        answered = await client.call("PATCH", f"/channels/{channel.id}", json={"name": "x"})
        assert (answered.status, answered.body["code"]) == (403, 50001)
        channel.allow(sim.bot.user, "connect")
        answered = await client.call("PATCH", f"/channels/{channel.id}", json={"name": "x"})
        assert answered.status == 200


async def test_renaming_needs_manage_channels(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("view_channel", "connect"))
        channel = guild.add_voice_channel("Members: 0")
        answered = await client.call("PATCH", f"/channels/{channel.id}", json={"name": "x"})
        assert (answered.status, answered.body["code"]) == (403, 50013)


async def test_hidden_channels_are_403_and_deleted_ones_404(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        channel = guild.add_text_channel("secret")
        channel.deny("everyone", "view_channel")
        answered = await client.call("GET", f"/channels/{channel.id}")
        assert (answered.status, answered.body["code"]) == (403, 50001)
        channel.delete()
        answered = await client.call("GET", f"/channels/{channel.id}")
        assert (answered.status, answered.body["code"]) == (404, 10003)


async def test_a_refused_change_has_no_effect_and_is_not_a_rename(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("view_channel", "manage_channels"))
        channel = guild.add_text_channel("chat")
        path = f"/channels/{channel.id}"
        for _ in range(3):
            answered = await client.call("PATCH", path, json={"name": "x", "topic": "y", "permission_overwrites": []})
            assert (answered.status, answered.body["code"]) == (403, 50013)
        assert (channel.name, channel.topic) == ("chat", None)
        assert (await client.call("PATCH", path, json={"name": "x"})).status == 200


async def test_names_have_a_length(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_voice_channel("Members: 0")
        for name in ("", "x" * 101, "   "):
            answered = await client.call("PATCH", f"/channels/{channel.id}", json={"name": name})
            assert (answered.status, answered.body["code"]) == (400, 50035)
            assert "name" in answered.body["errors"]


async def test_a_bot_locks_a_channel_and_keeps_its_access(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        channel = guild.add_voice_channel("Members: 0")
        connect = str(1 << 20)
        mine = {"type": 1, "allow": connect, "deny": "0"}
        path = f"/channels/{channel.id}/permissions"
        assert (await client.call("PUT", f"{path}/{sim.bot.id}", json=mine)).status == 204
        locked = {"type": 0, "allow": "0", "deny": connect}
        assert (await client.call("PUT", f"{path}/{guild.id}", json=locked)).status == 204
        answered = await client.call("PATCH", f"/channels/{channel.id}", json={"name": "x"})
        assert answered.status == 200
        assert (await client.call("DELETE", f"{path}/{guild.id}")).status == 204
        assert (await client.call("DELETE", f"{path}/{guild.id}")).body["code"] == 10009


async def test_overwrites_grant_only_permissions_of_the_bot(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        channel = guild.add_text_channel("reports")
        wish = {"type": 0, "allow": str(1 << 13), "deny": "0"}  # MANAGE_MESSAGES
        answered = await client.call("PUT", f"/channels/{channel.id}/permissions/{guild.id}", json=wish)
        assert (answered.status, answered.body["code"]) == (403, 50013)
        listed = {"permission_overwrites": [wish | {"id": str(guild.id)}]}
        answered = await client.call("PATCH", f"/channels/{channel.id}", json=listed)
        assert (answered.status, answered.body["code"], channel.overwrites) == (403, 50013, {})


async def test_a_bot_deletes_a_channel(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        channel = guild.add_text_channel("old")
        answered = await client.call("DELETE", f"/channels/{channel.id}")
        assert answered.status == 200
        assert channel.id not in guild.channels
        assert (await client.call("GET", f"/channels/{channel.id}")).status == 404


async def test_a_deleted_channel_leaves_nothing_behind(clock: Clock):
    """Its members are in no voice channel, its children in no category, and its webhooks are deleted."""
    async with rest(clock) as (sim, client), connected(sim) as listening:
        guild = sim.add_guild("Penguins", permissions=("administrator",))
        category = guild.add_category("Counters")
        hall, alice = guild.add_voice_channel("Hall", parent=category), guild.join("alice")
        alice.join_voice(hall)
        made = await client.call("POST", f"/channels/{hall.id}/webhooks", json={"name": "w"})
        await listening.log_in(GUILDS | VOICE_STATES)
        await listening.event("GUILD_CREATE")
        category.delete()
        assert (await listening.event("CHANNEL_UPDATE"))["parent_id"] is None
        assert await listening.events() == ["CHANNEL_DELETE"]
        hall.delete()
        assert (await listening.event("VOICE_STATE_UPDATE"))["channel_id"] is None
        assert (hall.parent_id, alice.voice_channel) == (None, None)
        assert (await client.call("GET", f"/webhooks/{made.body['id']}")).body["code"] == 10015


async def test_only_categories_are_parents_and_they_have_no_webhooks(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("administrator",))
        chat, hall, category = guild.add_text_channel("chat"), guild.add_voice_channel("Hall"), guild.add_category("c")
        for parent in ("123", str(hall.id)):
            answered = await client.call("PATCH", f"/channels/{chat.id}", json={"parent_id": parent})
            assert (answered.status, set(answered.body["errors"])) == (400, {"parent_id"})
        for taken in (str(category.id), None):
            answered = await client.call("PATCH", f"/channels/{chat.id}", json={"parent_id": taken})
            assert (answered.status, answered.body["parent_id"]) == (200, taken)
        made = await client.call("POST", f"/channels/{chat.id}/webhooks", json={"name": "w"})
        moved = {"channel_id": str(category.id)}
        assert (await client.call("PATCH", f"/webhooks/{made.body['id']}", json=moved)).status == 400


async def test_typing_needs_permission_to_write(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_text_channel("reports")
        assert (await client.call("POST", f"/channels/{channel.id}/typing")).status == 204
        channel.deny("everyone", "send_messages")
        channel.deny(next(role for role in channel.guild.roles.values() if role.bot_id), "send_messages")  # type: ignore[union-attr]
        assert (await client.call("POST", f"/channels/{channel.id}/typing")).status == 403


async def test_slowmode_and_position_can_be_reset_and_slowmode_exempts_bots(clock: Clock):
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        path = f"/channels/{chat.id}"
        changed = await client.call("PATCH", path, json={"rate_limit_per_user": 600, "position": 3})
        assert (changed.body["rate_limit_per_user"], changed.body["position"]) == (600, 3)
        for _ in range(2):
            assert (await client.call("POST", f"{path}/messages", json={"content": "hi"})).status == 200
        changed = await client.call("PATCH", path, json={"rate_limit_per_user": 0, "position": 0})
        assert (changed.body["rate_limit_per_user"], changed.body["position"]) == (0, 0)
