"""Playlists as rows: begun and added to by name, bounded, each its owner's, and forgotten with them."""

import pytest

from steward.bots.music.errors import MusicError
from steward.bots.music.playlists.keeping import (
    delete_playlist,
    own_playlist,
    playlist_names,
    read_playlist,
    remove_track,
    save_tracks,
)
from steward.bots.music.playlists.playlist import MOST_PLAYLISTS, MOST_TRACKS, PlaylistTrack
from steward.bots.music.privacy.personal import MUSIC_DATA
from steward.bots.music.taste.members import forget_taste, own_listener
from tests.bots.music.kept import music_store, music_tables

ADA, BEN, HERE = 11, 12, 1
AIR, JUSTICE = PlaylistTrack("Air", "Sexy Boy", "", "https://e.org/1"), PlaylistTrack("Justice", "Genesis")


async def test_a_playlist_is_begun_added_to_and_deleted_on_each_engine(clock, database):
    async with music_store(clock, database) as store:
        ada = await store.write(lambda tx: own_listener(tx, ADA))
        saved = await store.write(lambda tx: save_tracks(tx, ada, "Rainy Days", [AIR, AIR]))
        assert (saved.added, saved.playlist.tracks) == (1, (AIR,))
        again = await store.write(
            lambda tx: save_tracks(tx, ada, "  rainy   DAYS ", [PlaylistTrack("AIR", "sexy boy"), JUSTICE])
        )
        assert (again.playlist.id, again.added, again.playlist.name) == (saved.playlist.id, 1, "Rainy Days")
        assert await store.read(lambda tx: playlist_names(tx, ada)) == [(saved.playlist.id, "Rainy Days", 2)]
        assert await store.write(lambda tx: remove_track(tx, again.playlist, AIR))
        assert not await store.write(lambda tx: remove_track(tx, again.playlist, AIR))
        left = await store.read(lambda tx: read_playlist(tx, saved.playlist.id))
        assert left.tracks == (JUSTICE,)
        await store.write(lambda tx: delete_playlist(tx, left.id))
        assert await store.read(lambda tx: read_playlist(tx, left.id)) is None
        assert await store.read(lambda tx: playlist_names(tx, ada)) == []


def test_nobody_is_given_what_is_another_member_s_by_name_or_number():
    with music_tables() as tx:
        ada, ben = own_listener(tx, ADA), own_listener(tx, BEN)
        number = save_tracks(tx, ada, "Mine", [AIR]).playlist.id
        assert own_playlist(tx, ada, f"playlist:{number}").user_id == ADA
        assert own_playlist(tx, ada, "MINE").id == number
        for typed in (f"playlist:{number}", "Mine", "playlist:x", "playlist:", ""):
            with pytest.raises(MusicError, match="You have no playlist"):
                own_playlist(tx, ben, typed)
        assert save_tracks(tx, ben, "mine", [AIR]).playlist.id != number


def test_names_that_cannot_be_read_are_refused_and_lists_are_bounded():
    with music_tables() as tx:
        ada = own_listener(tx, ADA)
        for name in ("", " \u200b ", "\u202e"):
            with pytest.raises(MusicError, match="a name that can be read"):
                save_tracks(tx, ada, name, [AIR])
        many = [PlaylistTrack(f"Band {number}") for number in range(MOST_TRACKS + 5)]
        saved = save_tracks(tx, ada, "ﷺ" * 100, many)
        assert (saved.added, saved.left_out, len(saved.playlist.tracks)) == (MOST_TRACKS, 5, MOST_TRACKS)
        for number in range(1, MOST_PLAYLISTS):
            save_tracks(tx, ada, f"List {number}", [AIR])
        with pytest.raises(MusicError, match=f"You have {MOST_PLAYLISTS} playlists"):
            save_tracks(tx, ada, "One more", [AIR])
        assert save_tracks(tx, ada, "List 1", [JUSTICE]).added == 1


def test_a_member_sees_their_playlists_and_they_are_forgotten_with_them():
    with music_tables() as tx:
        for user in (ADA, BEN):
            save_tracks(tx, own_listener(tx, user), "Mine", [AIR, JUSTICE])
        kinds = {one.name: one for one in MUSIC_DATA}
        tracks = kinds["playlist_tracks"].read(tx, HERE, ADA)
        assert [(row["playlist"], row["artist"], row["title"]) for row in tracks] == [
            ("Mine", "Air", "Sexy Boy"),
            ("Mine", "Justice", "Genesis"),
        ]
        assert kinds["playlists"].say(kinds["playlists"].read(tx, HERE, ADA)) == "1 playlist of yours"
        assert forget_taste(tx, ADA) == 4
        assert tx.value("SELECT COUNT(*) FROM music_playlists") == 1
        assert tx.value("SELECT COUNT(*) FROM music_playlist_tracks") == 2
