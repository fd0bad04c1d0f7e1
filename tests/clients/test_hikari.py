"""The simulator, seen by an unmodified hikari."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import hikari
import pytest
from hikari.api import GatewayCompression
from hikari.impl.shard import GatewayShardImpl

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.gateway.compression import PayloadZlib, Plain, ZlibStream, ZstdStream

FRAMINGS = {
    GatewayCompression.TRANSPORT_ZLIB_STREAM: ZlibStream,
    GatewayCompression.TRANSPORT_ZSTD_STREAM: ZstdStream,
    GatewayCompression.PAYLOAD_ZLIB_STREAM: PayloadZlib,
    None: Plain,
}
INTENTS = hikari.Intents.GUILDS | hikari.Intents.GUILD_MEMBERS | hikari.Intents.GUILD_MESSAGES


@asynccontextmanager
async def bot_on(sim: Simulator) -> AsyncIterator[hikari.GatewayBot]:
    """Yield a bot, not started; it is closed afterwards."""
    bot = hikari.GatewayBot(
        sim.bot.token, rest_url=sim.api_url, intents=INTENTS, max_rate_limit=700, logs=None, banner=None
    )
    try:
        yield bot
    finally:
        if bot.is_alive:
            await bot.close()


@pytest.mark.parametrize("framing", FRAMINGS)
async def test_hikari_lives_through_the_story(clock: Clock, monkeypatch: pytest.MonkeyPatch, framing):
    if framing is GatewayCompression.TRANSPORT_ZSTD_STREAM:
        pytest.importorskip("backports.zstd", reason="hikari speaks zstd only where `hikari[zstd]` is installed")
    # GatewayBot takes its shards' own default and offers no choice; the shard does.
    assert GatewayShardImpl.__init__.__kwdefaults__ is not None
    monkeypatch.setitem(GatewayShardImpl.__init__.__kwdefaults__, "compression", framing)
    async with Simulator(clock=clock) as sim, bot_on(sim) as bot:
        guild = sim.add_guild("Penguins", members=5000)
        chat, counter = guild.add_text_channel("chat"), guild.add_voice_channel("Members: 0")
        heard: list[str] = []

        async def hear(event: hikari.GuildAvailableEvent | hikari.MemberCreateEvent | hikari.GuildMessageCreateEvent):
            match event:
                case hikari.GuildAvailableEvent():
                    heard.append(event.guild.name)
                case hikari.MemberCreateEvent():
                    heard.append(f"{event.member.username} joined")
                case hikari.GuildMessageCreateEvent():
                    heard.append(f"{event.author.username} wrote")

        for kind in (hikari.GuildAvailableEvent, hikari.MemberCreateEvent, hikari.GuildMessageCreateEvent):
            bot.subscribe(kind, hear)
        await bot.start(check_for_updates=False)
        await asyncio.sleep(1)
        (session,) = sim.sessions
        assert session.connection is not None
        assert type(session.connection.framing) is FRAMINGS[framing]

        guild.join("alice").say(chat, "hello")
        await asyncio.sleep(1)
        assert heard == ["Penguins", "alice joined", "alice wrote"]

        began = clock.monotonic()
        for number in (1, 2, 3):
            await bot.rest.edit_channel(counter.id, name=f"Members: {number}")
        assert counter.name == "Members: 3"
        assert 600 <= clock.monotonic() - began < 605
        assert sim.recorder.count(status=429) == 1

        sim.faults.disconnect()
        guild.join("bob")
        await asyncio.sleep(60)
        assert heard[-1] == "bob joined"
        await bot.rest.create_message(chat.id, "done")
        assert chat.messages[-1].content == "done"
        assert (len(sim.recorder.identifies), len(sim.recorder.resumes)) == (1, 1)


@asynccontextmanager
async def greeter_on(sim: Simulator) -> AsyncIterator[None]:
    """Run a bot whose command brings a button, the button a modal, and the modal an answer."""
    async with bot_on(sim) as bot:

        async def answer(event: hikari.InteractionCreateEvent):
            match event.interaction:
                case hikari.CommandInteraction() as command:
                    row = bot.rest.build_message_action_row()
                    row.add_interactive_button(hikari.ButtonStyle.PRIMARY, "ask", label="Ask me")
                    assert command.options is not None
                    text = f"hello {command.options[0].value}"
                    await command.create_initial_response(hikari.ResponseType.MESSAGE_CREATE, text, component=row)
                case hikari.ComponentInteraction() as click:
                    field = bot.rest.build_modal_action_row()
                    field.add_text_input("name", "Your name")
                    await click.create_modal_response("Who are you?", "form", component=field)
                case hikari.ModalInteraction() as form:
                    await form.create_initial_response(
                        hikari.ResponseType.DEFERRED_MESSAGE_CREATE, flags=hikari.MessageFlag.EPHEMERAL
                    )
                    await form.edit_initial_response(f"thank you, {form.components[0].components[0].value}")

        bot.subscribe(hikari.InteractionCreateEvent, answer)
        await bot.start(check_for_updates=False)
        command = bot.rest.slash_command_builder("hello", "Say hello")
        who = hikari.CommandOption(type=hikari.OptionType.STRING, name="who", description="To whom", is_required=True)
        command.add_option(who)
        await bot.rest.set_application_commands(sim.bot.application_id, [command])
        yield


async def test_hikari_syncs_a_command_and_answers_command_click_and_modal(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins")
        guild.add_text_channel("chat")
        alice = guild.join("alice")
        async with greeter_on(sim):
            greeting = await alice.run("/hello", who="world")
            assert (greeting.content, greeting.error) == ("hello world", None)
            opened = await alice.click(greeting, "Ask me")
            assert opened.modal is not None
            thanks = await alice.submit(opened, **{"Your name": "Alice"})
            assert (thanks.content, thanks.ephemeral) == ("thank you, Alice", True)
