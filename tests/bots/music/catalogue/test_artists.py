"""Artists as they are kept and looked up, on each engine."""

import pytest

from steward.bots.music.catalogue.artists import MatchedBy, artists_of, find_artist, suggest_artists
from steward.bots.music.catalogue.invented import HOSTILE, invented_catalogue
from steward.bots.music.catalogue.keeping import ToldArtist, keep_artists
from steward.bots.music.catalogue.names import folded_name, shown_artist
from tests.bots.music.kept import music_store, music_tables

MBID, OTHER = "11111111-0000-0000-0000-000000000000", "22222222-0000-0000-0000-000000000000"


def keep(tx, *told):
    return keep_artists(tx, told)


def found(tx, typed):
    match = find_artist(tx, typed)
    return match and (match.artist.name, str(match.by))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("gr/nd", ("GR/ND", MatchedBy.NAME)),
        ("The Pale Lamps", ("Pale Lamps", MatchedBy.ALIAS)),
        ("pale l", ("Pale Lamps", MatchedBy.BEGINNING)),
        ("north", None),  # two begin so
        ("northern lihgts", ("Northern Lights", MatchedBy.LIKENESS)),
        ("!!!", ("!!!", MatchedBy.NAME)),
        ("", None),
        ("\u200b", None),
        ("%", None),
        ("x" * 2000, None),
        ("'; DROP TABLE music_artists; --", None),
    ],
)
async def test_an_artist_is_found_by_what_was_typed(clock, database, typed, expected):
    async with music_store(clock, database) as store:
        await store.write(
            lambda tx: keep(
                tx,
                ToldArtist("GR/ND", listeners=5),
                ToldArtist("Pale Lamps", aliases=("The Pale Lamps",), listeners=7),
                ToldArtist("Northern Lights", listeners=9),
                ToldArtist("North", mbid=MBID, listeners=1, aliases=("Northerners",))
                if typed != "north"
                else ToldArtist("Northwest"),
                ToldArtist("!!!"),
            )
        )
        assert await store.read(lambda tx: found(tx, typed)) == expected


async def test_every_invented_artist_is_found_by_its_name_on_each_engine(clock, database):
    catalogue = invented_catalogue(artists=300, listeners=20)
    assert {folded_name(one.name) for one in catalogue.artists} >= {folded_name(name) for name in HOSTILE}
    async with music_store(clock, database) as store:
        ids = await store.write(lambda tx: keep_artists(tx, catalogue.artists))
        assert len(set(ids)) == 300
        matches = await store.read(lambda tx: [find_artist(tx, one.name) for one in catalogue.artists])
        assert [match.artist.id for match in matches] == ids
        assert [match.artist.name for match in matches] == [shown_artist(one.name) for one in catalogue.artists]
        again = await store.write(lambda tx: keep_artists(tx, catalogue.artists))
        assert again == ids
        tags = await store.read(
            lambda tx: tx.all(
                "SELECT t.name, t.artists, COUNT(*) FROM music_tags t JOIN music_artist_tags a ON a.tag = t.id"
                " GROUP BY t.name, t.artists"
            )
        )
        assert all(kept == counted for _, kept, counted in tags)
        assert sum(counted for _, _, counted in tags) == sum(len(one.tags) for one in catalogue.artists)


def test_of_one_name_the_better_known_is_found_and_ids_tell_them_apart():
    with music_tables() as tx:
        ids = keep(tx, ToldArtist("Twins", MBID, listeners=3), ToldArtist("twins", OTHER, listeners=30))
        assert len(set(ids)) == 2
        assert find_artist(tx, "TWINS").artist.mbid == OTHER
        assert keep(tx, ToldArtist("Twins", MBID), ToldArtist("Twins", listeners=31)) == ids
        assert [one.listeners for one in artists_of(tx, ids).values()] == [3, 31]


def test_an_artist_that_was_known_by_name_takes_the_id_and_one_of_another_id_is_new():
    with music_tables() as tx:
        (old,) = keep(tx, ToldArtist("Twins", listeners=3))
        assert keep(tx, ToldArtist("Twins", MBID), ToldArtist("Twins", OTHER)) == [old, old + 1]
        assert artists_of(tx, [old])[old].mbid == MBID


def test_an_artist_that_is_renamed_is_found_by_both_names():
    with music_tables() as tx:
        (old,) = keep(tx, ToldArtist("Pale Lamps", MBID, tags={"Indie-Rock": 3}))
        (same,) = keep(tx, ToldArtist("Bright Lamps", MBID, aliases=("The Lamps",)))
        assert old == same
        assert found(tx, "pale lamps") == ("Bright Lamps", "alias")
        assert found(tx, "bright lamps") == ("Bright Lamps", "name")
        assert tx.value("SELECT name FROM music_tags") == "indie rock", "no tags were told anew"


def test_the_same_artist_told_twice_at_once_is_kept_once():
    with music_tables() as tx:
        one, same, third = keep(tx, ToldArtist("Echo"), ToldArtist("ECHO", MBID), ToldArtist("echo"))
        assert one == same == third
        assert tx.value("SELECT COUNT(*) FROM music_artists") == 1


def test_an_artist_without_a_name_is_refused():
    with music_tables() as tx, pytest.raises(ValueError, match="no name"):
        keep(tx, ToldArtist("\u200b"))


def test_suggestions_are_the_best_known_first():
    with music_tables() as tx:
        keep(tx, *(ToldArtist(f"Lamp {number}", listeners=number) for number in range(40)))
        assert [one.name for one in suggest_artists(tx, "lAmP", limit=3)] == ["Lamp 39", "Lamp 38", "Lamp 37"]
        assert len(suggest_artists(tx, "")) == 25
        assert suggest_artists(tx, "lamb") == []
