"""A server's weekly picks: once each, by members who agreed, none again for eight weeks."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from tests.scenarios.music.catalogues import answer_to, catalogue, likes
from tests.scenarios.music.services import MUSIC
from tests.scenarios.music.test_recommend_together import shares
from tests.stage import admin, stage

HOUR = 3600
# The clock of a test begins on Monday 5 January 2026, 00:00 UTC.


@asynccontextmanager
async def server(clock, folder):
    """A server that wants weekly picks, with a catalogue; yields the scene, the channel, two members, and artists."""
    async with stage(clock, folder, **MUSIC, STEWARD_MUSIC_SERVICES="none") as scene:
        async with scene.steward() as steward:
            olga = await admin(scene, steward)
            news = scene.guild.add_text_channel("discover")
            panel = await olga.run("/setup", what="music")
            panel = await olga.select(panel, news, menu="music:setup_weekly_channel_id.1")
            said = await olga.click(panel, "Save")
            assert f"**Weekly picks:** Mondays at 18:00 (UTC), in <#{news.id}>" in said.content
            names = [*await catalogue(steward)]
            ada, bo = scene.guild.join("ada"), scene.guild.join("bo")
            await likes(steward, ada, names[10:14])
            await likes(steward, bo, names[200:204])
        yield scene, news, ada, bo


async def until_day(clock, day, hour):
    await asyncio.sleep((datetime(2026, 1, day, hour, tzinfo=UTC) - clock.now()).total_seconds())


def artists(post):
    return [int(item["custom_id"].rpartition(":")[2]) for item in post.components[0]["components"]]


async def test_nothing_is_posted_before_somebody_agrees_and_then_once_a_week_without_repeats(clock, tmp_path):
    async with server(clock, tmp_path) as (scene, news, ada, bo):
        for day in (12, 19, 26):
            await until_day(clock, day, 17)
            async with scene.steward() as steward:
                await asyncio.sleep(2 * HOUR)
                if day == 12:
                    assert news.messages == []
                    await shares(steward, scene, ada, bo)
        posts, shown = list(news.messages), []
        assert len(posts) == 2
        for post in posts:
            assert post.embeds[0]["title"] == "Five to discover this week"
            assert "By the taste of 2 members who agreed." in post.embeds[0]["footer"]["text"]
            shown += artists(post)
        assert len(shown) == len(set(shown)) == 10


async def test_a_bot_that_was_down_on_monday_posts_once_when_it_is_back(clock, tmp_path):
    async with server(clock, tmp_path) as (scene, news, ada, _):
        async with scene.steward() as steward:
            await shares(steward, scene, ada)
            await asyncio.sleep(60)
        await until_day(clock, 12, 20)
        for _ in range(3):
            async with scene.steward():
                await asyncio.sleep(600)
        assert len(news.messages) == 1
        post = news.messages[0]
        async with scene.steward():
            await asyncio.sleep(30)
            told = await answer_to(await ada.click(post, f"music:say.1:1:{artists(post)[0]}"))
            assert "your next picks go by that" in told.content
            assert told.ephemeral
