"""What holds for every service: no key is ever shown, nobody waits long, and each answer says from where it is."""

import asyncio
import logging
import traceback

import pytest

from steward.bots.music.providers.answers import ArtistRef
from steward.bots.music.providers.asking import first_answer
from steward.bots.music.providers.deezer import Deezer
from steward.bots.music.providers.failures import ProviderAway
from steward.bots.music.providers.keyword_model import KeywordModel
from steward.bots.music.providers.last_fm import LastFm
from steward.bots.music.providers.listenbrainz import ListenBrainz
from steward.bots.music.providers.provider import Capability
from steward.bots.music.providers.spotify import Spotify
from steward.errors import StewardError
from steward.settings.secret import Secret
from tests.bots.music.providers.fakes import (
    CONTACT,
    KEY,
    TOKEN,
    FakeDeezer,
    FakeLastFm,
    FakeListenBrainz,
    FakeModel,
    FakeSpotify,
    alike,
    answers,
    breaks,
    hangs,
    mbid,
    nonsense,
    page_of_html,
    serving,
)

AIR = ArtistRef("Air", mbid("Air"))
TOO_MANY = answers("", 429)
SECRETS = (KEY, TOKEN, FakeSpotify.SECRET)


def three(clock, served, brainz, last, deezer):
    """The services that know similar artists, in order."""
    return [
        ListenBrainz(served.http, clock, served.caches, CONTACT, address=brainz.url, labs=brainz.url),
        LastFm(served.http, clock, served.caches, Secret(KEY), address=f"{last.url}/2.0/"),
        Deezer(served.http, clock, served.caches, address=deezer.url),
    ]


def fakes(clock):
    found = FakeListenBrainz(clock), FakeLastFm(clock), FakeDeezer(clock)
    found[2].artist(1, "Air")
    found[2].artist(2, "Cassius")
    found[2].related[1] = [2]
    return found


async def similar(providers, clock, artist=AIR):
    return await first_answer(providers, Capability.SIMILAR, lambda one: one.similar_artists(artist), clock)


def redirects(request):
    return answers("", 302, Location=f"https://elsewhere.example{request.path_qs}")(request)


@pytest.mark.parametrize(
    "trouble",
    [
        hangs,
        breaks,
        nonsense,
        redirects,
        page_of_html,
        answers("", 500),
        answers("x" * 5_000_000),
        answers(f'{{"error": {{"message": "bad key {KEY} {TOKEN}"}}}}', 401),
        answers(f'{{"error": 10, "message": "bad key {KEY}"}}', 403),
        answers('{"error": "invalid_client"}', 400),
        answers("", 429, Retry_After="3"),
        answers('{"cut'),
    ],
)
async def test_no_key_is_in_any_error_traceback_or_log_line(clock, trouble, caplog):
    caplog.set_level(logging.DEBUG)
    last, brainz, spot, model = FakeLastFm(clock), FakeListenBrainz(clock), FakeSpotify(clock), FakeModel(clock)
    async with serving(clock, last, brainz, spot, model) as served:
        how = served.http, clock, served.caches
        token, secret = Secret(TOKEN), Secret(FakeSpotify.SECRET)
        listenbrainz = ListenBrainz(*how, CONTACT, token=token, address=brainz.url, labs=brainz.url)
        providers = (
            (last, LastFm(*how, Secret(KEY), address=last.url), lambda one: one.listens("ada")),
            (last, LastFm(*how, Secret(KEY), address=last.url), lambda one: one.artist_tags(AIR)),
            (brainz, listenbrainz, lambda one: one.listens("ada")),
            (brainz, listenbrainz, lambda one: one.refuse_artist(AIR, token)),
            (spot, Spotify(*how, FakeSpotify.ID, secret, address=spot.url, accounts=spot.url),
             lambda one: one.find_artists("air")),
            (model, KeywordModel(*how, model.url, "small", Secret(KEY)), lambda one: one.tags("calm", str)),
        )  # fmt: skip
        for fake, provider, ask in providers:
            fake.trouble = trouble
            with pytest.raises(StewardError) as failed:
                await ask(provider)
            told = "".join(traceback.format_exception(failed.value))
            for shown in (str(failed.value), failed.value.for_members, told, provider.problem, caplog.text):
                assert not [one for one in SECRETS if one in shown]
        assert all(fake.asked for fake in (last, brainz, spot, model))
        for category in ("recommendations", "tokens", "keywords", "api_response"):
            assert len(served.cache.category(category)) == 0, "no failure is kept"


