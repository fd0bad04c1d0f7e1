"""Playlists as rows: begun and added to by name, read, and deleted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from steward.bots.music.catalogue.names import folded_name, shown_artist
from steward.bots.music.errors import MusicError
from steward.bots.music.playlists.playlist import (
    LONGEST_NAME,
    MOST_PLAYLISTS,
    MOST_TRACKS,
    Playlist,
    PlaylistTrack,
    clean_track,
)
from steward.client.embeds import quoted
from steward.store import Transaction

CHOSEN = "playlist:"


class SavedTracks(NamedTuple):
    """
    What became of saving.

    Attributes:
        added: tracks that are new in it.
        left_out: tracks for which it had no room.

    """

    playlist: Playlist
    added: int
    left_out: int = 0


def save_tracks(tx: Transaction, listener: int, name: str, tracks: Iterable[PlaylistTrack]) -> SavedTracks:
    """
    Add tracks to a listener's playlist of that name, which is begun if there is none; those in it are left as they are.

    Raises:
        MusicError: the name is none, or the listener has too many playlists.

    """
    shown = shown_artist(name)[:LONGEST_NAME].strip()
    folded = folded_name(shown)
    if not folded:
        raise MusicError("A playlist needs a name that can be read.")
    number = _number(tx, listener, folded)
    if number is None:
        many = tx.value("SELECT COUNT(*) FROM music_playlists WHERE listener = ?", (listener,))
        if many >= MOST_PLAYLISTS:
            raise MusicError(
                f"You have {many} playlists, which is the most I keep.", remedy="`/playlist delete` deletes one."
            )
        values = {"listener": listener, "name": shown, "folded": folded, "at": tx.now_ms}
        number = tx.insert_numbered("music_playlists", values)
        if number is None:
            raise AssertionError("There was none of that name in this transaction.")
    before = _tracks(tx, number)
    known = {track.key for track in before.values()}
    new: dict[tuple[str, str], PlaylistTrack] = {}
    for track in map(clean_track, tracks):
        if any(track.key) and track.key not in known:
            new.setdefault(track.key, track)
    kept = [*new.values()][: max(0, MOST_TRACKS - len(before))]
    tx.executemany(
        "INSERT INTO music_playlist_tracks (playlist, number, listener, artist, title, recording, link)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(number, place, listener, *track) for place, track in enumerate(kept, max(before, default=0) + 1)],
    )
    playlist = read_playlist(tx, number)
    if playlist is None:
        raise AssertionError("It was written in this transaction.")
    return SavedTracks(playlist, len(kept), len(new) - len(kept))


def playlist_names(tx: Transaction, listener: int | None) -> list[tuple[int, str, int]]:
    """Return a listener's playlists by name: number, name, count of tracks."""
    sql = (
        "SELECT p.id, p.name, (SELECT COUNT(*) FROM music_playlist_tracks t WHERE t.playlist = p.id)"
        " FROM music_playlists p WHERE p.listener = ? ORDER BY p.folded"
    )
    return [(number, name, many) for number, name, many in tx.all(sql, (listener,))]


def own_playlist(tx: Transaction, listener: int | None, typed: str) -> Playlist:
    """
    Return the listener's playlist that was chosen or typed.

    Raises:
        MusicError: there is none.

    """
    rows = tx.all("SELECT id, folded FROM music_playlists WHERE listener = ?", (listener,))
    wanted = {typed.removeprefix(CHOSEN)} if typed.startswith(CHOSEN) else set()
    folded = folded_name(shown_artist(typed)[:LONGEST_NAME])
    number = next((number for number, name in rows if str(number) in wanted or name == folded), None)
    playlist = None if number is None else read_playlist(tx, number)
    if playlist is None:
        remedy = "Pick one from the list that shows while you type." if rows else "`/playlist save` begins one."
        raise MusicError(f"You have no playlist “{quoted(typed)}”.", remedy=remedy)
    return playlist


def read_playlist(tx: Transaction, number: int) -> Playlist | None:
    """Return a playlist, whosever it is; None if it was deleted."""
    row = tx.one(
        "SELECT m.user_id, p.name, p.at FROM music_playlists p JOIN music_members m ON m.listener = p.listener"
        " WHERE p.id = ?",
        (number,),
    )
    if row is None:
        return None
    user_id, name, at_ms = row
    return Playlist(number, user_id, name, at_ms, tuple(_tracks(tx, number).values()))


def remove_track(tx: Transaction, playlist: Playlist, track: PlaylistTrack) -> bool:
    """Take a track out of a playlist; return whether it was in it."""
    for number, one in _tracks(tx, playlist.id).items():
        if one.key == track.key:
            sql = "DELETE FROM music_playlist_tracks WHERE playlist = ? AND number = ?"
            return tx.execute(sql, (playlist.id, number)) > 0
    return False


def delete_playlist(tx: Transaction, number: int) -> None:
    tx.execute("DELETE FROM music_playlist_tracks WHERE playlist = ?", (number,))
    tx.execute("DELETE FROM music_playlists WHERE id = ?", (number,))


def _number(tx: Transaction, listener: int, folded: str) -> int | None:
    found: int | None = tx.value("SELECT id FROM music_playlists WHERE listener = ? AND folded = ?", (listener, folded))
    return found


def _tracks(tx: Transaction, number: int) -> dict[int, PlaylistTrack]:
    sql = "SELECT number, artist, title, recording, link FROM music_playlist_tracks WHERE playlist = ? ORDER BY number"
    return {place: PlaylistTrack(*track) for place, *track in tx.all(sql, (number,))}
