"""Deezer as it is known to answer: errors with status 200, and a quota among them."""

import asyncio

import pytest

from steward.bots.music.providers.answers import ArtistRef
from steward.bots.music.providers.deezer import Deezer
from steward.bots.music.providers.failures import CallRefused, ProviderAway, ProviderResting
from tests.bots.music.providers.fakes import FakeDeezer, answers, page_of_html, serving


def deezer(clock, fake, served):
    return Deezer(served.http, clock, served.caches, address=fake.url)


def french(clock):
    fake = FakeDeezer(clock)
    for ref, name in enumerate(["Air", "Air Supply", "Justice", "Cassius"], 1):
        fake.artist(ref, name)
    fake.related[1] = [4, 3, 1]
    return fake


async def test_search_finds_links_and_pictures(clock):
    fake = french(clock)
    fake.artist(9, "Airbag", picture_big="https://cdn-images.dzcdn.net/images/artist//500x500.jpg", picture=None)
    async with serving(clock, fake) as served:
        found = (await deezer(clock, fake, served).find_artists("air")).value
        assert [(one.artist.name, one.link) for one in found] == [
            ("Air", "https://www.deezer.com/artist/1"),
            ("Air Supply", "https://www.deezer.com/artist/2"),
            ("Airbag", "https://www.deezer.com/artist/9"),
        ]
        assert [bool(one.picture) for one in found] == [True, True, False], "it has an address for no picture, too"


async def test_similar_artists_are_those_of_the_artist_of_that_name(clock):
    fake = french(clock)
    async with serving(clock, fake) as served:
        provider = deezer(clock, fake, served)
        found = (await provider.similar_artists(ArtistRef("AIR"))).value
        assert [one.artist.name for one in found] == ["Cassius", "Justice"]
        assert 1 == found[0].score > found[1].score > 0
        for name in ("Ai", "Nobody", "", "🦦", "AC/DC"):
            assert (await provider.similar_artists(ArtistRef(name))).value == ()


async def test_a_quota_with_status_200_is_a_rate_limit_and_never_kept_as_nothing(clock):
    fake = french(clock)
    fake.trouble = [answers({"error": {"type": "Exception", "message": "Quota limit exceeded", "code": 4}})]
    async with serving(clock, fake) as served:
        provider = deezer(clock, fake, served)
        with pytest.raises(ProviderResting, match=r"Deezer takes no more requests for 5 s"):
            await provider.find_artists("air")
        with pytest.raises(ProviderResting):
            await provider.find_artists("air")
        assert (len(fake.asked), provider.problem) == (1, "")
        await asyncio.sleep(5)
        assert len((await provider.find_artists("air")).value) == 2


async def test_fifty_requests_in_five_seconds_are_not_exceeded(clock):
    fake = french(clock)
    async with serving(clock, fake) as served:
        provider = deezer(clock, fake, served)
        refused = 0
        for n in range(120):
            try:
                await provider.find_artists(f"artist {n}")
            except ProviderResting:
                refused += 1
                await asyncio.sleep(1)
        assert len(fake.asked) == 120 - refused
        assert refused < 12
        assert fake.at[-1] - fake.at[0] >= 5


@pytest.mark.parametrize("status", [200, 404])
async def test_no_data_is_nothing_and_other_errors_are_of_the_call(clock, status):
    fake = french(clock)
    async with serving(clock, fake) as served:
        provider = deezer(clock, fake, served)
        await provider.find_artists("air")
        fake.trouble = [answers({"error": {"type": "DataException", "message": "no data", "code": 800}}, status)]
        assert (await provider.similar_artists(ArtistRef("Air"))).value == ()
        fake.trouble = [answers({"error": {"type": "ParameterException", "message": "x", "code": 500}}, status)]
        with pytest.raises(CallRefused, match=r"refuses this request \(500\)"):
            await provider.find_artists("moby")
        assert provider.problem == ""


@pytest.mark.parametrize("trouble", [page_of_html, answers("", 500), answers({"error": {"code": 700}})])
async def test_an_outage_is_no_answer(clock, trouble):
    fake = french(clock)
    fake.trouble = trouble
    async with serving(clock, fake) as served:
        provider = deezer(clock, fake, served)
        for _ in range(5):
            with pytest.raises(ProviderAway):
                await provider.find_artists("air")
        assert provider.problem.startswith("Deezer is down")


@pytest.mark.parametrize(
    "body",
    [{}, {"data": None}, {"data": {}}, {"data": ["x", None, 3, {"id": "x"}]}, {"data": {"name": ""}}],
)
async def test_empty_and_missing_keys_are_nothing(clock, body):
    fake = french(clock)
    fake.trouble = answers(body)
    async with serving(clock, fake) as served:
        provider = deezer(clock, fake, served)
        assert (await provider.find_artists("air")).value == ()
        assert (await provider.find_tracks("Air", "La Femme d'Argent")).value == ()


async def test_tracks_have_links_though_fields_are_missing(clock):
    fake = french(clock)
    album = {"title": "Moon Safari", "cover_big": "https://cdn-images.dzcdn.net/images/cover/1/500x500.jpg"}
    link = "https://www.deezer.com/track/1"
    whole = {"title": "Sexy Boy", "artist": {"name": "Air"}, "album": album, "link": link, "preview": ""}
    fake.tracks = [
        whole,
        {"title": "Bare", "artist": {"name": "Air"}, "link": "javascript:alert(1)"},
        {"title": "Nobody"},
    ]
    async with serving(clock, fake) as served:
        found = (await deezer(clock, fake, served).find_tracks('"Air"', "Sexy Boy")).value
        assert [(one.title, one.album, one.link) for one in found] == [
            ("Sexy Boy", "Moon Safari", link),
            ("Bare", "", ""),
        ]
        assert fake.asked[0].query["q"] == 'artist:"Air" track:"Sexy Boy"'
