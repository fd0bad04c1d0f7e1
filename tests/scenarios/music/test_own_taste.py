"""`/music` on the whole product: artists that are named, who may see it, and how it is forgotten."""

import asyncio
from functools import partial

from steward.bots.music.catalogue.invented import invented_catalogue
from steward.bots.music.catalogue.keeping import keep_artists
from steward.bots.music.taste.members import listener_of
from steward.bots.music.taste.sharing import shares_taste
from steward.bots.music.taste.wanted import wanted_of
from tests.parts import music_of
from tests.stage import CONTACT, QUIET, admin, stage

MUSIC = {"STEWARD_BOTS": "music", **CONTACT, **QUIET}


async def invented(steward):
    """Keep an invented catalogue, and return its artists' names by their numbers."""
    artists = invented_catalogue(artists=300, listeners=40).artists
    numbers = await steward.store.write(partial(keep_artists, told=artists))
    return dict(zip(numbers, (one.name for one in artists), strict=True))


async def test_three_artists_are_named_from_the_list_and_without_it(clock, tmp_path):
    async with stage(clock, tmp_path, **MUSIC) as scene, scene.steward() as steward:
        await admin(scene, steward)
        names = await invented(steward)
        ada = scene.guild.join("ada")
        plain = [(number, name) for number, name in names.items() if name.isascii() and name.isalpha()][:3]
        (first, name), (second, other), (third, last) = plain
        offered = (await ada.autocomplete("/music artists", first=name[:3])).choices
        assert name in offered
        told = await ada.run("/music artists", first=f"artist:{first}", second=other.upper())
        assert (told.ephemeral, told.content) == (True, f"Got it. I'll go by **{name}** and **{other}**.")
        told = await ada.run("/music artists", first=last)
        assert last in told.content
        wanted = await steward.store.read(lambda tx: wanted_of(tx, listener_of(tx, ada.id)))
        assert {*wanted.profile} == {first, second, third}
        unknown = await ada.run("/music artists", first="@everyone `nobody`")
        assert unknown.content.startswith("I know no artist “@\u200beveryone \\`nobody\\`”. Pick one")
        assert unknown.ephemeral


async def test_a_taste_is_hidden_until_it_is_shared_and_forgotten_with_a_count(clock, tmp_path):
    async with stage(clock, tmp_path, **MUSIC) as scene, scene.steward() as steward:
        await admin(scene, steward)
        names = await invented(steward)
        ada = scene.guild.join("ada")
        sharing = partial(shares_taste, guild_id=scene.guild.id, user_id=ada.id)
        await ada.run("/music artists", first=f"artist:{next(iter(names))}")
        assert not await steward.store.read(sharing)
        assert "can see what you hear" in (await ada.run("/music sharing", visible=True)).content
        assert await steward.store.read(sharing)
        assert "Nobody in this server sees" in (await ada.run("/music sharing", visible=False)).content
        assert not await steward.store.read(sharing)
        await asyncio.sleep(60)
        question = await ada.run("/music forget")
        assert (await ada.click(question, "Cancel")).content == "Okay, I've deleted nothing."
        done = await ada.click(await ada.run("/music forget"), "Delete")
        assert done.content == "Done, I've deleted all that I knew of your taste: 3 rows."
        again = await ada.click(await ada.run("/music forget"), "Delete")
        assert again.content == "I knew nothing of your taste in music."


async def test_the_channels_of_music_are_chosen_in_setup(clock, tmp_path):
    async with stage(clock, tmp_path, **MUSIC) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        jukebox = scene.guild.add_text_channel("jukebox")
        panel = await olga.run("/setup", what="music")
        assert "**Music channels:** all" in (await olga.click(panel, "Save")).content
        panel = await olga.run("/setup", what="music")
        panel = await olga.select(panel, jukebox, menu="music:setup_channels.1")
        assert f"**Music channels:** <#{jukebox.id}>" in (await olga.click(panel, "Save")).content
        assert music_of(steward).section.of(scene.guild.id).channel_ids == (jukebox.id,)
