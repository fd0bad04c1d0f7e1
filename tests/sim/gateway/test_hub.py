"""Logins, resumes and dispatch of events."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from steward.runtime.clock import Clock
from steward.sim import Limits, Rate, Simulator
from steward.sim.channels.message import Message
from tests.sim.gateway_client import (
    GUILDS,
    MEMBERS,
    MESSAGE_CONTENT,
    MESSAGES,
    MODERATION,
    PRESENCES,
    connected,
)


async def test_a_login_receives_ready_and_each_guild(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins", members=5000)
        guild.add_voice_channel("Members: 0")
        await client.log_in()
        assert client.ready["resume_gateway_url"] == sim.gateway_url
        assert client.ready["guilds"] == [{"id": str(guild.id), "unavailable": True}]
        assert client.ready["user"]["id"] == str(sim.bot.id)
        created = await client.event("GUILD_CREATE")
        assert [member["user"]["id"] for member in created["members"]] == [str(sim.bot.id)]
        assert [channel["name"] for channel in created["channels"]] == ["Members: 0"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"token": None}, 4002),
        ({"properties": None}, 4002),
        ({"large_threshold": 10}, 4002),
        ({"intents": 1 << 30}, 4013),
        ({"intents": 1 << 29}, 4013),
        ({"intents": -1}, 4013),
        ({"intents": None}, 4013),
        ({"shard": [1, 1]}, 4010),
        ({"shard": [0, 0]}, 4010),
        ({"shard": "x"}, 4010),
    ],
)
async def test_invalid_logins_are_closed_with_their_code(clock: Clock, changes: dict[str, object], code: int):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.next()
        await client.identify(**({"intents": GUILDS} | changes))  # type: ignore[arg-type]
        assert (await client.closed()).code == code
        assert not sim.sessions


@pytest.mark.parametrize("bit", [17, 18, 22, 23, 26, 27, 28])
async def test_an_intent_that_discord_has_and_does_not_document_is_accepted(clock: Clock, bit: int):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.next()
        await client.identify(intents=GUILDS | 1 << bit)
        await client.event("READY")
        (session,) = sim.sessions
        assert session.intents == GUILDS | 1 << bit


async def test_a_privileged_intent_that_is_switched_off_is_disallowed(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        bot = sim.add_bot("Plain", privileged_intents={"presences"})
        await client.next()
        await client.identify(GUILDS | MEMBERS, token=bot.token)
        assert (await client.closed()).code == 4014
        assert sim.recorder.identifies[0].refused == 4014


async def test_other_payloads_need_a_login_and_a_second_login_is_refused(clock: Clock):
    async with Simulator(clock=clock) as sim:
        async with connected(sim) as client:
            await client.send(3, {})
            assert (await client.closed()).code == 4003
        async with connected(sim) as client:
            await client.log_in()
            await client.identify()
            assert (await client.closed()).code == 4005


async def test_more_than_2500_guilds_need_another_shard(clock: Clock):
    async with Simulator(clock=clock) as sim:
        for number in range(2501):
            sim.add_guild(f"Guild {number}")
        async with connected(sim) as client:
            await client.next()
            await client.identify()
            assert (await client.closed()).code == 4011
        await asyncio.sleep(5)
        async with connected(sim) as client:
            await client.log_in(shard=[0, 2])
            assert 1200 < len(client.ready["guilds"]) < 1300


async def test_a_second_login_within_five_seconds_is_an_invalid_session(clock: Clock):
    async with Simulator(clock=clock) as sim:
        async with connected(sim) as client:
            await client.log_in()
        async with connected(sim) as client:
            await client.next()
            await client.identify()
            assert await client.next() == {"op": 9, "d": False, "s": None, "t": None}
            await asyncio.sleep(5)
            await client.identify()
            assert await client.event("READY")
        assert [identify.refused for identify in sim.recorder.identifies] == [None, "op 9", None]


async def test_max_concurrency_limits_simultaneous_logins_of_shards(clock: Clock):
    async with Simulator(clock=clock, limits=replace(Limits(), max_concurrency=2)) as sim:
        for shard, answer in ((0, "READY"), (1, "READY"), (2, None), (3, None)):
            async with connected(sim) as client:
                await client.next()
                await client.identify(shard=[shard, 4])
                assert (await client.next())["t"] == answer
        refused = [(identify.shard[0], identify.refused) for identify in sim.recorder.identifies]
        assert refused == [(0, None), (1, None), (2, "op 9"), (3, "op 9")]


async def test_a_login_beyond_the_daily_limit_resets_the_token_and_ends_all_sessions(clock: Clock):
    limits = replace(Limits(), identifies=Rate(2, 86_400.0))
    async with Simulator(clock=clock, limits=limits) as sim, connected(sim) as first:
        token = sim.bot.token
        await first.log_in()
        await asyncio.sleep(5)
        async with connected(sim) as client:
            await client.log_in()
            await asyncio.sleep(5)
        async with connected(sim) as client:
            await client.next()
            await client.identify()
            assert (await client.closed()).code == 4004
        assert (await first.closed()).code == 4004
        assert sim.bot.token != token
        assert not sim.sessions


async def test_a_resumed_session_receives_missed_events_in_order(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins")
        async with connected(sim) as client:
            await client.log_in(GUILDS | MEMBERS)
            await client.event("GUILD_CREATE")
            session_id, seq = client.ready["session_id"], client.seq
            assert seq is not None
            await client.socket.close(code=4000)
        guild.join("alice").leave()
        async with connected(sim) as client:
            await client.resume(session_id, seq)
            names = [(await client.next())["t"] for _ in range(3)]
            assert names == ["GUILD_MEMBER_ADD", "GUILD_MEMBER_REMOVE", "RESUMED"]
            guild.join("bob")
            assert (await client.event("GUILD_MEMBER_ADD"))["user"]["username"] == "bob"
        assert len(sim.recorder.identifies) == 1


async def test_a_session_ends_by_a_normal_close_or_after_some_minutes(clock: Clock):
    async with Simulator(clock=clock) as sim:
        async with connected(sim) as client:
            await client.log_in()
            await client.socket.close(code=1000)
            await asyncio.sleep(0.1)
            assert not sim.sessions
        await asyncio.sleep(5)
        async with connected(sim) as client:
            await client.log_in()
            session_id = client.ready["session_id"]
            await client.socket.close(code=4000)
        await asyncio.sleep(sim.limits.session_seconds + 1)
        assert not sim.sessions
        async with connected(sim) as client:
            await client.resume(session_id, 1)
            assert (await client.next())["op"] == 9


async def test_invalid_resumes_are_refused(clock: Clock):
    limits = replace(Limits(), replay_events=3)
    async with Simulator(clock=clock, limits=limits) as sim:
        guild = sim.add_guild("Penguins")
        async with connected(sim) as client:
            await client.resume("unknown", 1)
            assert (await client.next())["op"] == 9
        async with connected(sim) as client:
            await client.log_in()
            session_id = client.ready["session_id"]
            await client.socket.close(code=4000)
        for number in range(10):
            guild.rename(str(number))
        async with connected(sim) as client:
            await client.resume(session_id, 1)
            assert (await client.next())["op"] == 9
        await asyncio.sleep(5)
        async with connected(sim) as client:
            await client.log_in()
            session_id = client.ready["session_id"]
            await client.socket.close(code=4000)
        async with connected(sim) as client:
            await client.resume(session_id, 999)
            assert (await client.closed()).code == 4007


async def test_intents_select_events(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins")
        channel = guild.add_text_channel("chat")

        def story() -> None:
            alice = guild.join("alice")
            alice.say(channel, "hi")
            alice.go_offline()
            guild.ban(alice)

        heard = {}
        for intents in (GUILDS, GUILDS | MEMBERS, GUILDS | MODERATION, GUILDS | PRESENCES, GUILDS | MESSAGES):
            async with connected(sim) as client:
                await client.log_in(intents)
                await client.event("GUILD_CREATE")
                story()
                heard[intents & ~GUILDS] = await client.events()
                await client.socket.close()
            await asyncio.sleep(5)
        assert heard == {
            0: [],
            MEMBERS: ["GUILD_MEMBER_ADD", "GUILD_MEMBER_REMOVE"],
            MODERATION: ["GUILD_BAN_ADD", "GUILD_AUDIT_LOG_ENTRY_CREATE"],
            PRESENCES: ["PRESENCE_UPDATE"],
            MESSAGES: ["MESSAGE_CREATE"],
        }


async def test_events_of_bans_and_the_audit_log_need_permission(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins", permissions=("view_channel",))
        await client.log_in(GUILDS | MODERATION)
        await client.event("GUILD_CREATE")
        guild.ban(guild.join("alice"))
        assert await client.events() == []
        guild.set_bot_permissions("ban_members")
        guild.ban(guild.join("bob"))
        assert await client.events() == ["GUILD_ROLE_UPDATE", "GUILD_BAN_ADD"]
        guild.set_bot_permissions("view_audit_log")
        guild.ban(guild.join("carol"))
        assert await client.events() == ["GUILD_ROLE_UPDATE", "GUILD_BAN_ADD", "GUILD_AUDIT_LOG_ENTRY_CREATE"]


async def test_no_events_come_from_channels_that_a_bot_may_not_view(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        channel = guild.add_text_channel("secret")
        alice = guild.join("alice")
        channel.deny(sim.bot.user, "view_channel")
        await client.log_in(GUILDS | MESSAGES)
        await client.event("GUILD_CREATE")
        alice.say(channel, "psst")
        assert await client.events() == []


async def test_message_content_is_blank_without_its_intent_unless_the_bot_is_mentioned(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins")
        channel = guild.add_text_channel("chat")
        alice = guild.join("alice")
        async with connected(sim) as client:
            await client.log_in(GUILDS | MESSAGES)
            alice.say(channel, "hello")
            assert (await client.event("MESSAGE_CREATE"))["content"] == ""
            alice.say(channel, f"hello <@{sim.bot.id}>")
            assert (await client.event("MESSAGE_CREATE"))["content"].startswith("hello")
        await asyncio.sleep(5)
        async with connected(sim) as client:
            await client.log_in(GUILDS | MESSAGES | MESSAGE_CONTENT)
            alice.say(channel, "hello")
            event = await client.event("MESSAGE_CREATE")
            assert (event["content"], event["member"]["roles"]) == ("hello", [])


async def test_the_original_of_a_reply_is_blank_too_unless_the_bot_wrote_it(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        chat, alice, bob = guild.add_text_channel("chat"), guild.join("alice"), guild.join("bob")
        await client.log_in(GUILDS | MESSAGES)
        own = chat.post(Message(sim.world.snowflakes.next(), chat.id, sim.bot.user, "mine"))
        for asked, content in ((alice.say(chat, "secret"), ""), (own, "mine")):
            reply = bob.reply(asked, "answer", ping=False)
            while (told := await client.event("MESSAGE_CREATE"))["id"] != str(reply.id):
                pass
            assert (told["content"], told["referenced_message"]["content"]) == ("", content)


async def test_each_shard_receives_events_of_its_guilds_only(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guilds = [sim.add_guild(f"Guild {number}") for number in range(10)]
        await client.log_in(GUILDS, shard=[1, 2])
        mine = {str(guild.id) for guild in guilds if (guild.id >> 22) % 2 == 1}
        assert {guild["id"] for guild in client.ready["guilds"]} == mine
        assert 0 < len(mine) < 10
        await client.events()
        for guild in guilds:
            guild.rename("x")
        assert await client.events() == ["GUILD_UPDATE"] * len(mine)


async def test_a_bot_receives_events_of_joining_and_being_removed(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.log_in()
        guild = sim.add_guild("Penguins")
        assert (await client.event("GUILD_CREATE"))["id"] == str(guild.id)
        guild.remove_bot(sim.bot)
        assert await client.event("GUILD_DELETE") == {"id": str(guild.id)}
        guild.rename("x")
        assert await client.events() == []
        another = sim.add_guild("Seals")
        assert (await client.event("GUILD_CREATE"))["id"] == str(another.id)
        member = another.members.get(sim.bot.id)
        assert member is not None
        another.kick(member)
        assert await client.event("GUILD_DELETE") == {"id": str(another.id)}


async def test_changes_of_the_bots_own_membership_need_no_intent(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        await client.log_in(GUILDS)
        member = guild.members.get(sim.bot.id)
        assert member is not None
        member.rename("Stew")
        guild.join("alice").rename("Al")
        assert (await client.event("GUILD_MEMBER_UPDATE"))["nick"] == "Stew"
        assert await client.events() == []


async def test_a_client_may_resume_before_its_old_socket_is_closed(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as old:
        guild = sim.add_guild("Penguins")
        await old.log_in(GUILDS)
        await old.event("GUILD_CREATE")
        assert old.seq is not None
        async with connected(sim) as new:
            await new.resume(old.ready["session_id"], old.seq)
            assert (await new.next())["t"] == "RESUMED"
            assert (await old.closed()).code == 1006
            guild.rename("x")
            assert (await new.event("GUILD_UPDATE"))["name"] == "x"
            assert [session.connected for session in sim.sessions] == [True]


async def test_direct_messages_need_their_intent_and_are_never_blank(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        alice = sim.add_guild("Penguins").join("alice")
        channel = sim.world.direct_channel(sim.bot, alice.user)
        await client.log_in(GUILDS | 1 << 12)
        channel.post(Message(sim.world.snowflakes.next(), channel.id, alice.user, "psst"))
        event = await client.event("MESSAGE_CREATE")
        assert (event["content"], event.get("guild_id")) == ("psst", None)


async def test_no_payload_breaks_the_gateway(clock: Clock):
    junk: tuple[object, ...] = (None, 5, "x", [], {}, {"token": {}}, {"seq": "x"}, {"guild_id": [], "user_ids": {}})
    async with Simulator(clock=clock) as sim:
        for op in (*range(12), 31, -1):
            for data in junk:
                async with connected(sim) as client:
                    await client.next()
                    await client.send(op, data)
                    await client.events(seconds=0.1) if op == 1 else await client.closed()
        await asyncio.sleep(5)
        async with connected(sim) as client:
            await client.log_in()
            for data in junk:
                await client.send(8, data)
            await client.send(3, {"activities": 5})
            assert await client.events() == []
