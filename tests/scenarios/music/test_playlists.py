"""`/playlist` on the whole product: saved from picks, shared, copied, taken along, deleted."""

import asyncio
import json

import pytest

from steward.sim import File
from tests.scenarios.music.catalogues import answer_to, catalogue, likes, picks_of
from tests.scenarios.music.services import count, playing
from tests.stage import download

XSPF = (
    '<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/"><title>From afar</title><trackList>'
    "<track><creator>Air</creator><title>Sexy Boy</title><location>https://evil.example/x</location></track>"
    "<track><creator>`@everyone`</creator><title>[x](https://x.yz)</title>"
    "<location>https://www.deezer.com/track/1</location></track><track/></trackList></playlist>"
)
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
        question = await ada.run("/playlist delete", name="ours")
        assert question.content == "Delete **Ours** with its 1 track? This can't be undone."
        assert (await ada.click(question, "Cancel")).content == "Okay, I've deleted nothing."
        question, second = [await ada.run("/playlist delete", name="ours") for _ in range(2)]
        gone = await ada.click(question, "Delete")
        assert "I've deleted **Ours** with its 1 track." in gone.content
        assert "was deleted" in (await answer_to(await ada.click(second, "Delete"))).content
        assert "was deleted" in (await answer_to(await ben.click(post, "XSPF"))).content
        assert await count(steward, "music_playlists") == 1, "the copy is another member's"


async def test_a_list_is_saved_by_its_button_by_whoever_sees_it_without_what_they_refuse(clock, tmp_path):
    async with playing(clock, tmp_path, **NONE) as (scene, steward, _, ada):
        names = await catalogue(steward)
        reply, ben = await ada.run("/recommend", artist=f"artist:{list(names)[40]}"), scene.guild.join("ben")
        picks = picks_of(reply.message)
        saved = await answer_to(await ada.submit(await ada.click(reply, "Save list"), name="Mine"))
        assert (saved.ephemeral, saved.content, saved.embeds[0]["title"]) == (True, "Saved 5 tracks.", "Mine")
        _, content = await file_of(await ada.run("/playlist export", name="mine", format="jspf"))
        assert [one["creator"] for one in json.loads(content)["playlist"]["track"]] == [names[pick] for pick in picks]
        again = await answer_to(await ada.submit(await ada.click(reply, "Save list"), name="MINE"))
        assert again.content == "All of that is in it already."
        nameless = await answer_to(await ada.submit(await ada.click(reply, "Save list"), name="\u200b"))
        assert "needs a name that can be read" in nameless.content
        await ben.click(reply.message, f"music:say.1:3:{picks[0]}")
        saved = await answer_to(await ben.submit(await ben.click(reply.message, "Save list"), name="Mine"))
        assert saved.content == "Saved 4 tracks."
        await asyncio.sleep(60)
        for pick in picks[1:]:
            await ben.click(reply.message, f"music:say.1:2:{pick}")
            await asyncio.sleep(10)
        refused = await answer_to(await ben.submit(await ben.click(reply.message, "Save list"), name="Mine"))
        assert "nothing in that list that you haven't refused" in refused.content


def file(content, name="list.xspf"):
    return File(name, content.encode())


async def test_a_file_becomes_a_playlist_with_links_to_known_services_and_what_is_unread_is_told(clock, tmp_path):
    async with playing(clock, tmp_path, **NONE) as (_, steward, _, ada):
        told = await ada.run("/playlist import", file=file(XSPF))
        assert told.ephemeral
        assert told.content == ("Saved 2 of the 3 tracks in this file. Track 3 has neither an artist nor a title.")
        post = (await ada.run("/playlist share", name="from afar")).message
        said = post.embeds[0]["description"]
        assert "evil.example" not in said
        assert "://x.yz" not in said
        assert "@everyone" not in said
        assert "[listen](<https://www.deezer.com/track/1>)" in said
        _, exported = await file_of(await ada.run("/playlist export", name="from afar", format="xspf"))
        assert b"https://evil.example/x" in exported
        again = await ada.run("/playlist import", file=file(exported.decode()))
        assert again.content == "Saved 0 of the 2 tracks in this file. 2 tracks are in the playlist only once."
        await asyncio.sleep(60)
        told = await ada.run("/playlist import", file=file("#EXTM3U\n#EXTINF:1,Air - Moon\nmoon.mp3", "Road Trip.m3u8"))
        assert told.message.embeds[0]["title"] == "Road Trip"
        assert told.content.startswith("Saved 1 of the 1 track in this file. 1 of the tracks point to files")
        told = await ada.run("/playlist import", file=file("#EXTM3U\n#EXTINF:1,Air - Moon\nmoon.mp3"), name="Mine")
        assert told.message.embeds[0]["title"] == "Mine"
        assert await count(steward, "music_playlists") == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (XSPF.replace("<playlist", '<!DOCTYPE x [<!ENTITY a "b">]><playlist', 1), "This file has a document type"),
        (XSPF.replace("Air", "A\x07r"), "This file isn't well-formed XML: line 1"),
        ("x" * (256 * 1024 + 1), "This file is too large: I read up to 256 KiB."),
        ("", "I can't read this file as a playlist. I read JSPF, XSPF and M3U8."),
        (json.dumps({"playlist": {"track": []}}), "There's no track in this file."),
    ],
)
async def test_a_file_that_is_no_playlist_is_refused_and_leaves_nothing(clock, tmp_path, content, said):
    async with playing(clock, tmp_path, **NONE) as (_, steward, _, ada):
        assert (await ada.run("/playlist import", file=file(content))).content.startswith(said)
        assert await count(steward, "music_playlists") == 0
