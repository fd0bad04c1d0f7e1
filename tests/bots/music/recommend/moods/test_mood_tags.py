"""Moods meet the catalogue: the tags that it has, and the artists that carry them."""

import pytest

from steward.bots.music.catalogue.invented import MOODS
from steward.bots.music.catalogue.keeping import ToldArtist, keep_artists
from steward.bots.music.recommend.moods.mood_tags import artists_of_mood, find_mood, tag_names, tag_numbers
from steward.bots.music.recommend.reasons import MoodTags
from steward.bots.music.recommend.recommending import Wanted, recommend
from tests.bots.music.kept import music_store, music_tables


@pytest.mark.parametrize("mood", MOODS)
def test_a_mood_gives_artists_that_carry_its_tags(invented, mood):
    found = find_mood(invented.tx, f"something {mood}")
    asked = {*tag_names(invented.tx, found.asked).values()}
    assert mood in asked
    picks = recommend(invented.tx, Wanted(mood=found), 10)
    by_id = dict(zip(invented.ids, invented.catalogue.artists, strict=True))
    carrying = [asked & {*by_id[pick.artist.id].tags} for pick in picks]
    assert len(picks) == 10
    assert all(carrying)


def test_what_is_to_be_avoided_goes_down():
    with music_tables() as tx:
        told = [
            ToldArtist("Both", listeners=9, tags={"calm": 10, "metal": 10}),
            ToldArtist("Calm", listeners=9, tags={"calm": 10}),
            ToldArtist("Metal", listeners=9, tags={"metal": 10}),
        ]
        both, calm, _ = keep_artists(tx, told)
        found = find_mood(tx, "calm, not metal")
        scores = artists_of_mood(tx, found.tags)
        assert scores[calm] > scores.get(both, 0.0)
        assert set(scores) <= {calm, both}


def test_a_tag_of_the_catalogue_that_was_typed_wrongly_is_found():
    with music_tables() as tx:
        keep_artists(tx, [ToldArtist("One", tags={"vaporwave": 3})])
        found = find_mood(tx, "vaporwve")
        assert [*tag_names(tx, found.tags).values()] == ["vaporwave"]


def test_a_tag_that_no_artist_has_any_more_is_none():
    with music_tables() as tx:
        keep_artists(tx, [ToldArtist("One", tags={"vaporwave": 3})])
        keep_artists(tx, [ToldArtist("One", tags={"jazz": 3})])
        assert tag_numbers(tx, ["vaporwave", "jazz"]).keys() == {"jazz"}


async def test_a_mood_is_found_on_each_engine(clock, database):
    async with music_store(clock, database) as store:
        told = [ToldArtist(f"Artist {n}", listeners=n, tags={"ambient": n, "jazz": 1}) for n in range(1, 30)]
        ids = await store.write(lambda tx: keep_artists(tx, told))
        picks = await store.read(lambda tx: recommend(tx, Wanted(mood=find_mood(tx, "calm and jazzy")), 5))
        assert [pick.artist.id for pick in picks] == ids[:-6:-1]
        assert picks[0].reason == MoodTags(("ambient", "jazz")), "though nothing is learnt yet"
