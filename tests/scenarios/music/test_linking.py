"""`/music link` on the whole product: what was heard elsewhere is imported page by page, and goes when unlinked."""

import asyncio
from datetime import timedelta

import pytest

from steward.bots.music.taste.links import UPDATE_EVERY
from steward.bots.music.taste.members import listener_of
from steward.bots.music.taste.wanted import wanted_of
from tests.bots.music.providers.fakes import KEY, ago, answers, listen, page_of_html, scrobble
from tests.scenarios.music.services import count, history, imported, jukebox, own_link, playing
from tests.scenarios.test_privacy import texts_with
from tests.stage import admin, until


def fields(reply):
    return {field["name"]: field["value"] for field in reply.embeds[0]["fields"]}


async def test_an_account_is_linked_imported_shown_and_unlinked(clock, tmp_path):
    async with playing(clock, tmp_path) as (_, steward, found, ada):
        found.last_fm.heard["ada_l"] = history(clock, 450)
        linked = await ada.run("/music link", service="lastfm", name="ada_l")
        assert linked.ephemeral
        for said in ("Linked to **ada\\_l** at Last.fm", "last 400 days", "I keep the artist, the title and the time",
                     "Nobody here sees it", "`/music unlink` deletes"):  # fmt: skip
            assert said in linked.content
        link = await imported(steward, ada)
        assert (link.listens, link.pages, link.problem) == (450, 3, "")
        assert await count(steward, "music_listens") == 450
        shown = fields(await ada.run("/music show"))
        assert shown["What I know"] == "7 artists, 450 tracks heard"
        assert "Up to date as of <t:" in shown["Account"]
        assert shown["Members of this server"] == "can't see it"
        wanted = await steward.store.read(lambda tx: wanted_of(tx, listener_of(tx, ada.id)))
        assert len(wanted.profile) == 7
        told = await ada.run("/music unlink")
        assert (
            told.content
            == "I don't look at **ada\\_l** at Last.fm any more, and I've deleted 450 tracks that you heard."
        )
        assert [await count(steward, table) for table in ("music_listens", "music_links", "music_listening")] == [
            0,
            0,
            0,
        ]
        assert (await ada.run("/music unlink")).content == "You haven't linked an account. `/music link` links one."
        asked = len(found.last_fm.asked)
        await asyncio.sleep(2 * UPDATE_EVERY.total_seconds())
        assert len(found.last_fm.asked) == asked


async def test_what_is_heard_later_comes_by_itself_and_once(clock, tmp_path):
    async with playing(clock, tmp_path) as (_, steward, found, ada):
        found.listenbrainz.heard["ada"] = [listen("Air", f"Song {n}", ago(clock, hours=n + 1)) for n in range(30)]
        await ada.run("/music link", service="listenbrainz", name="ada")
        await imported(steward, ada)
        late = listen("Moby", "Told late", ago(clock, hours=12))
        found.listenbrainz.heard["ada"].insert(11, late)
        await asyncio.sleep(3600)
        found.listenbrainz.heard["ada"].insert(0, listen("Moby", "New", ago(clock, minutes=5)))
        await asyncio.sleep(UPDATE_EVERY.total_seconds())
        await until(lambda: True)
        link = await imported(steward, ada)
        assert link.listens == 2
        assert await count(steward, "music_listens") == 32


async def test_dates_of_1970_and_of_2099_move_no_cursor(clock, tmp_path):
    async with playing(clock, tmp_path) as (_, steward, found, ada):
        odd = [scrobble("Air", "Odd", at) for at in (4_070_908_800, 7, 0)]
        found.last_fm.heard["ada"] = [odd[0], *history(clock, 10), *odd[1:]]
        newest = ago(clock, hours=1)
        await ada.run("/music link", service="lastfm", name="ada")
        link = await imported(steward, ada)
        assert (link.known_until, link.listens) == (newest, 10)
        found.last_fm.heard["ada"].insert(1, scrobble("Air", "After", ago(clock, minutes=-10)))
        await asyncio.sleep(UPDATE_EVERY.total_seconds() + 60)
        assert (await imported(steward, ada)).known_until == ago(clock, seconds=UPDATE_EVERY.total_seconds() + 60 - 600)
        assert await count(steward, "music_listens") == 11