async def test_the_first_service_that_has_an_answer_is_named_with_its_age(clock):
    brainz, last, deezer = fakes(clock)
    last.similar["air"] = [alike("Zero 7", "0.8")]
    async with serving(clock, brainz, last, deezer) as served:
        providers = three(clock, served, brainz, last, deezer)
        first = await similar(providers, clock)
        assert (first.told.source, first.missed) == ("Last.fm", ())
        assert deezer.asked == []
        await asyncio.sleep(600)
        again = await similar(providers, clock)
        assert again.told == first.told, "the age is that of the answer"
        assert clock.now().timestamp() * 1000 - again.told.told_ms >= 600_000


async def test_a_service_that_fails_is_named_and_the_next_one_answers(clock):
    brainz, last, deezer = fakes(clock)
    brainz.trouble, last.trouble = answers("", 502), page_of_html
    async with serving(clock, brainz, last, deezer) as served:
        found = await similar(three(clock, served, brainz, last, deezer), clock)
        assert (found.told.source, found.told.value[0].artist.name) == ("Deezer", "Cassius")
        assert found.missed == (
            "ListenBrainz Labs is unavailable (502).",
            "Last.fm answers with a web page in place of data.",
        )


@pytest.mark.parametrize("trouble", [hangs, breaks, page_of_html, answers("", 503), TOO_MANY])
async def test_with_three_services_down_there_is_no_answer_within_three_seconds(clock, trouble):
    brainz, last, deezer = fakes(clock)
    for fake in (brainz, last, deezer):
        fake.trouble = trouble
    async with serving(clock, brainz, last, deezer) as served:
        providers = three(clock, served, brainz, last, deezer)
        for n in range(12):
            began = clock.monotonic()
            found = await similar(providers, clock, ArtistRef(f"Artist {n}", mbid(str(n))))
            assert clock.monotonic() - began < 3
            assert found.told is None
            assert 2 <= len(found.missed) <= 3
        began = clock.monotonic()
        await asyncio.sleep(5)  # what hangs is known to
        found = await similar(providers, clock)
        assert clock.monotonic() - began < 5.1, "and then nobody waits at all"
        assert len(found.missed) == 3
        assert all(one.problem for one in providers) == (trouble is not TOO_MANY)


async def test_an_answer_that_comes_too_late_is_there_the_next_time(clock):
    brainz, last, deezer = fakes(clock)
    last.similar["air"] = [alike("Zero 7", "0.8")]

    async def late(request):
        await asyncio.sleep(2)
        return last.answer(request)

    last.trouble = [late]
    async with serving(clock, brainz, last, deezer) as served:
        providers = three(clock, served, brainz, last, deezer)
        found = await similar(providers, clock)
        assert (found.told.source, found.missed) == ("Deezer", ("Last.fm is slow.",))
        await asyncio.sleep(2)
        assert (await similar(providers, clock)).told.source == "Last.fm"
        assert len(last.asked) == 1


async def test_a_circuit_closes_once_the_service_is_back(clock):
    brainz, last, deezer = fakes(clock)
    last.trouble = page_of_html
    last.tags["air"] = [{"name": "chillout", "count": 100}]
    async with serving(clock, brainz, last, deezer) as served:
        _, provider, _ = three(clock, served, brainz, last, deezer)
        for _ in range(5):
            with pytest.raises(ProviderAway):
                await provider.artist_tags(AIR)
        last.trouble = []
        await asyncio.sleep(61)
        assert (await provider.artist_tags(AIR)).value == (("chillout", 100),)
        assert provider.problem == ""


async def test_each_category_of_the_cache_counts_its_hits(clock):
    brainz, last, deezer = fakes(clock)
    last.similar["air"] = [alike("Zero 7", "0.8")]
    async with serving(clock, brainz, last, deezer) as served:
        _, provider, _ = three(clock, served, brainz, last, deezer)
        for name in ("Air", "AIR", "air", "Beck"):
            await provider.similar_artists(ArtistRef(name))
        await provider.artist_tags(AIR)
        assert served.caches.counts == {
            "recommendations": (2, 4),
            "tokens": (0, 0),
            "keywords": (0, 0),
            "api_response": (0, 1),
        }
        assert provider.requests == len(last.asked) == 3
        await asyncio.sleep(2 * 86_400)
        await provider.similar_artists(ArtistRef("Air"))
        await provider.similar_artists(ArtistRef("Beck"))
        assert len(last.asked) == 4, "that there is nothing is kept for a day, something for a month"


async def test_many_who_ask_the_same_at_once_are_one_request(clock):
    brainz, last, deezer = fakes(clock)
    last.similar["air"] = [alike("Zero 7", "0.8")]
    async with serving(clock, brainz, last, deezer) as served:
        _, provider, _ = three(clock, served, brainz, last, deezer)
        found = await asyncio.gather(*(provider.similar_artists(AIR) for _ in range(20)))
        assert (len(last.asked), len({one.told_ms for one in found})) == (1, 1)
