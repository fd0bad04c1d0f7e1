"""`/playlist` on the whole product: saved from picks, shared, copied, taken along, deleted."""

import asyncio
import json

from tests.scenarios.music.catalogues import answer_to, catalogue, likes, picks_of
from tests.scenarios.music.services import count, playing
from tests.stage import download

NONE = {"STEWARD_MUSIC_SERVICES": "none"}


async def file_of(reply):
    message = await answer_to(reply)
    (attachment,) = message.attachments
    return attachment["filename"], await download(attachment["url"])


async def test_picks_are_saved_and_shown_to_their_owner_alone(clock, tmp_path):
    async with playing(clock, tmp_path, **NONE) as (_, steward, _, ada):
        names = await catalogue(steward)
        assert "haven't shown you any picks" in (await ada.run("/playlist save", name="Rain")).content
        assert (await ada.run("/playlist show")).content.startswith("You have no playlist yet.")
        await likes(steward, ada, list(names)[20:24])
        picks = picks_of((await ada.run("/recommend")).message)
        saved = await ada.run("/playlist save", name="Rain @everyone")
        assert (saved.ephemeral, saved.content) == (True, "Saved 5 tracks.")
        assert saved.buttons == ["JSPF", "XSPF", "M3U8", "Links"]
        (embed,) = saved.message.embeds
        assert embed["description"].count("[listen](<https://www.last.fm/search/artists?q=") == 5
        assert embed["title"] == "Rain @\u200beveryone"
        await asyncio.sleep(60)  # five commands at once are the most
        again = await ada.run("/playlist save", name="RAIN @EVERYONE")
        assert again.content == "All of that is in it already."
        name, content = await file_of(await ada.run("/playlist export", name="Rain @everyone", format="jspf"))
        tracks = json.loads(content)["playlist"]["track"]
        assert (name, {one["creator"] for one in tracks}) == ("rain-everyone.jspf", {names[pick] for pick in picks})


async def test_a_shared_playlist_is_seen_copied_and_taken_along_until_it_is_deleted(clock, tmp_path):
    async with playing(clock, tmp_path, **NONE) as (scene, steward, _, ada):
        names = await catalogue(steward)
        ben = scene.guild.join("ben")
        for artist in list(names)[3:5]:
            await ada.run("/playlist add", name="Ours", artist=f"artist:{artist}", title="`Title`, <@1>")
        (offered,) = (await ada.autocomplete("/playlist show", name="our")).choices
        assert offered == "Ours"
        assert (await ben.autocomplete("/playlist show", name="")).choices == []
        await asyncio.sleep(60)  # five commands at once are the most
        post = (await ada.run("/playlist share", name="ours")).message
        assert not post.ephemeral
        assert post.embeds[0]["description"].startswith(f"By <@{ada.id}>\n1. **")
        assert "\\`Title\\`, \\<@1>" in post.embeds[0]["description"].replace("\u200b", "")
        copied = await answer_to(await ben.click(post, "Save a copy"))
        assert (copied.ephemeral, copied.content) == (True, "Saved 2 tracks.")
        assert "yours already" in (await answer_to(await ada.click(post, "Save a copy"))).content
        name, content = await file_of(await ben.click(post, "M3U8"))
        assert (name, content[:8]) == ("ours.m3u8", b"#EXTM3U\n")
        tracks = (await ada.autocomplete("/playlist remove", name="ours", track="")).choices
        assert len(tracks) == 2
        left = await ada.run("/playlist remove", name="ours", track=tracks[0])
        assert left.message.embeds[0]["footer"]["text"] == "1 track"
        assert "isn't in it" in (await ada.run("/playlist remove", name="ours", track=tracks[0])).content
        await asyncio.sleep(60)
        gone = await ada.run("/playlist delete", name="ours")
        assert "I've deleted **Ours** with its 1 track." in gone.content
        assert "was deleted" in (await answer_to(await ben.click(post, "XSPF"))).content
        assert await count(steward, "music_playlists") == 1, "the copy is another member's"
