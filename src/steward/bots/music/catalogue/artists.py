"""Artists as they are looked up: by number, and by what a member typed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from steward.bots.music.catalogue.likeness import most_alike, possible_lengths
from steward.bots.music.catalogue.lookups import rows_in
from steward.bots.music.catalogue.names import LAST, folded_name
from steward.store import Transaction

SUGGESTED = 25
MOST_COMPARED = 20_000
"""Names that one typed wrongly is compared with, of the best-known artists first."""


class Artist(NamedTuple):
    """An artist; `mbid` is MusicBrainz's id, if known."""

    id: int
    name: str
    mbid: str | None = None
    listeners: int = 0


class MatchedBy(StrEnum):
    """How an artist was found."""

    NAME = "name"
    ALIAS = "alias"
    BEGINNING = "beginning"
    """No other artist's name begins so."""
    LIKENESS = "likeness"
    """It was typed wrongly."""


class ArtistMatch(NamedTuple):
    """The artist that a member means."""

    artist: Artist
    by: MatchedBy


_ARTISTS = "SELECT a.id, a.name, a.mbid, a.listeners FROM music_artists a"
_BY_NAME = (
    "SELECT a.id, a.name, a.mbid, a.listeners, n.is_alias FROM music_artist_names n"
    " JOIN music_artists a ON a.id = n.artist"
)
_BEST_FIRST = " ORDER BY n.is_alias, a.listeners DESC, a.id"


def find_artist(tx: Transaction, typed: str) -> ArtistMatch | None:
    """
    Return the artist that was typed: by name, alias, unique beginning, or a name that is at least 90 % alike.

    Of several of one name, it is the one with the most listeners.
    """
    key = folded_name(typed)
    if not key:
        return None
    row = tx.one(f"{_BY_NAME} WHERE n.folded = ?{_BEST_FIRST} LIMIT 1", (key,))
    if row is not None:
        return ArtistMatch(Artist(*tuple(row)[:4]), MatchedBy.ALIAS if row[4] else MatchedBy.NAME)
    begun = suggest_artists(tx, key, limit=2)
    if len(begun) == 1:
        return ArtistMatch(begun[0], MatchedBy.BEGINNING)
    return _alike(tx, key)


def suggest_artists(tx: Transaction, start: str, limit: int = SUGGESTED) -> list[Artist]:
    """Return the artists whose name or alias begins so, those with the most listeners first; of all, if it is empty."""
    key = folded_name(start)
    if not key:
        return [Artist(*row) for row in tx.all(f"{_ARTISTS} ORDER BY a.listeners DESC, a.id LIMIT ?", (limit,))]
    begins = "SELECT DISTINCT artist FROM music_artist_names WHERE folded >= ? AND folded < ?"
    sql = f"{_ARTISTS} JOIN ({begins}) n ON n.artist = a.id ORDER BY a.listeners DESC, a.id LIMIT ?"
    return [Artist(*row) for row in tx.all(sql, (key, key + LAST, limit))]


def artists_of(tx: Transaction, ids: Sequence[int]) -> dict[int, Artist]:
    """Return the artists of these numbers; what is not there is left out."""
    return {row[0]: Artist(*row) for row in rows_in(tx, _ARTISTS + " WHERE a.id IN ({})", ids)}


def popularity_of(tx: Transaction, ids: Sequence[int]) -> dict[int, int]:
    """Return how many listen to each artist, as the catalogue counts them."""
    return dict(map(tuple, rows_in(tx, "SELECT id, listeners FROM music_artists WHERE id IN ({})", ids)))


def _alike(tx: Transaction, key: str) -> ArtistMatch | None:
    lengths = possible_lengths(len(key))
    near = (
        "SELECT n.folded FROM music_artist_names n JOIN music_artists a ON a.id = n.artist"
        " WHERE n.letters BETWEEN ? AND ? ORDER BY a.listeners DESC, n.is_alias, a.id LIMIT ?"
    )
    found = most_alike(key, (name for (name,) in tx.all(near, (lengths[0], lengths[-1], MOST_COMPARED))))
    if found is None:
        return None
    row = tx.one(f"{_BY_NAME} WHERE n.folded = ?{_BEST_FIRST} LIMIT 1", (found[0],))
    return None if row is None else ArtistMatch(Artist(*tuple(row)[:4]), MatchedBy.LIKENESS)
