"""Polls with an unmodified discord.py: creation, votes, end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import discord
import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.channels.channel import Channel
from steward.sim.people.member import Member
from tests.sim.discord_client import LeanClient, logged_in
from tests.sim.gateway_client import GUILDS, connected
from tests.sim.rest_client import rest

INTENTS = discord.Intents(
    guilds=True, members=True, guild_messages=True, message_content=True, guild_polls=True, dm_polls=True
)


@asynccontextmanager
async def party(clock: Clock) -> AsyncIterator[tuple[Channel, Member, LeanClient, discord.TextChannel]]:
    """Yield a channel, a member, and the channel in a bot's client."""
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins")
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        async with logged_in(sim, intents=INTENTS, max_messages=100) as client:
            room = client.get_channel(chat.id)
            assert isinstance(room, discord.TextChannel)
            yield chat, alice, client, room


def dinner(**options: object) -> discord.Poll:
    asked = discord.Poll("Dinner?", timedelta(hours=2), **options)  # type: ignore[arg-type]
    return asked.add_answer(text="Fish", emoji="🐟").add_answer(text="Krill")


async def test_a_bot_posts_a_poll_and_receives_each_vote(clock: Clock):
    async with party(clock) as (chat, alice, client, room):
        sent = await room.send(poll=dinner())
        assert sent.poll is not None
        assert [(answer.text, str(answer.emoji)) for answer in sent.poll.answers] == [("Fish", "🐟"), ("Krill", "None")]
        assert sent.poll.expires_at is not None
        assert sent.poll.expires_at - sent.created_at == pytest.approx(timedelta(hours=2), abs=timedelta(seconds=1))
        poll = chat.messages[-1]
        alice.vote(poll, "Fish")
        alice.vote(poll, "Krill")
        await asyncio.sleep(1)
        heard = [(name, told.answer_id) for name, told in client.heard if name.startswith("raw_poll")]
        assert heard == [("raw_poll_vote_add", 1), ("raw_poll_vote_remove", 1), ("raw_poll_vote_add", 2)]
        found = (await room.fetch_message(sent.id)).poll
        assert found is not None
        krill = found.get_answer(2)
        assert krill is not None
        assert (krill.vote_count, found.total_votes, found.is_finalised()) == (1, 1, False)
        assert [user.name async for user in krill.voters()] == ["alice"]
        alice.unvote(poll)
        assert [user.name async for user in krill.voters()] == []


async def test_several_answers_need_a_multiselect_poll(clock: Clock):
    async with party(clock) as (chat, alice, _, room):
        await room.send(poll=dinner())
        with pytest.raises(ValueError, match="only one answer"):
            alice.vote(chat.messages[-1], "Fish", "Krill")
        with pytest.raises(LookupError, match="Fish, Krill"):
            alice.vote(chat.messages[-1], "Squid")
        await room.send(poll=dinner(multiple=True))
        alice.vote(chat.messages[-1], "Fish", "Krill")
        counted = (await room.fetch_message(chat.messages[-1].id)).poll
        assert counted is not None
        assert [answer.vote_count for answer in counted.answers] == [1, 1]


async def test_a_poll_ends_at_its_time_and_posts_the_result(clock: Clock):
    async with party(clock) as (chat, alice, client, room):
        sent = await room.send(poll=dinner())
        alice.vote(chat.messages[-1], "Fish")
        await asyncio.sleep(2 * 3600 + 1)
        told = client.heard[-1][1]
        assert told.type is discord.MessageType.poll_result
        assert told.author.id == client.application_id
        assert told.reference.message_id == sent.id
        fields = {field.name: field.value for field in told.embeds[0].fields}
        assert fields == {
            "poll_question_text": "Dinner?", "victor_answer_votes": "1", "total_votes": "1",
            "victor_answer_id": "1", "victor_answer_text": "Fish", "victor_answer_emoji_name": "🐟",
        }  # fmt: skip
        cached = discord.utils.get(client.cached_messages, id=sent.id)
        assert cached is not None
        assert cached.poll is not None
        assert (cached.poll.victor_answer_id, cached.poll.total_votes) == (1, 1)
        assert "message_edit" in client.names_heard()
        found = (await room.fetch_message(sent.id)).poll
        assert found is not None
        assert found.is_finalised()
        with pytest.raises(ValueError, match="over"):
            alice.vote(chat.messages[0], "Krill")


async def test_the_author_may_end_a_poll_early_once(clock: Clock):
    async with party(clock) as (chat, alice, _, room):
        sent = await room.send(poll=dinner())
        assert sent.poll is not None
        await sent.poll.end()
        assert sent.poll.is_finalised()
        fields = {field["name"]: field["value"] for field in chat.messages[-1].embeds[0]["fields"]}
        assert fields == {"poll_question_text": "Dinner?", "victor_answer_votes": "0", "total_votes": "0"}
        for message, code in ((sent, 520001), (await room.fetch_message(alice.ask(chat, "Walk?", "Yes").id), 50005)):
            with pytest.raises(discord.HTTPException) as refused:
                await message.end_poll()
            assert refused.value.code == code
        await asyncio.sleep(3 * 3600)
        assert [message.kind for message in chat.messages] == [0, 46, 0]


