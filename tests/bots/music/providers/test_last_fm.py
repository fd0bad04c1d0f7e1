"""Last.fm as it is known to answer: JSON made from XML, errors with status 200, and dates of 1970."""

import asyncio
import json

import pytest

from steward.bots.music.providers.answers import ArtistRef
from steward.bots.music.providers.failures import (
    KeyRefused,
    PrivateHistory,
    ProviderAway,
    ProviderResting,
    UnknownListener,
    UnreadablePage,
)
from steward.bots.music.providers.last_fm import LastFm
from steward.bots.music.providers.provider import Capability
from steward.errors import NotReady
from steward.settings.secret import Secret
from tests.bots.music.providers.fakes import (
    COVER,
    KEY,
    STAR,
    FakeLastFm,
    ago,
    alike,
    answers,
    hangs,
    page_of_html,
    scrobble,
    serving,
)


def last_fm(clock, fake, served, key=KEY):
    return LastFm(served.http, clock, served.caches, Secret(key), address=f"{fake.url}/2.0/")


async def whole_history(provider, listener, **how):
    """All pages, one after the other."""
    pages, cursor = [], ""
    while not pages or cursor:
        pages.append(await provider.listens(listener, cursor=cursor, **how))
        cursor = pages[-1].cursor
    return pages


@pytest.mark.parametrize("count", [0, 1, 2])
async def test_a_list_an_object_and_a_missing_key_are_as_many_tracks(clock, count):
    fake = FakeLastFm(clock)
    fake.heard["ada"] = fake.loved["ada"] = [scrobble("Air", f"Song {n}", ago(clock, days=n + 1)) for n in range(count)]
    async with serving(clock, fake) as served:
        provider = last_fm(clock, fake, served)
        page = await provider.listens("Ada")
        assert [one.track.title for one in page.listens] == [f"Song {n}" for n in range(count)]
        assert (page.cursor, page.skipped) == ("", 0)
        loved = await provider.loved_tracks("ada")
        assert len(loved.value) == count
        assert await provider.now_playing("ada") == (None, "Last.fm", loved.told_ms)


async def test_what_plays_now_is_no_listen_and_comes_beyond_the_limit(clock):
    fake = FakeLastFm(clock)
    fake.heard["ada"] = [scrobble("Air", f"Song {n}", ago(clock, minutes=n + 1)) for n in range(5)]
    fake.playing["ada"] = scrobble("Moby", "Porcelain")
    async with serving(clock, fake) as served:
        provider = last_fm(clock, fake, served)
        pages = await whole_history(provider, "ada", limit=2)
        heard = [one.track.title for page in pages for one in page.listens]
        assert heard == [f"Song {n}" for n in range(5)]
        assert sum(page.skipped for page in pages) == 0
        playing = (await provider.now_playing("ada")).value
        assert (playing.artist.name, playing.title, playing.picture) == ("Moby", "Porcelain", COVER)


async def test_pages_stay_the_same_while_somebody_listens_on(clock):
    fake = FakeLastFm(clock)
    fake.heard["ada"] = [scrobble("Air", f"Song {n}", ago(clock, minutes=n + 1)) for n in range(5)]
    async with serving(clock, fake) as served:
        provider = last_fm(clock, fake, served)
        first = await provider.listens("ada", limit=2)
        fake.heard["ada"].insert(0, scrobble("Moby", "New", ago(clock, minutes=0) + 60))
        second = await provider.listens("ada", limit=2, cursor=first.cursor)
        assert [one.track.title for one in second.listens] == ["Song 2", "Song 3"]


async def test_dates_of_1970_and_of_the_future_are_no_listens_and_move_no_cursor(clock):
    fake = FakeLastFm(clock)
    real = ago(clock, hours=1)
    dates = (ago(clock, days=-30_000), real, 0, -86_400, 1000)
    fake.heard["ada"] = [scrobble("Air", f"At {at}", at) for at in dates]
    rows = [
        *fake.heard["ada"],
        scrobble("Air", "undated", 1, date=None),
        scrobble("Air", "odd", 1, date={"uts": "soon"}),
    ]
    async with serving(clock, fake) as served:
        provider = last_fm(clock, fake, served)
        (page,) = await whole_history(provider, "ada")
        assert [one.at for one in page.listens] == [real]
        fake.trouble = [answers({"recenttracks": {"track": rows, "@attr": {"totalPages": "1"}}})]  # minds no dates
        page = await provider.listens("ada")
        assert ([one.at for one in page.listens], page.skipped) == ([real], 6)


