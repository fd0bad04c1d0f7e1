"""Forums: their settings, their tags, and their posts."""

from __future__ import annotations

import asyncio

import discord
import pytest

from steward.runtime.clock import Clock
from steward.sim.rest.channels.forums import REQUIRE_TAG
from tests.sim.rest.resources import EVERYTHING, library
from tests.sim.rest_client import rest


async def test_discord_py_creates_a_forum_and_posts_with_a_tag(clock: Clock):
    async with library(clock) as (guild, seen, _):
        forum = await seen.create_forum(
            "ideas", topic="What we could do", available_tags=[discord.ForumTag(name="ice", emoji="🧊")],
            default_layout=discord.ForumLayoutType.gallery_view, default_auto_archive_duration=60,
            default_reaction_emoji="👍", default_thread_slowmode_delay=5,
        )  # fmt: skip
        assert forum.default_layout is discord.ForumLayoutType.gallery_view
        (tag,) = forum.available_tags
        made = await forum.create_thread(name="A slide", content="Of ice", applied_tags=[tag])
        assert made.thread.applied_tags == [tag]
        post = guild.threads[made.thread.id]
        assert (post.archive_minutes, post.slowmode, post.tags) == (60, 5, [str(tag.id)])
        other = await forum.create_tag(name="fish", moderated=True)
        await asyncio.sleep(1)
        await made.thread.add_tags(other)
        assert post.tags == [str(tag.id), str(other.id)]
        await made.thread.edit(pinned=True)
        assert post.pinned


async def test_a_tag_keeps_its_id_when_its_forum_is_edited(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=EVERYTHING)
        path = f"/channels/{guild.add_forum('ideas').id}"
        (first,) = (await client.call("PATCH", path, json={"available_tags": [{"name": "ice"}]})).body["available_tags"]
        asked = [first | {"name": "snow"}, {"name": "fish"}]
        answered = await client.call("PATCH", path, json={"available_tags": asked})
        assert [tag["name"] for tag in answered.body["available_tags"]] == ["snow", "fish"]
        assert answered.body["available_tags"][0]["id"] == first["id"]


@pytest.mark.parametrize(
    ("tags", "code"), [([], 40067), (["5"], 10087), (["{moderated}"], 50013), (["{ice}"], None)],
)  # fmt: skip
async def test_a_post_has_the_tags_that_its_forum_allows(clock: Clock, tags: list[str], code: int | None):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=tuple({*EVERYTHING} - {"manage_threads"}))
        forum = guild.add_forum("ideas")
        asked = {"available_tags": [{"name": "ice"}, {"name": "official", "moderated": True}], "flags": REQUIRE_TAG}
        made = (await client.call("PATCH", f"/channels/{forum.id}", json=asked)).body
        ids = dict(zip(("{ice}", "{moderated}"), (tag["id"] for tag in made["available_tags"]), strict=True))
        body = {"name": "x", "message": {"content": "x"}, "applied_tags": [ids.get(tag, tag) for tag in tags]}
        answered = await client.call("POST", f"/channels/{forum.id}/threads", json=body)
        assert answered.body.get("code") == code


async def test_the_archived_private_threads_that_the_bot_is_in(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=EVERYTHING)
        chat = guild.add_text_channel("chat")
        names = ("mine", "left")
        for name in names:
            made = await client.call("POST", f"/channels/{chat.id}/threads", json={"name": name, "type": 12})
            if name == "left":
                await client.call("DELETE", f"/channels/{made.body['id']}/thread-members/@me")
            guild.threads[int(made.body["id"])].archive(archived=True)
        found = await client.get(f"/channels/{chat.id}/users/@me/threads/archived/private")
        assert [thread["name"] for thread in found["threads"]] == ["mine"]