async def test_a_members_poll_is_read_by_the_bot(clock: Clock):
    async with party(clock) as (chat, alice, client, _):
        alice.ask(chat, "Walk?", "Yes", "No", hours=1)
        await asyncio.sleep(1)
        poll = client.heard[-1][1].poll
        assert (poll.question, [answer.text for answer in poll.answers]) == ("Walk?", ["Yes", "No"])
        chat.deny("everyone", "send_polls")
        with pytest.raises(PermissionError, match="send polls"):
            alice.ask(chat, "Again?", "Yes")


async def test_a_poll_is_never_edited_into_or_out_of_a_message(clock: Clock):
    async with party(clock) as (_, _, _, room):
        sent = await room.send(poll=dinner())
        with pytest.raises(discord.HTTPException) as refused:
            await sent.edit(content="Lunch?")
        assert refused.value.code == 520003


async def test_a_deferred_response_may_become_a_poll(clock: Clock):
    async with party(clock) as (chat, alice, client, _):
        tree = discord.app_commands.CommandTree(client)

        @tree.command(description="Ask")
        async def dine(interaction: discord.Interaction) -> None:
            await interaction.response.defer()
            await interaction.edit_original_response(poll=dinner())

        await tree.sync()
        reply = await alice.run("/dine")
        assert reply.message is not None
        alice.vote(reply.message, "Fish")
        await asyncio.sleep(2 * 3600 + 1)
        assert chat.messages[-1].kind == 46


async def test_without_the_intents_neither_content_nor_votes_are_sent(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        await client.log_in(GUILDS | 1 << 9)
        await client.event("GUILD_CREATE")
        poll = alice.ask(chat, "Walk?", "Yes")
        assert "poll" not in await client.event("MESSAGE_CREATE")
        alice.vote(poll, "Yes")
        assert await client.events() == []


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"question": {"text": "?" * 301}}, ("question", "text")),
        ({"question": {}}, ("question", "text")),
        ({"question": None}, ("question",)),
        ({"answers": []}, ("answers",)),
        ({"answers": [{"poll_media": {"text": "x"}}] * 11}, ("answers",)),
        ({"answers": [{"poll_media": {"text": "x" * 56}}]}, ("answers", "0", "poll_media", "text")),
        ({"answers": [{}]}, ("answers", "0", "poll_media")),
        ({"duration": 769}, ("duration",)),
        ({"duration": 0}, ("duration",)),
        ({"layout_type": 2}, ("layout_type",)),
    ],
)
async def test_a_poll_beyond_discords_limits_is_refused(clock: Clock, changes: dict[str, object], place: tuple[str]):
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        poll = {"question": {"text": "?"}, "answers": [{"poll_media": {"text": "x"}}]} | changes
        answered = await client.call("POST", f"/channels/{chat.id}/messages", json={"poll": poll})
        assert answered.status == 400
        found = answered.body["errors"]["poll"]
        for part in place:
            found = found[part]
        assert found["_errors"]


async def test_what_is_no_poll_of_the_bots_is_refused_with_its_code(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        messages, polls = f"/channels/{chat.id}/messages", f"/channels/{chat.id}/polls"
        plain, asked = alice.say(chat, "hi"), alice.ask(chat, "Walk?", "Yes")
        unknown = {"question": {"text": "?"}, "answers": [{"poll_media": {"text": "x", "emoji": {"id": "5"}}}]}
        for method, path, body, code in (
            ("POST", f"{polls}/{plain.id}/expire", None, 520006),
            ("GET", f"{polls}/{asked.id}/answers/2", None, 0),
            ("POST", messages, {"poll": unknown}, 520004),
            ("POST", messages, {"poll": "?"}, 50035),
        ):
            assert (await client.call(method, path, json=body)).body["code"] == code
        sent = (await client.call("POST", messages, json={"content": "hi"})).body["id"]
        changed = await client.call("PATCH", f"{messages}/{sent}", json={"poll": unknown})
        assert changed.body["code"] == 520003


async def test_votes_in_direct_messages_have_their_own_intent(clock: Clock):
    async with party(clock) as (chat, alice, client, _):
        assert chat.guild is not None
        room = await client.create_dm(await client.fetch_user(alice.id))
        await room.send(poll=dinner())
        bot = chat.world.bots[client.application_id or 0]
        alice.vote(alice.direct_channel(bot).messages[-1], "Krill")
        await asyncio.sleep(1)
        name, told = client.heard[-1]
        assert (name, told.answer_id, told.guild_id) == ("raw_poll_vote_add", 2, None)
        with pytest.raises(PermissionError, match="not bob's direct messages"):
            chat.guild.join("bob").vote(alice.direct_channel(bot).messages[-1], "Krill")
