"""Interactions with an unmodified discord.py: commands, buttons, selects, modals."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest
from discord import app_commands, ui

from steward.runtime.clock import Clock
from steward.sim import File, Simulator
from steward.sim.channels.channel import Channel
from steward.sim.guilds.guild import Guild
from steward.sim.people.member import Member
from tests.sim.discord_client import logged_in


@asynccontextmanager
async def party(clock: Clock) -> AsyncIterator[tuple[Guild, Channel, Member, Any, app_commands.CommandTree[Any]]]:
    """Yield a guild with a text channel, a member of it, a bot and its command tree."""
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins", members=50)
        chat = guild.add_text_channel("chat")
        async with logged_in(sim) as client:
            yield guild, chat, guild.join("alice"), client, app_commands.CommandTree(client)


async def test_a_command_is_synced_and_answered(clock: Clock):
    async with party(clock) as (guild, chat, alice, _, tree):

        @tree.command(description="Say hello")
        async def hello(
            interaction: discord.Interaction, who: discord.Member, times: app_commands.Range[int, 1, 3] = 1
        ):
            assert interaction.guild_id == guild.id
            assert interaction.permissions.send_messages
            assert interaction.app_permissions.manage_channels
            answered = await interaction.response.send_message(f"hello {who.display_name} " * times)
            assert answered.message_id == chat.messages[-1].id

        await tree.sync()
        reply = await alice.run("/hello", who=guild.meet("bob"), times=2)
        assert (reply.content, reply.ephemeral, reply.error) == ("hello bob hello bob", False, None)
        assert chat.messages[-1] is reply.message


async def test_an_ephemeral_response_is_visible_to_its_user_only(clock: Clock):
    async with party(clock) as (guild, chat, alice, client, tree):

        @tree.command(description="A secret")
        async def secret(interaction: discord.Interaction):
            await interaction.response.send_message("psst", ephemeral=True, view=Question())

        await tree.sync(guild=None)
        reply = await alice.run("/secret")
        assert (reply.content, reply.ephemeral) == ("psst", True)
        assert chat.messages == []
        assert client.names_heard().count("message") == 0
        with pytest.raises(PermissionError, match="ephemeral"):
            await guild.join("bob").click(reply, "Yes")


async def test_a_follow_up_completes_a_deferred_response(clock: Clock):
    async with party(clock) as (_, chat, alice, _, tree):

        @tree.command(description="Think")
        async def think(interaction: discord.Interaction):
            await interaction.response.defer(thinking=True)
            await asyncio.sleep(600)
            await interaction.followup.send("done")
            await interaction.followup.send("and more")

        await tree.sync()
        began = clock.monotonic()
        reply = await alice.run("/think")
        assert clock.monotonic() - began == pytest.approx(600, abs=1)
        assert reply.content == "done"
        await reply.next()
        assert [message.content for message in reply.followups] == ["and more"]
        assert [message.content for message in chat.messages] == ["done", "and more"]


async def test_a_response_is_edited_and_deleted(clock: Clock):
    async with party(clock) as (_, chat, alice, _, tree):

        @tree.command(description="Count")
        async def count(interaction: discord.Interaction):
            await interaction.response.send_message("one")
            await interaction.edit_original_response(content="two")
            assert (await interaction.original_response()).content == "two"
            await asyncio.sleep(10)
            await interaction.delete_original_response()

        await tree.sync()
        reply = await alice.run("/count")
        await reply.next()
        assert reply.content == "two"
        await reply.next()
        assert (reply.message, list(chat.messages)) == (None, [])


async def test_without_a_response_in_three_seconds_the_interaction_fails(clock: Clock):
    async with party(clock) as (_, _, alice, _, tree):
        refused: list[int] = []

        @tree.command(description="Late")
        async def late(interaction: discord.Interaction):
            await asyncio.sleep(4)
            try:
                await interaction.response.send_message("here I am")
            except discord.NotFound as error:
                refused.append(error.code)

        await tree.sync()
        began = clock.monotonic()
        reply = await alice.run("/late")
        assert (reply.error, reply.message) == ("The application did not respond", None)
        assert clock.monotonic() - began == pytest.approx(3, abs=0.1)
        await asyncio.sleep(2)
        assert refused == [10062]


async def test_a_token_lives_for_fifteen_minutes(clock: Clock):
    async with party(clock) as (_, _, alice, _, tree):
        outcome: list[str | int] = []

        @tree.command(description="Slow")
        async def slow(interaction: discord.Interaction):
            await interaction.response.defer(thinking=True, ephemeral=True)
            await asyncio.sleep(890)
            await interaction.edit_original_response(content="in time")
            await asyncio.sleep(20)
            try:
                await interaction.followup.send("too late")
            except discord.HTTPException as error:
                outcome.append(error.code)

        await tree.sync()
        reply = await alice.run("/slow")
        assert (reply.content, reply.ephemeral) == ("in time", True)
        await asyncio.sleep(30)
        assert outcome == [50027]


async def test_options_are_autocompleted(clock: Clock):
    async with party(clock) as (_, _, alice, _, tree):

        @tree.command(description="Play")
        async def play(interaction: discord.Interaction, song: str, loud: bool = False):
            await interaction.response.send_message(f"playing {song}")

        @play.autocomplete("song")
        async def songs(interaction: discord.Interaction, current: str):
            known = ["Penguin Parade", "Polar Night"]
            return [app_commands.Choice(name=song, value=song.lower()) for song in known if current in song.lower()]

        await tree.sync()
        assert (await alice.autocomplete("/play", song="pen")).choices == ["Penguin Parade"]
        with pytest.raises(LookupError, match="options with it: song"):
            await alice.autocomplete("/play", song="pen", loud="x")


class Question(ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Yes", style=discord.ButtonStyle.green)
    async def yes(self, interaction: discord.Interaction, _: Any) -> None:
        await interaction.response.edit_message(content=f"{interaction.user.name} said yes", view=None)

    @ui.button(label="Later")
    async def later(self, interaction: discord.Interaction, _: Any) -> None:
        await interaction.response.defer()
        await asyncio.sleep(5)
        await interaction.edit_original_response(content="it is later")

    @ui.button(label="Why?", emoji="🐧")
    async def why(self, interaction: discord.Interaction, _: Any) -> None:
        await interaction.response.send_message("because", ephemeral=True)

    @ui.button(label="Off", disabled=True)
    async def off(self, interaction: discord.Interaction, _: Any) -> None:
        raise AssertionError

    @ui.select(options=[discord.SelectOption(label=name) for name in ("Red", "Green", "Blue")], max_values=2, row=1)
    async def colour(self, interaction: discord.Interaction, select: ui.Select[Any]) -> None:
        await interaction.response.send_message("+".join(select.values))

    @ui.select(cls=ui.UserSelect, placeholder="Who?", row=2)
    async def who(self, interaction: discord.Interaction, select: ui.UserSelect[Any]) -> None:
        await interaction.response.send_message(select.values[0].display_name)

    @ui.select(cls=ui.RoleSelect, placeholder="Role?", row=3)
    async def role(self, interaction: discord.Interaction, select: ui.RoleSelect[Any]) -> None:
        await interaction.response.send_message(select.values[0].name)

    @ui.select(cls=ui.ChannelSelect, placeholder="Where?", row=4)
    async def where(self, interaction: discord.Interaction, select: ui.ChannelSelect[Any]) -> None:
        await interaction.response.send_message(f"#{select.values[0].name}")


async def test_buttons_support_every_kind_of_response(clock: Clock):
    async with party(clock) as (_, chat, alice, client, _):
        await client.get_channel(chat.id).send("Well?", view=Question())
        (asked,) = chat.messages
        why = await alice.click(asked, "🐧")
        assert (why.content, why.ephemeral) == ("because", True)
        later = await alice.click(asked, "Later")
        assert later.message is asked
        await later.next()
        assert asked.content == "it is later"
        with pytest.raises(LookupError, match="disabled"):
            await alice.click(asked, "Off")
        with pytest.raises(LookupError, match="there are: Yes, Later, Why\\?, Off"):
            await alice.click(asked, "No")
        yes = await alice.click(asked, "Yes")
        assert (yes.content, yes.buttons, asked.content) == ("alice said yes", [], "alice said yes")


async def test_selects_of_all_types_work(clock: Clock):
    async with party(clock) as (guild, chat, alice, client, _):
        await client.get_channel(chat.id).send("Well?", view=Question())
        (asked,) = chat.messages
        menus = [item["components"][0]["custom_id"] for item in asked.components[1:]]
        assert (await alice.select(asked, "Red", "Blue", menu=menus[0])).content == "Red+Blue"
        assert (await alice.select(asked, guild.meet("bob"), menu="Who?")).content == "bob"
        assert (await alice.select(asked, guild.add_role("Chick"), menu="Role?")).content == "Chick"
        assert (await alice.select(asked, chat, menu="Where?")).content == "#chat"
        with pytest.raises(ValueError, match="1 to 2 values, not 3"):
            await alice.select(asked, "Red", "Green", "Blue", menu=menus[0])


class Form(ui.Modal, title="New event"):
    name: ui.TextInput[Any] = ui.TextInput(label="Name", max_length=20)
    about: ui.TextInput[Any] = ui.TextInput(label="About it", style=discord.TextStyle.long, required=False)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"{self.name.value}: {self.about.value or 'nothing'}")


class Labelled(ui.Modal, title="With labels"):
    note: ui.TextDisplay[Any] = ui.TextDisplay("Fill in all.")
    name: ui.Label[Any] = ui.Label(text="Your name", component=ui.TextInput())
    size: ui.Label[Any] = ui.Label(
        text="Size", component=ui.Select(options=[discord.SelectOption(label=size) for size in ("S", "M")])
    )
    friend: ui.Label[Any] = ui.Label(text="Friend", component=ui.UserSelect(required=False))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        chosen: Any = self.size.component
        friend: Any = self.friend.component
        named: Any = self.name.component
        await interaction.response.send_message(f"{named.value} {chosen.values} {[f.name for f in friend.values]}")


async def test_a_modal_is_opened_and_submitted(clock: Clock):
    async with party(clock) as (guild, _, alice, _, tree):

        @tree.command(description="Make one")
        async def make(interaction: discord.Interaction, labelled: bool = False):
            await interaction.response.send_modal(Labelled() if labelled else Form())

        await tree.sync()
        reply = await alice.run("/make")
        assert reply.modal is not None
        assert (reply.modal.title, reply.modal.fields) == ("New event", ["Name", "About it"])
        with pytest.raises(ValueError, match="required"):
            await alice.submit(reply, about_it="x")
        assert (await alice.submit(reply, name="Party", about_it="fish")).content == "Party: fish"
        reply = await alice.run("/make", labelled=True)
        answer = await alice.submit(reply, your_name="Al", size="M", friend=guild.meet("bob"))
        assert answer.content == "Al ['M'] ['bob']"


class Board(ui.LayoutView):
    def __init__(self) -> None:
        super().__init__(timeout=None)
        button: ui.Button[Any] = ui.Button(label="Join")
        button.callback = self.join  # type: ignore[method-assign]
        box: ui.Container[Any] = ui.Container(
            ui.TextDisplay("# Tonight"), ui.Separator(), ui.Section(ui.TextDisplay("Films"), accessory=button)
        )
        self.add_item(box)

    async def join(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("you are in", ephemeral=True)


async def test_components_v2_are_shown_and_clicked(clock: Clock):
    async with party(clock) as (_, _, alice, _, tree):

        @tree.command(description="Show")
        async def board(interaction: discord.Interaction):
            await interaction.response.send_message(view=Board())

        await tree.sync()
        reply = await alice.run("/board")
        assert (reply.content, reply.buttons) == ("# Tonight\nFilms", ["Join"])
        assert (await alice.click(reply, "Join")).content == "you are in"


async def test_subcommands_and_context_menus_are_found(clock: Clock):
    async with party(clock) as (guild, chat, alice, _, tree):
        event = app_commands.Group(name="event", description="Events")

        @event.command(description="Make one")
        async def create(interaction: discord.Interaction, title: str):
            await interaction.response.send_message(f"made {title}")

        @tree.context_menu(name="Report it")
        async def report(interaction: discord.Interaction, message: discord.Message):
            await interaction.response.send_message(f"reported {message.content}", ephemeral=True)

        @tree.context_menu(name="Greet")
        async def greet(interaction: discord.Interaction, member: discord.Member):
            await interaction.response.send_message(f"hi {member.name}")

        tree.add_command(event)
        await tree.sync()
        assert (await alice.run("/event create", title="Movie night")).content == "made Movie night"
        assert (await alice.use("Report it", alice.say(chat, "spam"))).content == "reported spam"
        assert (await alice.use("Greet", guild.meet("bob"))).content == "hi bob"
        with pytest.raises(LookupError, match="it has: create"):
            await alice.run("/event delete")
        with pytest.raises(ValueError, match="requires title"):
            await alice.run("/event create")
        with pytest.raises(LookupError, match="there are: event"):
            await alice.run("/nonsense")


async def test_a_user_needs_the_permissions_of_command_and_channel(clock: Clock):
    async with party(clock) as (guild, chat, alice, _, tree):

        @tree.command(description="For moderators")
        @app_commands.default_permissions(manage_messages=True)
        async def purge(interaction: discord.Interaction):
            await interaction.response.send_message("ok")

        await tree.sync()
        with pytest.raises(PermissionError, match="needs manage_messages"):
            await alice.run("/purge")
        alice.give(guild.add_role("Mod", "manage_messages").id)
        assert (await alice.run("/purge")).content == "ok"
        chat.deny("everyone", "use_application_commands")
        with pytest.raises(PermissionError, match="may not use commands in #chat"):
            await alice.run("/purge", chat)


async def test_a_command_takes_a_file_and_reads_it(clock: Clock):
    async with party(clock) as (_, _, alice, _, tree):

        @tree.command(name="import", description="Take over a file")
        async def take_over(interaction: discord.Interaction, file: discord.Attachment):
            content = await file.read()
            await interaction.response.send_message(f"{file.filename} {file.size} {file.content_type} {content!r}")

        await tree.sync()
        reply = await alice.run("/import", file=File("member stats.json", b"{}", "application/json"))
        assert reply.content == "member stats.json 2 application/json b'{}'"
        with pytest.raises(ValueError, match="takes a File"):
            await alice.run("/import", file="member stats.json")
        with pytest.raises(ValueError, match="larger than Discord's limit"):
            await alice.run("/import", file=File("big", bytes(10 * 1024 * 1024 + 1)))


async def test_a_modal_takes_files_a_choice_and_a_member(clock: Clock):
    """Components v2 in a modal: labels around a text, a select, a user select and a file upload."""
    async with party(clock) as (guild, _, alice, _, tree):

        class Report(ui.Modal, title="Report"):
            what: ui.Label[Any] = ui.Label(text="What", component=ui.TextInput(required=False))
            kind: ui.Label[Any] = ui.Label(
                text="Kind", component=ui.Select(options=[discord.SelectOption(label=word) for word in ("Bug", "Wish")])
            )
            whom: ui.Label[Any] = ui.Label(text="Whom", component=ui.UserSelect())
            files: ui.Label[Any] = ui.Label(text="Files", component=ui.FileUpload(min_values=1, max_values=2))
            where: ui.Label[Any] = ui.Label(text="Where", component=ui.ChannelSelect(required=False))

            async def on_submit(self, interaction: discord.Interaction) -> None:
                fields: list[Any] = [label.component for label in (self.kind, self.whom, self.files)]
                (kind,), (whom,), files = [field.values for field in fields]
                read = [f"{file.filename}={(await file.read()).decode()}" for file in files]
                await interaction.response.send_message(f"{kind} {whom.display_name} {' '.join(read)}")

        @tree.command(description="Report something")
        async def report(interaction: discord.Interaction):
            await interaction.response.send_modal(Report())

        await tree.sync()
        opened = await alice.run("/report")
        answers: dict[str, Any] = {"kind": "Bug", "whom": guild.meet("bob")}
        files = [File("a.txt", b"one"), File("b.txt", b"two")]
        reply = await alice.submit(opened, files=files, **answers)
        assert reply.content == "Bug bob a.txt=one b.txt=two"
        for wrong in ([], [*files, *files], "a.txt"):
            with pytest.raises(ValueError, match=r"required|takes"):
                await alice.submit(opened, files=wrong, **answers)


async def test_an_interaction_has_the_entitlements_of_user_and_guild(clock: Clock):
    async with party(clock) as (guild, _, alice, client, tree):
        told: list[set[int]] = []

        @tree.command(description="What is mine")
        async def mine(interaction: discord.Interaction):
            told.append({found.sku_id for found in interaction.entitlements})
            assert set(interaction.entitlement_sku_ids) == told[-1]
            await interaction.response.send_message("Yours")

        await tree.sync()
        bot, owners = next(iter(guild.bots.values())), discord.EntitlementOwnerType
        gold, ice, potion = (int(bot.add_sku(number, "x", kind)["id"]) for number, kind in ((5, 5), (6, 5), (7, 3)))
        for sku, owner, kind in (
            (gold, alice.id, owners.user), (ice, guild.id, owners.guild), (potion, alice.id, owners.user),
            (potion, guild.meet("bob").id, owners.user),
        ):  # fmt: skip
            await client.create_entitlement(discord.Object(sku), discord.Object(owner), kind)
        await alice.run("/mine")
        owned = {
            int(found["sku_id"]): found for found in bot.entitlements.values() if found["user_id"] == str(alice.id)
        }
        owned[potion]["consumed"] = True
        owned[gold]["ends_at"] = guild.world.clock.now().isoformat()
        await alice.run("/mine")
        assert told == [{gold, ice, potion}, {ice}]