async def test_only_what_is_new_is_asked_for(clock):
    fake = FakeLastFm(clock)
    fake.heard["ada"] = [scrobble("Air", f"Song {n}", ago(clock, days=n + 1)) for n in range(5)]
    async with serving(clock, fake) as served:
        (page,) = await whole_history(last_fm(clock, fake, served), "ada", since=ago(clock, days=2))
        assert [one.track.title for one in page.listens] == ["Song 0", "Song 1"]


@pytest.mark.parametrize(
    "artist",
    [
        "Röyksopp",
        {"#text": "Röyksopp", "mbid": ""},
        {"name": "Röyksopp", "mbid": "", "url": "https://www.last.fm/music/x", "image": []},
    ],
)
async def test_an_artist_is_an_object_or_a_text(clock, artist):
    fake = FakeLastFm(clock)
    fake.heard["ada"] = [scrobble("", "Eple", ago(clock, days=1), artist=artist)]
    async with serving(clock, fake) as served:
        (one,) = (await last_fm(clock, fake, served).listens("ada")).listens
        assert one.track.artist == ArtistRef("Röyksopp")


async def test_the_star_is_no_picture_and_no_picture_is_no_error(clock):
    fake = FakeLastFm(clock)
    day = ago(clock, days=1)
    images = [None, "", [], {"#text": COVER}, [{"#text": COVER}, {"#text": STAR}], "x"]
    fake.heard["ada"] = [
        scrobble("Air", "a", day, picture=STAR),
        scrobble("Air", "b", day, picture=""),
        *(scrobble("Air", "c", day, image=image) for image in images),
    ]
    async with serving(clock, fake) as served:
        page = await last_fm(clock, fake, served).listens("ada")
        assert [one.track.picture for one in page.listens] == ["", "", "", "", "", COVER, COVER, ""]


async def test_titles_stay_in_their_own_script_without_control_characters(clock):
    fake = FakeLastFm(clock)
    names = ["東京事変", "Молчат Дома", "فيروز", "`@everyone`", "_Björk_", "AC/DC", "🦦", "a\u202eb"]
    fake.heard["ada"] = [scrobble(name, f"{name}\x00 \x1b[31mred\r\nline", ago(clock, days=1)) for name in names]
    async with serving(clock, fake) as served:
        page = await last_fm(clock, fake, served).listens("ada")
        assert [one.track.artist.name for one in page.listens] == names
        assert [one.track.title for one in page.listens] == [f"{name} [31mred line" for name in names]


async def test_control_characters_that_no_json_may_have_cost_no_page(clock):
    fake = FakeLastFm(clock)
    rows = [scrobble("Air", "TITLE", ago(clock, days=1))]
    body = json.dumps({"recenttracks": {"track": rows, "@attr": {"totalPages": "1"}}})
    fake.trouble = [answers(body.replace("TITLE", "a\x01b\tc"))]
    async with serving(clock, fake) as served:
        (one,) = (await last_fm(clock, fake, served).listens("ada")).listens
        assert one.track.title == "ab c"


async def test_a_page_that_cannot_be_read_loses_that_page_and_not_the_import(clock):
    fake = FakeLastFm(clock)
    fake.heard["ada"] = [scrobble("Air", f"Song {n}", ago(clock, minutes=n + 1)) for n in range(6)]
    async with serving(clock, fake) as served:
        provider = last_fm(clock, fake, served)
        first = await provider.listens("ada", limit=2)
        fake.trouble = answers('{"recenttracks": {"track": [{"name": "cut o')
        with pytest.raises(UnreadablePage) as lost:
            await provider.listens("ada", limit=2, cursor=first.cursor)
        fake.trouble = []
        last = await provider.listens("ada", limit=2, cursor=lost.value.cursor)
        assert [one.track.title for one in last.listens] == ["Song 4", "Song 5"]
        assert (last.cursor, provider.problem) == ("", "")


@pytest.mark.parametrize(
    "trouble",
    [
        answers({"error": 8, "message": "Operation failed - Most likely the backend service failed."}),
        answers({"error": 8, "message": "Operation failed"}, 500),
        answers({"error": 16, "message": "temporary"}),
        answers({"error": 11, "message": "Service Offline"}, 503),
        answers("", 500),
        page_of_html,
        answers(""),
        hangs,
        answers('{"recenttracks": {"track": [{'),
    ],
)
async def test_what_passes_in_the_middle_of_an_import_is_tried_again(clock, trouble):
    fake = FakeLastFm(clock)
    fake.heard["ada"] = [scrobble("Air", f"Song {n}", ago(clock, minutes=n + 1)) for n in range(4)]
    async with serving(clock, fake) as served:
        provider = last_fm(clock, fake, served)
        first = await provider.listens("ada", limit=2)
        fake.trouble = [trouble, trouble]
        second = await provider.listens("ada", limit=2, cursor=first.cursor)
        assert [one.track.title for one in second.listens] == ["Song 2", "Song 3"]
        assert len(fake.asked) == 4


