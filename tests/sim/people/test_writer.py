"""Members' actions on messages and threads, as an unmodified discord.py receives them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest
from discord.ext import commands

from steward.runtime.clock import Clock
from steward.sim import File, Simulator
from steward.sim.channels.channel import Channel
from steward.sim.guilds.guild import Guild
from steward.sim.people.member import Member
from tests.sim.discord_client import LeanClient, logged_in, pointed_at


class Heard:
    """The events that the client received since the last call."""

    def __init__(self, client: LeanClient) -> None:
        self._client = client

    async def now(self) -> list[tuple[str, Any]]:
        await asyncio.sleep(1)
        found = [(name, told) for name, told in self._client.heard if name != "socket_event_type"]
        self._client.heard.clear()
        return found


@asynccontextmanager
async def party(clock: Clock) -> AsyncIterator[tuple[Guild, Channel, Member, LeanClient, Heard]]:
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins")
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        async with logged_in(sim, intents=discord.Intents.all(), max_messages=100) as client:
            heard = Heard(client)
            await heard.now()
            yield guild, chat, alice, client, heard


async def test_a_member_and_a_bot_exchange_direct_messages(clock: Clock):
    async with party(clock) as (guild, _, alice, client, heard):
        bot = guild.world.bots[client.application_id or 0]
        asked = alice.write_to(bot, "help", files=[File("log.txt", b"oops")])
        ((_, told),) = await heard.now()
        assert isinstance(told.channel, discord.DMChannel)
        assert (told.content, told.author.name, told.guild) == ("help", "alice", None)
        assert [file.filename for file in told.attachments] == ["log.txt"]
        assert await told.attachments[0].read() == b"oops"
        await told.reply("have you tried again?")
        answer = alice.direct_channel(bot).messages[-1]
        assert (answer.content, answer.original) == ("have you tried again?", asked)
        alice.react(answer, "👍")
        alice.edit(asked, "help!")
        alice.start_typing(alice.direct_channel(bot))
        names = [name for name, _ in await heard.now()]
        assert [name for name in names if name.startswith("raw_")] == [
            "raw_reaction_add", "raw_message_edit", "raw_typing",
        ]  # fmt: skip
        with pytest.raises(PermissionError, match="only the author"):
            alice.delete(answer)


async def test_blocking_a_bot_stops_direct_messages_in_both_directions(clock: Clock):
    async with party(clock) as (guild, _, alice, client, _):
        bot = guild.world.bots[client.application_id or 0]
        alice.block(bot)
        with pytest.raises(PermissionError, match="blocked"):
            alice.write_to(bot, "hi")
        with pytest.raises(discord.Forbidden) as refused:
            await (await client.fetch_user(alice.id)).send("hi")
        assert refused.value.code == 50007
        alice.unblock(bot)
        await (await client.fetch_user(alice.id)).send("hi")
        alice.leave()
        with pytest.raises(PermissionError, match="shares no server"):
            alice.write_to(bot, "hi")
        with pytest.raises(discord.Forbidden) as refused:
            await (await client.fetch_user(alice.id)).send("hi")
        assert refused.value.code == 50007


async def test_a_member_edits_and_deletes_own_messages(clock: Clock):
    async with party(clock) as (guild, chat, alice, _, heard):
        bob = guild.join("bob")
        await heard.now()
        message = alice.say(chat, "helo")
        alice.edit(message, f"hello <@{bob.id}>")
        edited = dict(await heard.now())["raw_message_edit"].message
        assert (edited.content, [user.name for user in edited.mentions]) == (f"hello <@{bob.id}>", ["bob"])
        assert edited.edited_at is not None
        with pytest.raises(PermissionError, match="may not edit"):
            bob.edit(message, "x")
        with pytest.raises(PermissionError, match="manage messages"):
            bob.delete(message)
        alice.delete(message)
        assert [name for name, _ in await heard.now()] == ["raw_message_delete", "message_delete"]
        with pytest.raises(LookupError, match="deleted"):
            alice.edit(message, "x")


async def test_typing_has_the_user_and_the_time(clock: Clock):
    async with party(clock) as (_, chat, alice, _, heard):
        alice.start_typing(chat)
        told = dict(await heard.now())
        assert (told["raw_typing"].user.display_name, told["raw_typing"].timestamp.date()) == (
            "alice",
            clock.now().date(),
        )
        chat.deny("everyone", "send_messages")
        with pytest.raises(PermissionError, match="send messages"):
            alice.start_typing(chat)


async def test_a_moderator_pins_and_the_channel_has_the_time(clock: Clock):
    async with party(clock) as (guild, chat, alice, client, heard):
        message = alice.say(chat, "rules")
        with pytest.raises(PermissionError, match="pin messages"):
            alice.pin(message)
        alice.give(guild.add_role("mods", "pin_messages").id)
        await heard.now()
        alice.pin(message)
        room = client.get_channel(chat.id)
        assert isinstance(room, discord.TextChannel)
        assert [pin.content async for pin in room.pins()] == ["rules"]
        (_, (_, notice)) = [
            found for found in await heard.now() if found[0] in ("guild_channel_pins_update", "message")
        ]
        assert (notice.type, notice.author.name) == (discord.MessageType.pins_add, "alice")
        fetched = await client.http.get_channel(chat.id)
        assert fetched["last_pin_timestamp"] == chat.last_pin_at.isoformat()  # type: ignore[typeddict-item, union-attr]
        alice.unpin(message)
        assert [pin async for pin in room.pins()] == []
        assert "last_pin_timestamp" not in await client.http.get_channel(chat.id)


async def test_a_member_opens_threads_with_and_without_a_message(clock: Clock):
    async with party(clock) as (guild, chat, alice, client, heard):
        alice.give(guild.add_role("talkers", "create_public_threads", "create_private_threads").id)
        await heard.now()
        message = alice.say(chat, "penguins?")
        below = alice.open_thread(message, "Penguins")
        assert "thread_create" in [name for name, _ in await heard.now()]
        room = client.get_channel(chat.id)
        assert isinstance(room, discord.TextChannel)
        starter = await room.fetch_message(message.id)
        assert starter.thread is not None
        assert (starter.thread.name, starter.thread.owner_id, starter.flags.has_thread) == ("Penguins", alice.id, True)
        with pytest.raises(ValueError, match="at most one thread"):
            alice.open_thread(message, "Again")
        assert alice.open_thread(chat, "Alone").kind == 11
        assert alice.open_thread(chat, "Secret", private=True).kind == 12
        told = [alice.say(below, text).position for text in ("one", "two")]
        assert told == [0, 1]
        assert [told.position async for told in starter.thread.history(oldest_first=True)] == [0, 1]
        below.delete()
        assert (await room.fetch_message(message.id)).thread is None


async def test_a_member_makes_a_post_in_a_forum(clock: Clock):
    async with party(clock) as (guild, chat, alice, _, heard):
        forum = guild.add_forum("ideas")
        await heard.now()
        post = alice.post(forum, "Fish", "More of it", files=[File("fish.png", b"\x89PNG", "image/png")])
        told = dict(await heard.now())
        assert (told["thread_create"].name, told["thread_create"].parent_id) == ("Fish", forum.id)
        assert (told["message"].id, told["message"].content) == (post.id, "More of it")
        with pytest.raises(ValueError, match="forum"):
            alice.post(chat, "Fish", "x")
        with pytest.raises(ValueError, match="use post"):
            alice.open_thread(forum, "Fish")


async def test_the_applications_owner_can_be_a_member(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins")
        alice, bob = guild.join("alice"), guild.join("bob")
        sim.bot.owner = alice.user
        with pointed_at(sim):
            async with commands.Bot("!", intents=discord.Intents.none()) as bot:
                await bot.login(sim.bot.token)
                assert await bot.is_owner(discord.Object(alice.id))  # type: ignore[arg-type]
                assert not await bot.is_owner(discord.Object(bob.id))  # type: ignore[arg-type]
                assert bot.user is not None
                assert bot.user.discriminator == sim.bot.user.discriminator != "0000"
                assert alice.user.discriminator == "0"


async def test_files_are_held_to_permission_and_size(clock: Clock):
    async with party(clock) as (guild, chat, alice, _, _):
        large = File("film", bytes(guild.world.limits.file_bytes + 1))
        with pytest.raises(ValueError, match="larger"):
            alice.say(chat, "look", files=[large])
        chat.deny("everyone", "attach_files")
        with pytest.raises(PermissionError, match="attach files"):
            alice.say(chat, "look", files=[File("a", b"")])


async def test_commands_and_buttons_work_in_direct_messages_too(clock: Clock):
    async with party(clock) as (guild, _, alice, client, _):
        tree = discord.app_commands.CommandTree(client)
        asked = []

        class Sure(discord.ui.View):
            @discord.ui.button(label="Yes")
            async def yes(self, interaction: discord.Interaction, button: discord.ui.Button[Any]) -> None:
                asked.append((interaction.guild, interaction.user.name))
                await interaction.response.edit_message(content="done", view=None)

        @tree.command(description="Forget me")
        async def forget(interaction: discord.Interaction) -> None:
            asked.append((interaction.guild, interaction.user.name))
            await interaction.response.send_message("Sure?", view=Sure())

        await tree.sync()
        private = alice.direct_channel(guild.world.bots[client.application_id or 0])
        reply = await alice.run("/forget", private)
        assert (await alice.click(reply, "Yes")).content == "done"
        assert asked == [(None, "alice")] * 2
