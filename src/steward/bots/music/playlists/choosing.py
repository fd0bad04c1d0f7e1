"""The tracks that go into a playlist: of picks and artists one each, of what somebody hears what they hear most."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from steward.bots.music.catalogue.artists import Artist, artists_of
from steward.bots.music.catalogue.names import folded_name
from steward.bots.music.playlists.playlist import PlaylistTrack, TrackSource, of_service
from steward.bots.music.providers.asking import first_answer
from steward.bots.music.providers.provider import Capability, MusicProvider
from steward.bots.music.taste.opinions import feedback_of
from steward.bots.music.taste.tops import ListeningPeriod, top_tracks
from steward.runtime.clock import Clock
from steward.store import Store, Transaction

WITHIN = 2.0
"""Seconds in which services may name a track of each artist."""
AT_ONCE = 25


_PERIODS = {TrackSource.MONTH: ListeningPeriod.MONTH, TrackSource.ALL: ListeningPeriod.ALL}


async def chosen_tracks(
    source: TrackSource, listener: int, store: Store, providers: Sequence[MusicProvider], clock: Clock
) -> list[PlaylistTrack]:
    """Return the tracks of a source, 25 at most; an artist of whom no track is known in time stands for itself."""
    period = _PERIODS.get(source)
    if period is not None:

        def heard(tx: Transaction) -> list[PlaylistTrack]:
            return [PlaylistTrack(one.artist.name, one.title) for one in top_tracks(tx, listener, period, AT_ONCE)]

        return await store.read(heard)

    def chosen(tx: Transaction) -> list[tuple[Artist, str]]:
        numbers = _last_shown(tx, listener) if source is TrackSource.PICKS else _liked(tx, listener)
        return picks_to_save(tx, listener, numbers)

    return await track_of_each(await store.read(chosen), providers, clock)


def picks_to_save(tx: Transaction, listener: int | None, picks: Sequence[int]) -> list[tuple[Artist, str]]:
    """Return those picks that a listener hasn't refused, each with the track that they hear most of it, if any."""
    known = artists_of(tx, picks)
    if listener is None:
        return [(known[number], "") for number in picks if number in known]
    said = feedback_of(tx, listener)
    kept = [known[one] for one in picks if one in known and one not in said.never | said.disliked]
    return [(artist, _own_title(tx, listener, artist.id)) for artist in kept]


async def track_of_each(
    artists: Sequence[tuple[Artist, str]], providers: Sequence[MusicProvider], clock: Clock
) -> list[PlaylistTrack]:
    """Return a track of each artist: the title given, or else the first that a service finds of the artist."""

    async def track(artist: Artist, title: str) -> PlaylistTrack:
        told = await first_answer(
            providers,
            Capability.TRACKS,
            lambda one: one.find_tracks(artist.name, title),
            clock,
            within=WITHIN,
        )
        own = PlaylistTrack(artist.name, title)
        found = () if told.told is None else told.told.value
        for one in found:
            same = folded_name(one.artist.name) == folded_name(artist.name)
            if same and (not title or folded_name(one.title) == folded_name(title)):
                return of_service(one)._replace(artist=artist.name)
        return own

    return [*await asyncio.gather(*(track(artist, title) for artist, title in artists))]


def _last_shown(tx: Transaction, listener: int) -> list[int]:
    """Return the picks that a listener was shown last."""
    sql = (
        "SELECT artist FROM music_shown WHERE listener = ?"
        " AND at = (SELECT MAX(at) FROM music_shown WHERE listener = ?)"
        " ORDER BY artist LIMIT ?"
    )
    return [artist for (artist,) in tx.all(sql, (listener, listener, AT_ONCE))]


def _liked(tx: Transaction, listener: int) -> list[int]:
    """Return the artists that a listener said they like, or named, the latest first."""
    sql = (
        "SELECT artist, MAX(at) AS said FROM (SELECT artist, at FROM music_opinions WHERE listener = ? AND verdict = 1"
        " UNION ALL SELECT artist, at FROM music_favourites WHERE listener = ?) l GROUP BY artist"
        " ORDER BY said DESC, artist LIMIT ?"
    )
    return [artist for artist, _ in tx.all(sql, (listener, listener, AT_ONCE))]


def _own_title(tx: Transaction, listener: int, artist: int) -> str:
    """Return the track of an artist that a listener hears most; empty if they hear none."""
    sql = (
        "SELECT title FROM music_listens WHERE listener = ? AND artist = ?"
        " GROUP BY title ORDER BY COUNT(*) DESC, title LIMIT 1"
    )
    return tx.value(sql, (listener, artist)) or ""
