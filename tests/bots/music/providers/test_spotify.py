"""Spotify as it is known to answer: a token an hour, ten hits at most, and hours to wait."""

import asyncio

import pytest

from steward.bots.music.providers.answers import ArtistRef
from steward.bots.music.providers.failures import KeyRefused, NotOffered, ProviderResting
from steward.bots.music.providers.spotify import Spotify
from steward.settings.secret import Secret
from tests.bots.music.providers.fakes import FakeSpotify, answers, serving

BARE = {"name": "Air", "id": "abc"}
WHOLE = {**BARE, "name": "AIR", "external_urls": {"spotify": "https://open.spotify.com/artist/abc"},
         "images": [{"url": "https://i.scdn.co/image/1", "height": 640}], "popularity": 60, "genres": []}  # fmt: skip


def spotify(clock, fake, served, secret=FakeSpotify.SECRET):
    how = {"address": fake.url, "accounts": fake.url}
    return Spotify(served.http, clock, served.caches, FakeSpotify.ID, Secret(secret), **how)


async def test_search_finds_links_with_one_token_for_an_hour(clock):
    fake = FakeSpotify(clock)
    fake.items["artist"] = [WHOLE, BARE, None, {}, "x"]
    async with serving(clock, fake) as served:
        provider = spotify(clock, fake, served)
        found = (await provider.find_artists("air")).value
        assert [(one.artist.name, one.link) for one in found] == [
            ("AIR", "https://open.spotify.com/artist/abc"),
            ("Air", ""),
        ]
        await asyncio.gather(*(provider.find_artists(f"air {n}") for n in range(5)))
        assert (len(fake.tokens), served.caches.counts["tokens"]) == (1, (5, 6))
        await asyncio.sleep(3600)
        await provider.find_artists("moby")
        assert len(fake.tokens) == 2


async def test_a_token_that_is_taken_back_is_asked_for_anew_once(clock):
    fake = FakeSpotify(clock)
    async with serving(clock, fake) as served:
        provider = spotify(clock, fake, served)
        await provider.find_artists("air")
        fake.tokens = dict.fromkeys(fake.tokens, 0.0)
        assert (await provider.find_artists("moby")).value == ()
        assert len(fake.tokens) == 2


async def test_tracks_have_links_though_fields_are_missing(clock):
    fake = FakeSpotify(clock)
    link = "https://open.spotify.com/track/1"
    fake.items["track"] = [
        {"name": "Sexy Boy", "artists": [BARE], "external_urls": {"spotify": link}, "album": None},
        {"name": "Nobody", "artists": []},
        {"name": None, "artists": [BARE]},
    ]
    async with serving(clock, fake) as served:
        found = (await spotify(clock, fake, served).find_tracks("Air", "Sexy Boy")).value
        assert [(one.artist.name, one.title, one.link) for one in found] == [("Air", "Sexy Boy", link)]


async def test_hours_to_wait_are_waited(clock):
    fake = FakeSpotify(clock)
    async with serving(clock, fake) as served:
        provider = spotify(clock, fake, served)
        await provider.find_artists("air")
        fake.trouble = [answers({"error": {"status": 429, "message": "…"}}, 429, Retry_After="18000")]
        with pytest.raises(ProviderResting, match="Spotify takes no more requests for 5 hours"):
            await provider.find_artists("moby")
        await asyncio.sleep(17_000)
        with pytest.raises(ProviderResting):
            await provider.find_artists("beck")
        assert len(fake.asked) == 3
        await asyncio.sleep(1000)
        assert (await provider.find_artists("beck")).value == ()


async def test_a_quota_that_does_not_say_how_long_rests_for_an_hour(clock):
    fake = FakeSpotify(clock)
    async with serving(clock, fake) as served:
        provider = spotify(clock, fake, served)
        fake.trouble = [answers({"error": {"status": 429, "message": "…", "reason": "QUOTA_EXCEEDED"}}, 429)]
        with pytest.raises(ProviderResting) as resting:
            await provider.find_artists("moby")
        assert resting.value.retry_after == 3600


async def test_a_secret_that_is_refused_is_said_to_the_operator_without_it(clock):
    fake = FakeSpotify(clock)
    async with serving(clock, fake) as served:
        provider = spotify(clock, fake, served, secret="another-secret")
        with pytest.raises(KeyRefused, match="STEWARD_SPOTIFY_CLIENT_SECRET") as refused:
            await provider.find_artists("air")
        assert "another-secret" not in str(refused.value)
        with pytest.raises(KeyRefused):
            await provider.find_artists("moby")
        assert len(fake.asked) == 1


@pytest.mark.parametrize("body", [{}, {"artists": None}, {"artists": {"items": None}}, {"artists": {"items": [None]}}])
async def test_empty_and_missing_keys_are_nothing(clock, body):
    fake = FakeSpotify(clock)
    async with serving(clock, fake) as served:
        provider = spotify(clock, fake, served)
        await provider.find_artists("x")
        fake.trouble = [answers(body)]
        assert (await provider.find_artists("air")).value == ()


async def test_it_recommends_nothing(clock):
    fake = FakeSpotify(clock)
    async with serving(clock, fake) as served:
        provider = spotify(clock, fake, served)
        assert {one.value for one in provider.offers} == {"find_artists", "find_tracks"}
        with pytest.raises(NotOffered, match="Spotify has no similar artists"):
            await provider.similar_artists(ArtistRef("Air"))
