"""Artists as listens name them are found in the catalogue or added to it, and change nothing of what is known."""

from steward.bots.music.catalogue.artists import artists_of
from steward.bots.music.catalogue.heard import NamedArtist, heard_artists
from steward.bots.music.catalogue.keeping import ToldArtist, keep_artists
from tests.bots.music.kept import music_store, music_tables

ONE, OTHER, THIRD = (f"6d8f6d4e-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))


async def test_an_artist_is_known_by_id_by_name_and_by_alias_and_else_is_added(clock, database):
    async with music_store(clock, database) as store:
        bush, ash, air = await store.write(
            lambda tx: keep_artists(
                tx,
                [
                    ToldArtist("Bush", ONE, listeners=9),
                    ToldArtist("Ash", aliases=("Ash Band",), listeners=5),
                    ToldArtist("Air", listeners=7),
                ],
            )
        )
        named = [
            NamedArtist("bush"), NamedArtist("Bush (UK)", ONE), NamedArtist("Bush", OTHER), NamedArtist("ASH band"),
            NamedArtist("AIR", THIRD), NamedArtist("New"), NamedArtist("NEW"), NamedArtist("\u200b"),
        ]  # fmt: skip
        found = await store.write(lambda tx: heard_artists(tx, named))
        assert [found.get(one) for one in named[:2]] == [bush, bush]
        assert found[named[2]] not in {bush, ash, air}, "another one of that name"
        assert [found[named[3]], found[named[4]]] == [ash, air]
        assert found[named[5]] == found[named[6]]
        assert named[7] not in found
        assert await store.write(lambda tx: heard_artists(tx, named)) == found
        names = await store.read(lambda tx: artists_of(tx, [bush, ash, air]))
        assert [(one.name, one.mbid, one.listeners) for one in names.values()] == [
            ("Bush", ONE, 9), ("Ash", None, 5), ("Air", None, 7),
        ]  # fmt: skip


def test_nothing_heard_is_nobody():
    with music_tables() as tx:
        assert heard_artists(tx, []) == {}
