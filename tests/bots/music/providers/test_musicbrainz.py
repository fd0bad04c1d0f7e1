"""MusicBrainz as it is known to answer: once a second, to whoever says how to be reached, in Lucene's grammar."""

import asyncio
import re
from random import Random

import pytest

from steward.bots.music.providers.answers import ArtistRef
from steward.bots.music.providers.failures import NoContact, ProviderAway
from steward.bots.music.providers.musicbrainz import MusicBrainz, escaped
from tests.bots.music.providers.fakes import CONTACT, FakeMusicBrainz, answers, mbid, page_of_html, serving


def artist(name, score=100, **more):
    return {"id": mbid(name), "name": name, "sort-name": name, "score": score, "type": "Group", **more}


def musicbrainz(clock, fake, served, contact=CONTACT):
    return MusicBrainz(served.http, clock, served.caches, contact, address=fake.url)


async def test_without_a_contact_it_refuses_to_start(clock):
    fake = FakeMusicBrainz(clock)
    async with serving(clock, fake) as served:
        with pytest.raises(NoContact, match="STEWARD_MUSIC_CONTACT"):
            musicbrainz(clock, fake, served, "")


@pytest.mark.parametrize(
    "name",
    ["AC/DC", "!!!", "+/-", "Sunn O)))", '"Weird Al"', "a:b", "AND OR NOT", "C\\D", "[unknown]", "*NSYNC", "東京"],
)
async def test_names_with_signs_of_lucene_are_found(clock, name):
    fake = FakeMusicBrainz(clock)
    fake.artists = [artist(name), artist("Other")]
    async with serving(clock, fake) as served:
        found = (await musicbrainz(clock, fake, served).find_artists(name)).value
        assert [one.artist for one in found] == [ArtistRef(name, mbid(name))]
        assert found[0].link == f"https://musicbrainz.org/artist/{mbid(name)}"


def test_no_text_breaks_the_grammar():
    signs, random = 'ANDORTab +-&|!(){}[]^"~*?:\\/', Random(7)
    for _ in range(2000):
        text = "".join(random.choices(signs, k=random.randrange(20)))
        assert not FakeMusicBrainz.SPECIAL.search(re.sub(r"\\.", "x", escaped(text))), text


async def test_it_is_asked_once_a_second(clock):
    fake = FakeMusicBrainz(clock)
    async with serving(clock, fake) as served:
        provider = musicbrainz(clock, fake, served)
        for name in ("a", "b", "c", "d"):
            assert (await provider.find_artists(name)).value == ()
        assert min(after - before for before, after in zip(fake.at, fake.at[1:], strict=False)) >= 0.999


async def test_who_waits_longer_than_a_second_is_told_to_ask_another(clock):
    fake = FakeMusicBrainz(clock)
    async with serving(clock, fake) as served:
        provider = musicbrainz(clock, fake, served)
        found = await asyncio.gather(*(provider.find_artists(f"a{n}") for n in range(5)), return_exceptions=True)
        refused = [one for one in found if isinstance(one, Exception)]
        assert 1 <= len(refused) <= 4
        assert {type(one).__name__ for one in refused} == {"ProviderResting"}
        assert clock.monotonic() - fake.at[0] < 2.5


@pytest.mark.parametrize("trouble", [answers({"error": "Your requests are exceeding"}, 503), page_of_html])
async def test_being_busy_is_no_answer_and_kept_by_nobody(clock, trouble):
    fake = FakeMusicBrainz(clock)
    fake.artists = [artist("Air")]
    fake.trouble = [trouble]
    async with serving(clock, fake) as served:
        provider = musicbrainz(clock, fake, served)
        with pytest.raises(ProviderAway):
            await provider.find_artists("Air")
        assert len((await provider.find_artists("Air")).value) == 1


async def test_an_id_is_of_the_artist_of_that_name_or_alias(clock):
    fake = FakeMusicBrainz(clock)
    fake.artists = [
        artist("Air Supply"),
        artist("AIR", 95, aliases=[{"name": "Air French Band"}], tags=[{"count": 2, "name": "downtempo"}]),
        artist("Air", 60, disambiguation="another one"),
    ]
    async with serving(clock, fake) as served:
        provider = musicbrainz(clock, fake, served)
        assert await provider.mbid_of(ArtistRef("air")) == mbid("AIR")
        assert (await provider.artist_tags(ArtistRef("air"))).value == (("downtempo", 2),)
        assert len(fake.asked) == 1, "one search tells all of it"
        assert (await provider.corrected_artist(ArtistRef("Air French Band"))).value.name == "AIR"
        assert await provider.mbid_of(ArtistRef("Supply")) == "", "what only sounds alike is another artist"
        assert await provider.mbid_of(ArtistRef("x", mbid("x"))) == mbid("x")
        asked = ArtistRef("Air", mbid("Air"))
        assert (await provider.corrected_artist(asked)).value == asked


async def test_each_field_may_be_missing_and_numbers_may_be_texts(clock):
    fake = FakeMusicBrainz(clock)
    rows = [{}, {"name": None}, {"name": "Bare"},
            {"name": "Odd", "id": "x", "score": "100", "tags": None, "aliases": {}},
            {"name": "Text", "score": "100", "tags": [{"name": "pop", "count": "3"}, {"name": "no", "count": -1}]},
            "x", None]  # fmt: skip
    fake.trouble = answers({"artists": rows})
    async with serving(clock, fake) as served:
        provider = musicbrainz(clock, fake, served)
        assert [one.artist.name for one in (await provider.find_artists("q")).value] == ["Bare", "Odd", "Text"]
    fake.trouble = []
    async with serving(clock, fake) as served:
        fake.trouble = [answers({"artists": rows[4]})]  # one, in place of a list
        assert (await musicbrainz(clock, fake, served).artist_tags(ArtistRef("Text"))).value == (("pop", 3),)


@pytest.mark.parametrize("text", ["", "  ", "\x00"])
async def test_nothing_is_not_searched_for(clock, text):
    fake = FakeMusicBrainz(clock)
    async with serving(clock, fake) as served:
        assert (await musicbrainz(clock, fake, served).find_artists(text)).value == ()
        assert fake.asked == []


async def test_same_names_are_told_apart_by_a_note(clock):
    fake = FakeMusicBrainz(clock)
    fake.artists = [artist("Air", disambiguation="French duo", country="FR"), artist("Air", type=None)]
    async with serving(clock, fake) as served:
        found = (await musicbrainz(clock, fake, served).find_artists("Air")).value
        assert [one.note for one in found] == ["French duo, Group, FR", ""]
