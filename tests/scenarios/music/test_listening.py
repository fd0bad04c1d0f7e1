"""`/taste`, `/top`, `/nowplaying` and `/match` on the whole product, with the services up, down, slow and hostile."""

import asyncio

import pytest

from steward.bots.music.catalogue.invented import HOSTILE
from tests.bots.music.providers.fakes import COVER, ago, hangs, listen, page_of_html, scrobble
from tests.bots.music.views.test_names import MENTION
from tests.scenarios.music.services import history, imported, playing
from tests.stage import admin

WITHIN = 3.0
HARMLESS = ("https://lastfm", "https://www.last.fm", "https://musicbrainz")


def said(reply):
    (embed,) = reply.embeds
    return "\n".join(
        [embed.get("description", ""), *(f"{one['name']}: {one['value']}" for one in embed.get("fields", []))]
    )


async def linked(steward, found, member, name="ada", tracks=None, *, share=True):
    found.last_fm.heard.setdefault(name, tracks or [])
    await member.run("/music link", service="lastfm", name=name)
    await imported(steward, member)
    if share:
        await member.run("/music sharing", visible=True)
    await asyncio.sleep(60)


async def test_what_is_heard_most_by_week_month_and_in_all(clock, tmp_path):
    async with playing(clock, tmp_path) as (_, steward, found, ada):
        old = [scrobble("Moby", "Porcelain", ago(clock, days=60, hours=n)) for n in range(9)]
        month = [scrobble("Air", "La femme d'argent", ago(clock, days=20, hours=n)) for n in range(5)]
        week = [scrobble("Kelela", "Take Me Apart", ago(clock, days=2, hours=n)) for n in range(3)]
        await linked(steward, found, ada, tracks=[*week, *month, *old])
        top = await ada.run("/top", period="week")
        assert said(top).startswith(f"**<@{ada.id}>'s top artists** in the last 7 days\n\n1. **Kelela** · 3 times")
        assert "-# 3 tracks heard. From Last.fm, as of <t:" in said(top)
        assert not top.ephemeral
        month_top = said(await ada.run("/top")).splitlines()
        assert month_top[2:4] == ["1. **Air** · 5 times", "2. **Kelela** · 3 times"]
        tracks = said(await ada.run("/top", period="all", what="tracks")).splitlines()
        assert tracks[2] == "1. **Porcelain** by Moby · 9 times"
        taste = said(await ada.run("/taste"))
        assert "17 tracks heard" in taste
        assert "Hears most: 1. **Moby** · 9 times" in taste


async def test_a_private_taste_is_shown_to_its_owner_alone(clock, tmp_path):
    async with playing(clock, tmp_path) as (scene, steward, found, ada):
        ben = scene.guild.join("ben")
        await linked(steward, found, ada, tracks=history(clock, 5), share=False)
        for command in ("/taste", "/top", "/nowplaying"):
            assert (await ada.run(command)).ephemeral, command
            refused = await ben.run(command, member=ada)
            assert refused.ephemeral
            assert refused.content == (
                f"<@{ada.id}> keeps their taste to themselves here. They can show it with `/music sharing`."
            )
        await asyncio.sleep(60)
        assert "Begin with `/music link`" in (await ben.run("/match", member=ada)).content
        await linked(steward, found, ben, name="ben", tracks=history(clock, 5), share=False)
        assert (await ben.run("/match", member=ada)).content.startswith("You keep your taste to yourself here.")
        await ben.run("/music sharing", visible=True)
        assert "keeps their taste to themselves" in (await ben.run("/match", member=ada)).content
        await ada.run("/music sharing", visible=True)
        assert "100% alike" in said(await ben.run("/match", member=ada))
        assert not (await ben.run("/top", member=ada)).ephemeral
        await asyncio.sleep(60)
        await ada.run("/music sharing", visible=False)
        assert "keeps their taste to themselves" in (await ben.run("/taste", member=ada)).content


async def test_what_plays_now_is_told_with_its_source_and_age(clock, tmp_path):
    async with playing(clock, tmp_path) as (_, steward, found, ada):
        await linked(steward, found, ada, tracks=history(clock, 5))
        found.last_fm.playing["ada"] = scrobble("Moby", "Porcelain")
        now = await ada.run("/nowplaying")
        assert said(now).startswith(f"<@{ada.id}> hears\n**Porcelain** by **Moby**\n-# From Last.fm, as of <t:")
        assert now.embeds[0]["thumbnail"]["url"] == COVER
        del found.last_fm.playing["ada"]
        await asyncio.sleep(60)
        last = said(await ada.run("/nowplaying"))
        assert last.startswith(f"<@{ada.id}> last heard\n**Song 0** by **Air 0**\n-# <t:")
        assert ":R>. From Last.fm, as of <t:" in last


@pytest.mark.parametrize("trouble", [page_of_html, hangs], ids=["web pages", "nothing"])
async def test_an_answer_comes_within_three_seconds_while_all_services_are_down_and_says_so(clock, tmp_path, trouble):
    async with playing(clock, tmp_path) as (scene, steward, found, ada):
        ben = scene.guild.join("ben")
        for member in (ada, ben):
            await linked(steward, found, member, name=member.name, tracks=history(clock, 5))
        found.down(trouble)
        for command, options in (
            ("/nowplaying", {}), ("/top", {}), ("/taste", {}), ("/match", {"member": ben}), ("/music show", {}),
            ("/music link", {"service": "listenbrainz", "name": "ada"}), ("/music artists", {"first": "Nobody Known"}),
        ):  # fmt: skip
            began = clock.monotonic()
            reply = await ada.run(command, **options)
            assert clock.monotonic() - began < WITHIN, command
            assert reply.embeds or reply.content, command
            if command == "/nowplaying":
                assert "last heard\n**Song 0**" in said(reply)
                assert any(why in said(reply) for why in ("Last.fm is slow.", "Last.fm answers with a web page"))
            await asyncio.sleep(30)