async def test_a_hidden_history_and_an_unknown_name_are_a_sentence_and_no_link(clock, tmp_path):
    async with playing(clock, tmp_path) as (_, steward, found, ada):
        found.last_fm.private.add("ada")
        told = await ada.run("/music link", service="lastfm", name="ada")
        assert "Your listening is private on Last.fm" in told.content
        assert "switch off “Hide recent listening information” at https://www.last.fm/settings/privacy" in told.content
        assert (
            "doesn't know anybody called “nobody”"
            in (await ada.run("/music link", service="lastfm", name="nobody")).content
        )
        for name in ("../../x", "@everyone", "a/b?c#d"):
            told = await ada.run("/music link", service="listenbrainz", name=name)
            assert "doesn't know anybody" in told.content
            await asyncio.sleep(20)
        assert await own_link(steward, ada) is None
        assert await count(steward, "music_members") == 0


async def test_a_history_that_is_hidden_later_says_so_and_what_is_kept_stays(clock, tmp_path):
    async with playing(clock, tmp_path) as (_, steward, found, ada):
        found.last_fm.heard["ada"] = history(clock, 20)
        await ada.run("/music link", service="lastfm", name="ada")
        await imported(steward, ada)
        found.last_fm.private.add("ada")
        await asyncio.sleep(UPDATE_EVERY.total_seconds() + 60)
        shown = fields(await ada.run("/music show"))
        assert "⚠️ Your listening is private on Last.fm" in shown["Account"]
        assert "20 tracks heard" in shown["What I know"]
        assert await steward.problems.now() == []


@pytest.mark.parametrize("trouble", [page_of_html, answers({"error": 8, "message": "Operation failed"}, 500)],
                         ids=["a web page", "error 8"])  # fmt: skip
async def test_an_import_that_breaks_goes_on_at_its_page_once_the_service_is_back(clock, tmp_path, trouble):
    async with playing(clock, tmp_path) as (_, steward, found, ada):
        fake = found.last_fm
        fake.heard["ada"] = history(clock, 1000)

        def breaks_at_three(request):
            return trouble(request) if request.query.get("page") == "3" else fake.answer(request)

        fake.trouble = breaks_at_three
        await ada.run("/music link", service="lastfm", name="ada")
        await asyncio.sleep(1200)
        link = await own_link(steward, ada)
        assert (link.imported_ms, link.listens) == (None, 400)
        assert "Last.fm" in link.problem
        shown = fields(await ada.run("/music show"))["Account"]
        assert "The import goes on by itself: 400 tracks so far." in shown
        fake.trouble = []
        link = await imported(steward, ada, within=4000)
        assert (link.listens, link.problem) == (1000, "")
        pages = [request.query.get("page") for request in fake.asked if request.query.get("limit") == "200"]
        assert pages[:2] == ["1", "2"]
        assert set(pages[2:-3]) <= {"3"}, "no page is read again"
        assert pages[-3:] == ["3", "4", "5"]


async def test_one_page_that_cannot_be_read_costs_that_page(clock, tmp_path):
    async with playing(clock, tmp_path) as (_, steward, found, ada):
        fake = found.last_fm
        fake.heard["ada"] = history(clock, 500)
        garbled = answers('{"recenttracks": {"track": [}')
        fake.trouble = lambda request: garbled(request) if request.query.get("page") == "2" else fake.answer(request)
        await ada.run("/music link", service="lastfm", name="ada")
        link = await imported(steward, ada)
        assert (link.listens, link.skipped) == (300, 200)
        assert "200 entries had no date" in fields(await ada.run("/music show"))["Account"]


async def test_an_account_is_linked_while_its_service_is_down_and_imported_once_it_is_back(clock, tmp_path):
    async with playing(clock, tmp_path) as (_, steward, found, ada):
        found.last_fm.heard["ada"] = history(clock, 5)
        found.down(page_of_html)
        told = await ada.run("/music link", service="lastfm", name="ada")
        assert "Last.fm doesn't answer just now" in told.content
        await asyncio.sleep(300)
        assert "⚠️" in fields(await ada.run("/music show"))["Account"]
        found.down([])
        assert (await imported(steward, ada, within=4000)).listens == 5


