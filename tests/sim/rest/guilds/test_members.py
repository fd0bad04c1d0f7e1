"""Routes of members and bans."""

from __future__ import annotations

import asyncio

from steward.runtime.clock import Clock
from tests.sim.gateway_client import GUILDS, MESSAGES, connected
from tests.sim.rest_client import rest


async def test_a_member_is_found_whether_met_or_not(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", members=5000)
        for user_id in (sim.bot.id, guild.owner_id, guild.join("alice").id):
            found = await client.get(f"/guilds/{guild.id}/members/{user_id}")
            assert found["user"]["id"] == str(user_id)


async def test_unknown_users_and_members_who_left_have_different_errors(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        alice = guild.join("alice")
        alice.leave()
        answered = await client.call("GET", f"/guilds/{guild.id}/members/123456789012345678")
        assert (answered.status, answered.body["code"]) == (404, 10013)
        answered = await client.call("GET", f"/guilds/{guild.id}/members/{alice.id}")
        assert (answered.status, answered.body["code"]) == (404, 10007)


async def test_members_are_paged_in_ascending_order_until_none_is_left(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", members=2500)
        guild.join("alice")
        seen: list[int] = []
        while page := await client.get(f"/guilds/{guild.id}/members?limit=1000&after={seen[-1] if seen else 0}"):
            seen += [int(member["user"]["id"]) for member in page]
        assert len(seen) == len(set(seen)) == 2501
        assert seen == sorted(seen)


async def test_listing_members_needs_the_privileged_intent(clock: Clock):
    async with rest(clock) as (sim, client):
        bot = sim.add_bot("Plain", privileged_intents=set())
        guild = sim.add_guild("Penguins", bot=bot)
        answered = await client.call("GET", f"/guilds/{guild.id}/members", token=bot.token)
        assert (answered.status, answered.body["code"]) == (403, 50001)


async def test_all_bans_are_paged(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", bans=1500)
        first = await client.get(f"/guilds/{guild.id}/bans")
        assert len(first) == 1000
        second = await client.get(f"/guilds/{guild.id}/bans?after={first[-1]['user']['id']}")
        assert len(second) == 500
        before = await client.get(f"/guilds/{guild.id}/bans?limit=10&before={second[0]['user']['id']}")
        assert before == first[-10:]


async def test_a_bot_bans_and_unbans(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", bans=2)
        alice = guild.join("alice")
        headers = {"X-Audit-Log-Reason": "too%20loud"}
        answered = await client.call("PUT", f"/guilds/{guild.id}/bans/{alice.id}", json={}, headers=headers)
        assert answered.status == 204
        assert (guild.ban_count, guild.member_count) == (3, 10)
        ban = await client.get(f"/guilds/{guild.id}/bans/{alice.id}")
        assert ban["reason"] == "too loud"
        answered = await client.call("DELETE", f"/guilds/{guild.id}/bans/{alice.id}")
        assert (answered.status, guild.ban_count) == (204, 2)
        answered = await client.call("GET", f"/guilds/{guild.id}/bans/{alice.id}")
        assert (answered.status, answered.body["code"]) == (404, 10026)


async def test_a_ban_deletes_messages_of_the_given_seconds(clock: Clock):
    async with rest(clock) as (sim, client), connected(sim) as listening:
        guild = sim.add_guild("Penguins", permissions=("administrator",))
        chat, alice, bob = guild.add_text_channel("chat"), guild.join("alice"), guild.join("bob")
        alice.say(chat, "old")
        await asyncio.sleep(40)
        await listening.log_in(GUILDS | MESSAGES)
        spam = [alice.say(chat, "spam"), alice.say(chat, "more")]
        bob.say(chat, "oh")
        body = {"delete_message_seconds": 30}
        await client.call("PUT", f"/guilds/{guild.id}/bans/{alice.id}", json=body)
        assert [message.content for message in chat.messages] == ["old", "oh"]
        told = await listening.event("MESSAGE_DELETE_BULK")
        assert told["ids"] == [str(message.id) for message in spam]
        bulk = {**body, "user_ids": [str(bob.id)]}
        assert (await client.call("POST", f"/guilds/{guild.id}/bulk-ban", json=bulk)).status == 200
        assert [message.content for message in chat.messages] == ["old"]


async def test_bans_need_their_permission(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("view_channel",))
        for method, path in (("GET", ""), ("GET", "/1"), ("PUT", "/1"), ("DELETE", "/1")):
            answered = await client.call(method, f"/guilds/{guild.id}/bans{path}")
            assert (answered.status, answered.body["code"]) == (403, 50013)


async def test_a_page_has_a_size_within_bounds(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        for limit in ("0", "1001", "many"):
            answered = await client.call("GET", f"/guilds/{guild.id}/bans?limit={limit}")
            assert (answered.status, answered.body["code"]) == (400, 50035)
            assert "limit" in answered.body["errors"]


async def test_a_bot_kicks_with_its_permission_only(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        alice = guild.join("alice")
        answered = await client.call("DELETE", f"/guilds/{guild.id}/members/{alice.id}")
        assert answered.status == 403
        guild.set_bot_permissions("kick_members")
        answered = await client.call("DELETE", f"/guilds/{guild.id}/members/{alice.id}")
        assert (answered.status, guild.member_count) == (204, 10)


async def test_many_are_banned_at_once(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("ban_members", "manage_guild"))
        people = [str(guild.join(name).id) for name in ("alice", "bob")]
        path = f"/guilds/{guild.id}/bulk-ban"
        answered = await client.call("POST", path, json={"user_ids": [*people, str(guild.owner_id), "5"]})
        assert answered.body == {"banned_users": people, "failed_users": [str(guild.owner_id), "5"]}
        answered = await client.call("POST", path, json={"user_ids": people})
        assert (answered.status, answered.body["code"]) == (400, 500000)
        answered = await client.call("POST", path, json={"user_ids": ["5"] * 201})
        assert (answered.status, answered.body["code"]) == (400, 50035)


async def test_members_are_found_by_name_prefix(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        guild.join("alice").rename("Queen")
        guild.join("alan")
        for query, count in (("al", 2), ("queen", 1), ("x", 0)):
            assert len(await client.get(f"/guilds/{guild.id}/members/search?query={query}&limit=10")) == count
        assert (await client.call("GET", f"/guilds/{guild.id}/members/search")).status == 400


async def test_unmet_members_are_found_by_name(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", members=5000)
        listed = await client.get(f"/guilds/{guild.id}/members?limit=1000")
        stranger = listed[-1]["user"]
        found = await client.get(f"/guilds/{guild.id}/members/search?query={stranger['username']}&limit=10")
        assert stranger["id"] in [member["user"]["id"] for member in found]
        assert all(member["user"]["username"].startswith(stranger["username"]) for member in found)


async def test_a_bot_cannot_kick_or_ban_members_above_it(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("kick_members", "ban_members"))
        boss, alice = guild.add_role("Boss"), guild.join("alice")
        boss.position = 9
        alice.give(boss.id)
        for method, path in (("DELETE", "members"), ("PUT", "bans")):
            answered = await client.call(method, f"/guilds/{guild.id}/{path}/{alice.id}")
            assert (answered.status, answered.body["code"]) == (403, 50013)