async def test_an_import_that_is_broken_off_goes_on_at_the_same_page(clock):
    fake = FakeLastFm(clock)
    fake.heard["ada"] = [scrobble("Air", f"Song {n}", ago(clock, minutes=n + 1)) for n in range(4)]
    async with serving(clock, fake) as served:
        provider = last_fm(clock, fake, served)
        first = await provider.listens("ada", limit=2)
        fake.trouble = answers({"error": 8, "message": "Operation failed"}, 500)
        with pytest.raises(ProviderAway):
            await provider.listens("ada", limit=2, cursor=first.cursor)
        fake.trouble = []
        await asyncio.sleep(60)  # so that all of it is within the limits of a second, however short the pauses were
        again = last_fm(clock, fake, served)  # another process
        assert len((await again.listens("ada", limit=2, cursor=first.cursor)).listens) == 2


@pytest.mark.parametrize("status", [200, 403])
async def test_a_hidden_history_is_said_with_the_switch(clock, status):
    fake = FakeLastFm(clock)
    fake.private.add("ada")
    async with serving(clock, fake) as served:
        provider = last_fm(clock, fake, served)
        for ask in (provider.listens, provider.now_playing, provider.loved_tracks):
            fake.trouble = [answers({"error": 17, "message": "Login: User required to be logged in"}, status)]
            with pytest.raises(PrivateHistory) as hidden:
                await ask("ada")
            assert "Your listening is private on Last.fm" in str(hidden.value)
            assert "“Hide recent listening information” at https://www.last.fm/settings/privacy" in str(hidden.value)
        assert len(fake.asked) == 3, "it isn't tried again"
        assert provider.problem == ""


@pytest.mark.parametrize("name", ["nobody", "..", "", "a/b", "a?api_key=b", "x" * 200, "a\x00b", " "])
async def test_a_listener_who_does_not_exist_is_said_by_name(clock, name):
    fake = FakeLastFm(clock)
    async with serving(clock, fake) as served:
        provider = last_fm(clock, fake, served)
        with pytest.raises(UnknownListener, match=r"Last\.fm doesn't know anybody called"):
            await provider.listens(name)
        assert len(fake.asked) == (name == "nobody")


async def test_what_somebody_else_hears_is_never_taken_for_a_listener_s_own(clock):
    fake = FakeLastFm(clock)
    row = scrobble("Air", "Sexy Boy", ago(clock, days=1))
    fake.trouble = answers({"recenttracks": {"track": row, "@attr": {"user": "bob", "totalPages": "1"}}})
    async with serving(clock, fake) as served:
        with pytest.raises(ProviderAway, match="somebody else"):
            await last_fm(clock, fake, served).listens("ada")


async def test_similar_artists_have_scores_though_they_are_texts(clock):
    fake = FakeLastFm(clock)
    fake.similar["air"] = [alike("Zero 7", "0.71"), alike("AIR", "1"), alike("Röyksopp", "1"), alike("zero 7", "0.5"),
                           alike("", "0.9"), alike("Odd", "x"), alike("Much", "7")]  # fmt: skip
    async with serving(clock, fake) as served:
        provider = last_fm(clock, fake, served)
        found = await provider.similar_artists(ArtistRef("Air"))
        assert [(one.artist.name, one.score) for one in found.value] == [
            ("Röyksopp", 1.0),
            ("Much", 1.0),
            ("Zero 7", 0.71),
            ("Odd", 0.0),
        ]
        assert found.source == "Last.fm"
        fake.similar["one"] = [alike("Only", "0.4")]
        assert len((await provider.similar_artists(ArtistRef("One"))).value) == 1


async def test_an_artist_nobody_knows_has_nothing_similar_and_no_tags(clock):
    fake = FakeLastFm(clock)
    async with serving(clock, fake) as served:
        provider = last_fm(clock, fake, served)
        for name in ("Nobody At All", "", "   ", "🦦", "!!!"):
            assert (await provider.similar_artists(ArtistRef(name))).value == ()
            assert (await provider.artist_tags(ArtistRef(name))).value == ()


@pytest.mark.parametrize("body", [{}, {"similarartists": None}, {"similarartists": "\n"}, {"similarartists": []}, []])
async def test_empty_and_missing_keys_are_no_similar_artists(clock, body):
    fake = FakeLastFm(clock)
    fake.trouble = answers(body)
    async with serving(clock, fake) as served:
        assert (await last_fm(clock, fake, served).similar_artists(ArtistRef("Air"))).value == ()