async def test_a_history_that_is_hidden_now_is_a_sentence_with_the_switch(clock, tmp_path):
    async with playing(clock, tmp_path) as (scene, steward, found, ada):
        ben = scene.guild.join("ben")
        await linked(steward, found, ada, tracks=history(clock, 5))
        found.last_fm.private.add("ada")
        told = await ada.run("/nowplaying")
        assert told.content.startswith(
            "Your listening is private on Last.fm, so I can't see it. To share it, switch off"
        )
        assert (await ben.run("/nowplaying", member=ada)).content == f"<@{ada.id}> hides what they hear at Last.fm."


async def test_titles_of_every_kind_ping_format_and_break_nothing(clock, tmp_path):
    async with playing(clock, tmp_path) as (_, steward, found, ada):
        tracks = [
            scrobble(name, title, ago(clock, hours=n + 1))
            for n, (name, title) in enumerate(zip(HOSTILE, HOSTILE[::-1], strict=True))
        ]
        await linked(steward, found, ada, tracks=tracks)
        shown = []
        for n, name in enumerate(HOSTILE[:12]):
            found.last_fm.playing["ada"] = scrobble(name, HOSTILE[-1 - n], picture="javascript:alert(1)")
            await asyncio.sleep(30)
            shown.append(await ada.run("/nowplaying"))
        shown += [await ada.run("/top"), await ada.run("/top", what="tracks"), await ada.run("/taste")]
        for reply in shown:
            text = said(reply).replace(f"<@{ada.id}>", "").replace("<t:", "")
            assert not MENTION.search(text), text
            assert not reply.message.mentions
            assert "thumbnail" not in reply.embeds[0]
            assert len(text) < 4096


async def test_music_is_answered_for_all_in_chosen_channels_only(clock, tmp_path):
    async with playing(clock, tmp_path) as (scene, steward, found, ada):
        olga = await admin(scene, steward, "boss")
        jukebox, hall = (scene.guild.add_text_channel(name) for name in ("jukebox", "hall"))
        panel = await olga.run("/setup", what="music")
        await olga.click(await olga.select(panel, jukebox, menu="music:setup_channels.1"), "Save")
        await linked(steward, found, ada, tracks=history(clock, 5))
        refused = await ada.run("/top", hall)
        assert (refused.ephemeral, refused.content) == (True, f"Here I answer about music in <#{jukebox.id}> only.")
        assert said(await ada.run("/top", jukebox))
        assert (await ada.run("/music show", hall)).embeds
        assert (await ada.run("/playlist save", hall, name="Mine", what="month")).content == "Saved 5 tracks."
        assert (await ada.run("/playlist share", hall, name="Mine")).content == refused.content


async def test_fifteen_commands_a_minute_and_five_at_once(clock, tmp_path):
    async with playing(clock, tmp_path) as (_, steward, found, ada):
        await linked(steward, found, ada, tracks=history(clock, 5))
        quick = [await ada.run("/top") for _ in range(6)]
        assert [bool(reply.embeds) for reply in quick] == [True] * 5 + [False]
        assert quick[-1].ephemeral
        assert "too many commands" in quick[-1].content
        await asyncio.sleep(60)
        paced = []
        for _ in range(16):
            paced.append(await ada.run("/top"))
            await asyncio.sleep(2)
        assert [bool(reply.embeds) for reply in paced] == [True] * 15 + [False]


async def test_two_tastes_side_by_side_and_what_each_could_try(clock, tmp_path):
    async with playing(clock, tmp_path) as (scene, steward, found, ada):
        ben, bot = scene.guild.join("ben"), scene.sim.bot.user
        shared = [listen("Air", f"Song {n}", ago(clock, hours=n + 1)) for n in range(10)]
        found.listenbrainz.heard |= {
            "ada": [*shared, *(listen("Moby", f"Song {n}", ago(clock, hours=n + 20)) for n in range(10))],
            "ben": [*shared, *(listen("Kelela", f"Song {n}", ago(clock, hours=n + 20)) for n in range(10))],
        }
        for member in (ada, ben):
            await member.run("/music link", service="listenbrainz", name=member.name)
            await imported(steward, member)
            await member.run("/music sharing", visible=True)
        told = said(await ada.run("/match", member=ben))
        assert told.splitlines() == [
            f"<@{ada.id}> and <@{ben.id}>: **50% alike**",
            "Both hear: Air",
            f"To try: <@{ada.id}>: **Kelela**",
            f"To try: <@{ben.id}>: **Moby**",
        ]
        assert (await ada.run("/match", member=ada)).content.startswith("That's you.")
        await asyncio.sleep(60)
        assert (await ada.run("/match", member=bot)).content.startswith("Bots hear nothing.")
        ben.leave()
        assert "isn't in this server" in (await ada.run("/top", member=ben)).content


async def test_artists_that_were_named_are_a_taste_without_an_account(clock, tmp_path):
    async with playing(clock, tmp_path) as (_, _, found, ada):
        found.musicbrainz.artists = [{"id": f"6d8f6d4e-0000-4000-8000-00000000000{n}", "name": name, "score": 100}
                                     for n, name in enumerate(("Air", "Moby"))]  # fmt: skip
        assert (await ada.run("/taste")).content.startswith("I know nothing of your taste yet. Begin with")
        await ada.run("/music artists", first="Air")
        taste = await ada.run("/taste")
        assert taste.ephemeral
        assert "Named: Air" in said(taste)
        assert "No account is linked" in (await ada.run("/nowplaying")).content
        assert "Nothing in the last 30 days." in said(await ada.run("/top"))
