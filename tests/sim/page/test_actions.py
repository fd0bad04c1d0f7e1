"""What a tab does as a member equals what tests do through the member, as the bot and the recorder see it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import discord
import pytest
from discord import app_commands, ui

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.channels.channel import Channel
from steward.sim.people.member import Member
from tests.sim.discord_client import logged_in
from tests.sim.page.tab import Tab, paged

Interaction = discord.Interaction[Any]


class Order(ui.Modal, title="Order"):
    dish: ui.TextInput[Order] = ui.TextInput(label="Dish")

    async def on_submit(self, interaction):
        await interaction.response.send_message(f"{self.dish.value} is coming.", ephemeral=True)


class Board(ui.View):
    @ui.button(label="Order", custom_id="order")
    async def order(self, interaction, _):
        await interaction.response.send_modal(Order())

    @ui.select(cls=ui.UserSelect, custom_id="whom")
    async def whom(self, interaction, select):
        await interaction.response.send_message(f"For {select.values[0].name}.")


@asynccontextmanager
async def restaurant(clock: Clock) -> AsyncIterator[tuple[Simulator, Tab, Channel, Member]]:
    """Yield a simulator with a bot that serves, a tab that acts as alice, and both."""
    async with AsyncExitStack() as stack:
        sim, browser = await stack.enter_async_context(paged(clock))
        guild = sim.add_guild("Penguins", members=5)
        chat, alice = guild.add_text_channel("general"), guild.join("alice")
        client = await stack.enter_async_context(logged_in(sim))
        tree: app_commands.CommandTree[Any] = app_commands.CommandTree(client)

        @tree.command(description="Show the menu")
        async def menu(interaction: Interaction, day: str, guest: discord.Member | None = None) -> None:
            await interaction.response.send_message(f"{day} for {guest}", view=Board(timeout=None))

        @menu.autocomplete("day")
        async def days(_: Interaction, current: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=f"{current}day", value=current)]

        @tree.command(description="Never answers")
        async def broken(_: Interaction) -> None:
            pass

        await tree.sync()
        yield sim, await browser.tab(me=alice, channel=chat), chat, alice


async def by_actor(alice, chat):
    reply = await alice.run("/menu", chat, day="Fri", guest=alice)
    await alice.autocomplete("/menu", chat, day="Sun")
    await alice.select(reply, alice, menu="whom")
    await alice.submit(await alice.click(reply, "Order"), dish="Soup")


async def by_page(tab, alice):
    me = str(alice.id)
    await tab.act("run", command="menu", options={"day": "Fri", "guest": me})
    await tab.sees(lambda seen: seen["messages"])
    message = tab.seen["messages"][0]["id"]
    choices = await tab.act("complete", command="menu", options={"day": "Sun"})
    assert choices["choices"] == [{"name": "Sunday", "value": "Sun"}]
    await tab.act("select", message=message, custom_id="whom", values=[me])
    opened = (await tab.act("click", message=message, custom_id="order"))["modal"]
    (field,) = (row["components"][0] for row in opened["components"])
    await tab.act("submit", modal=opened["id"], fields={field["custom_id"]: "Soup"})


async def test_a_story_through_the_page_is_the_story_of_actors(clock):
    stories = []
    for told in (by_actor, by_page):
        async with restaurant(clock) as (sim, tab, chat, alice):
            before = sim.recorder.count()
            await (by_actor(alice, chat) if told is by_actor else by_page(tab, alice))
            answers = sim.recorder.requests()[before:]
            stories.append([(one.method, one.route, one.status, plain(one.body)) for one in answers])
    assert stories[0] == stories[1]
    assert len(stories[0]) == 5


def plain(body):
    """Return a body without the custom ids that discord.py makes up."""
    if isinstance(body, dict):
        return {name: plain(value) for name, value in body.items() if name != "custom_id"}
    return [plain(one) for one in body] if isinstance(body, list) else body


async def test_only_the_member_sees_what_is_only_for_it(clock):
    async with restaurant(clock) as (_, tab, chat, alice):
        await by_page(tab, alice)
        await tab.sees(lambda seen: [one["content"] for one in seen["ephemeral"]] == ["Soup is coming."])
        bob = chat.guild.join("bob")
        assert (await tab.look(me=bob, channel=chat))["ephemeral"] == []


async def test_a_bot_that_does_not_answer_is_shown_waiting_then_failed(clock):
    async with restaurant(clock) as (_, tab, _, _):
        await tab.ask("time", speed=0)
        await tab.send({"op": "act", "n": 77, "do": "run", "command": "broken", "options": {}})
        await tab.sees(lambda seen: [one["name"] for one in seen["waiting"]] == ["broken"])
        await tab.send({"op": "time", "n": 78, "speed": 5})
        answer = await tab.until(lambda text: text.get("n") == 77)
        assert "The application did not respond" in answer["error"]


async def test_what_discord_would_not_send_is_a_sentence(clock):
    async with restaurant(clock) as (_, tab, chat, alice):
        chat.deny("everyone", "add_reactions")
        message = str(alice.say(chat, "hi").id)
        wrongs = [
            ("run", {"command": "menu", "options": {}}, "requires day"),
            ("run", {"command": "menu", "options": {"day": "x", "guest": "5"}}, "no such member"),
            ("run", {"command": "menu", "options": {"day": 5}}, "takes a text"),
            ("click", {"message": "123", "custom_id": "order"}, "deleted"),
            ("react", {"message": message, "emoji": "\N{THUMBS UP SIGN}"}, "may not add reactions"),
            ("submit", {"modal": "1", "fields": {}}, "expired"),
            ("say", {"content": " "}, "no empty message"),
            ("fly", {}, "no action"),
        ]
        for action, asked, sentence in wrongs:
            with pytest.raises(ValueError, match=sentence):
                await tab.act(action, **asked)


async def test_a_member_who_may_not_write_is_told_why_before(clock):
    async with restaurant(clock) as (_, tab, chat, _):
        chat.deny("everyone", "send_messages")
        await tab.sees(lambda seen: seen["me"]["refused"]["say"] is not None)
        assert "may not write in #general" in tab.seen["me"]["refused"]["say"]


async def test_where_a_member_may_not_join_it_may_not_write_and_is_told_why(clock):
    async with restaurant(clock) as (_, tab, chat, _):
        counter = chat.guild.add_voice_channel("Members: 5")
        counter.deny("everyone", "connect")
        why = "alice may not write in #Members: 5: the channel denies joining it."
        assert (await tab.look(channel=counter))["me"]["refused"]["say"] == why
        with pytest.raises(ValueError, match="denies joining it"):
            await tab.act("say", content="hello")


async def test_half_a_surrogate_pair_that_is_typed_reaches_a_bot_as_the_replacement_character(clock):
    async with restaurant(clock) as (sim, tab, chat, _), logged_in(sim, intents=discord.Intents.all()) as client:
        heard: asyncio.Queue[str] = asyncio.Queue()

        @client.event
        async def on_message(message):
            heard.put_nowait(message.content)

        await tab.act("say", content="a\ud83d \N{GRINNING FACE} \\ud83d")
        assert await heard.get() == "a\ufffd \N{GRINNING FACE} \\ud83d"
        await tab.act("thread", message=str(chat.messages[0].id), name="b\udfff")
        assert chat.messages[0].thread.name == "b\ufffd"


async def test_every_action_on_messages_reaches_the_channel(clock):
    async with restaurant(clock) as (_, tab, chat, _):
        sent = (await tab.act("say", content="hello"))["message"]
        await tab.act("say", content="a reply", reply_to=sent)
        await tab.act("edit", message=sent, content="hello!")
        await tab.act("react", message=sent, emoji="\N{THUMBS UP SIGN}")
        thread = (await tab.act("thread", message=sent, name="more"))["channel"]
        await tab.act("say", content="", files=[{"name": "a.txt", "data": "aGk="}])
        first, reply, file = chat.messages
        assert (first.content, reply.original, len(first.reactions)) == ("hello!", first, 1)
        assert file.attachments[0]["content_type"] == "text/plain"
        assert str(first.thread.id) == thread
        await tab.act("unreact", message=sent, emoji="\N{THUMBS UP SIGN}")
        await tab.act("delete", message=str(reply.id))
        assert [message.content for message in chat.messages] == ["hello!", ""]
        assert first.reactions == []
        await tab.sees(lambda seen: len(seen["messages"]) == 2)


async def test_the_log_shows_each_request_and_its_bodies(clock):
    async with restaurant(clock) as (sim, tab, _, alice):
        await by_page(tab, alice)
        await tab.sees(lambda seen: seen["totals"]["requests"] == sim.recorder.count())
        row = tab.seen["log"][-1]
        assert (row["method"], row["status"]) == ("POST", 200)
        bodies = await tab.ask("request", row=row["row"])
        assert bodies["body"]["data"]["content"] == "Soup is coming."
        with pytest.raises(ValueError, match="too old"):
            await tab.ask("request", row=10_000)


async def test_a_member_without_a_channel_can_write_to_a_bot_and_be_somebody_new(clock):
    async with restaurant(clock) as (sim, tab, _, alice):
        await tab.look(me=alice, direct=True)
        assert tab.seen["channel"] is None
        with pytest.raises(ValueError, match="no channel to act in"):
            await tab.act("say", content="hello?")
        channel = (await tab.act("write_to", bot=str(sim.bot.id)))["channel"]
        await tab.look(me=alice, direct=True)
        assert (tab.seen["channel"], tab.seen["channels"][0]["name"]) == (channel, "Steward")
        await tab.act("say", content="hello")
        await tab.sees(lambda seen: [message["content"] for message in seen["messages"]] == ["hello"])
        me = (await tab.act("meet", name="zoe"))["me"]
        assert alice.guild.members.get(int(me)).name == "zoe"