async def test_tags_come_with_counts_as_numbers_or_texts(clock):
    fake = FakeLastFm(clock)
    tags = [("chillout", 70), ("Electronic", "100"), ("none", 0), ("", 5), ("odd", None)]
    fake.tags["air"] = [{"name": name, "count": count, "url": "https://www.last.fm/tag/x"} for name, count in tags]
    async with serving(clock, fake) as served:
        found = await last_fm(clock, fake, served).artist_tags(ArtistRef("Air"))
        assert found.value == (("Electronic", 100), ("chillout", 70))


async def test_an_artist_renamed_by_a_correction_is_one_artist(clock):
    fake = FakeLastFm(clock)
    fake.corrections["guns and roses"] = "Guns N' Roses"
    fake.similar["guns n' roses"] = [alike("Aerosmith", "0.9")]
    async with serving(clock, fake) as served:
        provider = last_fm(clock, fake, served)
        corrected = (await provider.corrected_artist(ArtistRef("Guns and Roses"))).value
        assert (corrected.name, corrected.key) == ("Guns N' Roses", corrected.mbid)
        assert (await provider.corrected_artist(ArtistRef("Air"))).value == ArtistRef("Air")
        assert len((await provider.similar_artists(ArtistRef("guns and roses"))).value) == 1


async def test_search_finds_artists_without_the_star(clock):
    fake = FakeLastFm(clock)
    fake.tags |= {"air": [], "air supply": []}
    async with serving(clock, fake) as served:
        provider = last_fm(clock, fake, served)
        found = (await provider.find_artists("AIR")).value
        assert [(one.artist.name, one.picture) for one in found] == [("air", ""), ("air supply", "")]
        assert [one.artist.name for one in (await provider.find_artists("supply")).value] == ["air supply"]
        assert (await provider.find_artists("nobody")).value == ()


async def test_a_key_that_is_refused_rests_for_an_hour_and_a_suspended_one_for_a_day(clock):
    fake = FakeLastFm(clock)
    async with serving(clock, fake) as served:
        provider = last_fm(clock, fake, served, key="another-key-of-nobody")
        for _ in range(3):
            with pytest.raises(KeyRefused, match="STEWARD_LASTFM_KEY") as refused:
                await provider.artist_tags(ArtistRef("Air"))
            assert "another-key" not in str(refused.value)
            assert "operator" in refused.value.for_members
        assert len(fake.asked) == 1
        assert "refuses the key (error 10)" in provider.problem
        served.caches.api_responses.delete_prefix("")
        provider = last_fm(clock, fake, served)
        fake.trouble = [answers({"error": 26, "message": "Suspended API key"}, 403)]
        with pytest.raises(KeyRefused, match="error 26"):
            await provider.artist_tags(ArtistRef("Air"))
        assert provider._calls._rests_for() == pytest.approx(86_400)


async def test_it_sends_five_requests_a_second(clock):
    fake = FakeLastFm(clock)
    async with serving(clock, fake) as served:
        provider = last_fm(clock, fake, served)
        fake.heard["ada"] = [scrobble("Air", f"Song {n}", ago(clock, minutes=n + 1)) for n in range(24)]
        await whole_history(provider, "ada", limit=2)
        assert (len(fake.asked), provider.requests) == (12, 12), "none was refused"
        assert fake.at[-1] - fake.at[0] >= 2


@pytest.mark.parametrize("status", [200, 429])
async def test_over_its_rate_it_is_left_alone_for_a_while(clock, status):
    fake = FakeLastFm(clock)
    fake.trouble = [answers({"error": 29, "message": "Rate Limit Exceeded"}, status)]
    fake.tags["air"] = []
    async with serving(clock, fake) as served:
        provider = last_fm(clock, fake, served)
        with pytest.raises(ProviderResting, match=r"Last\.fm takes no more requests for 10 s"):
            await provider.artist_tags(ArtistRef("Air"))
        with pytest.raises(ProviderResting):
            await provider.artist_tags(ArtistRef("Air"))
        assert (len(fake.asked), provider.problem) == (1, "")


async def test_web_pages_in_place_of_data_open_the_circuit(clock):
    fake = FakeLastFm(clock)
    fake.trouble = page_of_html
    async with serving(clock, fake) as served:
        provider = last_fm(clock, fake, served)
        for _ in range(10):
            with pytest.raises(NotReady):
                await provider.similar_artists(ArtistRef("Air"))
        assert len(fake.asked) == 5
        assert provider.problem == "Last.fm is down: Last.fm answers with a web page in place of data."


def test_it_says_what_it_offers(clock):
    calls = {"listens", "now_playing", "loved_tracks", "similar_artists", "artist_tags", "corrected_artist"}
    offers = LastFm(None, clock, None, Secret(KEY)).offers
    assert offers == {Capability(name) for name in (*calls, "find_artists")}