async def test_an_import_goes_on_after_a_restart(clock, tmp_path):
    async with jukebox(clock, tmp_path) as (scene, found):
        fake = found.last_fm
        fake.heard["ada"] = history(clock, 700)
        fake.trouble = lambda request: (
            page_of_html(request) if request.query.get("page") == "2" else fake.answer(request)
        )
        async with scene.steward() as steward:
            await admin(scene, steward)
            ada = scene.guild.join("ada")
            await ada.run("/music link", service="lastfm", name="ada")
            await asyncio.sleep(60)
        fake.trouble = []
        async with scene.steward() as steward:
            link = await imported(steward, ada)
            assert link.listens == 700
        pages = [request.query.get("page") for request in fake.asked if request.query.get("limit") == "200"]
        assert pages.count("1") == 1


async def test_an_account_at_a_service_that_is_not_set_up_is_refused_with_what_is(clock, tmp_path):
    async with playing(clock, tmp_path, STEWARD_MUSIC_SERVICES="lastfm") as (*_, ada):
        told = await ada.run("/music link", service="listenbrainz", name="ada")
        assert told.content == "ListenBrainz isn't set up for this bot. Use Last.fm."
    async with playing(clock, tmp_path / "b", STEWARD_MUSIC_SERVICES="none") as (*_, ada):
        told = await ada.run("/music link", service="lastfm", name="ada")
        assert told.content.endswith("`/music artists` works without any account.")


async def test_another_account_takes_the_place_of_the_first(clock, tmp_path):
    async with playing(clock, tmp_path) as (_, steward, found, ada):
        found.last_fm.heard |= {"ada": history(clock, 20), "ben": history(clock, 3, "Moby")}
        await ada.run("/music link", service="lastfm", name="ada")
        await imported(steward, ada)
        await ada.run("/music link", service="lastfm", name="ben")
        assert await imported(steward, ada)
        assert await count(steward, "music_listens") == 3
        assert await count(steward, "music_listening") == 3


async def test_artists_that_only_services_know_are_named_too(clock, tmp_path):
    async with playing(clock, tmp_path) as (_, _, found, ada):
        found.musicbrainz.artists.append(
            {"id": "6d8f6d4e-0000-4000-8000-000000000001", "name": "風の駅員", "score": 100}
        )
        told = await ada.run("/music artists", first="風の駅員")
        assert told.content == "Got it. I'll go by **風の駅員**."
        found.down(page_of_html)
        told = await ada.run("/music artists", first="Somebody Else")
        assert "I know no artist “Somebody Else”" in told.content
        assert (await ada.run("/music artists", first="風の駅員")).content.startswith("Got it.")


async def test_no_key_and_no_history_is_anywhere_after_it_is_forgotten(clock, tmp_path):
    async with playing(clock, tmp_path) as (_, steward, found, ada):
        found.last_fm.heard["ada_secretly"] = [scrobble("Air", "A very own song", ago(clock, hours=2))]
        await ada.run("/music link", service="lastfm", name="ada_secretly")
        await imported(steward, ada)
        await ada.run("/music sharing", visible=True)
        done = await ada.click(await ada.run("/music forget"), "Delete")
        assert "5 rows" in done.content, done.content
        assert await steward.store.read(lambda tx: tx.all("SELECT kind FROM due WHERE kind <> 'music_learn'")) == []
        assert await texts_with(steward, "A very own song", "ada_secretly", str(ada.id), KEY) == {}


async def test_what_a_member_hears_is_learnt_from_within_minutes_not_in_the_night(clock, tmp_path):
    async with playing(clock, tmp_path) as (_, steward, found, ada):
        found.last_fm.heard["ada"] = history(clock, 20)
        await ada.run("/music link", service="lastfm", name="ada")
        await imported(steward, ada)
        began = clock.now()
        while not await count(steward, "music_audience"):
            await asyncio.sleep(10)
        assert clock.now() - began < timedelta(minutes=5)
