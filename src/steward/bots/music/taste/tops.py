"""What a listener hears most and last, and which tags that makes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from heapq import nlargest
from typing import NamedTuple

from steward.bots.music.catalogue.artists import Artist, artists_of
from steward.bots.music.catalogue.lookups import rows_in
from steward.store import Transaction, to_millis

TAGS_OF_AN_ARTIST = 10


class ListeningPeriod(StrEnum):
    """How far back is looked."""

    WEEK = "week"
    MONTH = "month"
    ALL = "all"
    """As long as listens are kept."""


SPANS: Mapping[ListeningPeriod, timedelta] = {
    ListeningPeriod.WEEK: timedelta(days=7),
    ListeningPeriod.MONTH: timedelta(days=30),
}


class Played(NamedTuple):
    """An artist, or a track of theirs, and how often it was heard; the title of an artist is empty."""

    artist: Artist
    title: str
    plays: int


class LastHeard(NamedTuple):
    """The track that was heard last, and when, in milliseconds since 1970."""

    artist: Artist
    title: str
    heard_ms: int


def top_artists(tx: Transaction, listener: int, period: ListeningPeriod, most: int) -> list[Played]:
    """Return the artists that a listener hears most."""
    sql = (
        "SELECT artist, '' AS title, COUNT(*) AS plays FROM music_listens WHERE listener = ? AND heard_at >= ?"
        " GROUP BY artist ORDER BY plays DESC, artist LIMIT ?"
    )
    return _played(tx, sql, listener, period, most)


def top_tracks(tx: Transaction, listener: int, period: ListeningPeriod, most: int) -> list[Played]:
    """Return the tracks that a listener hears most."""
    sql = (
        "SELECT artist, title, COUNT(*) AS plays FROM music_listens WHERE listener = ? AND heard_at >= ?"
        " GROUP BY artist, title ORDER BY plays DESC, artist, title LIMIT ?"
    )
    return _played(tx, sql, listener, period, most)


def listens_since(tx: Transaction, listener: int, period: ListeningPeriod) -> int:
    """Return how many tracks a listener has heard."""
    sql = "SELECT COUNT(*) FROM music_listens WHERE listener = ? AND heard_at >= ?"
    return int(tx.value(sql, (listener, _since(tx, period))))


def last_heard(tx: Transaction, listener: int) -> LastHeard | None:
    """Return what a listener heard last, as far as it is imported."""
    row = tx.one(
        "SELECT artist, title, heard_at FROM music_listens WHERE listener = ?"
        " ORDER BY heard_at DESC, artist, title LIMIT 1",
        (listener,),
    )
    artist = None if row is None else artists_of(tx, [row["artist"]]).get(row["artist"])
    return None if row is None or artist is None else LastHeard(artist, row["title"], row["heard_at"])


def top_tags(tx: Transaction, profile: Mapping[int, float], most: int) -> list[str]:
    """Return the tags of a profile, the strongest first: each artist's own count against its most frequent one."""
    sql = "SELECT artist, tag, weight FROM music_artist_tags WHERE artist IN ({}) ORDER BY artist, weight DESC, tag"
    of_artist: dict[int, list[tuple[int, int]]] = {}
    for artist, tag, weight in rows_in(tx, sql, sorted(profile)):
        tags = of_artist.setdefault(artist, [])
        if len(tags) < TAGS_OF_AN_ARTIST:
            tags.append((tag, weight))
    scores: dict[int, float] = {}
    for artist, tags in of_artist.items():
        strongest = tags[0][1] or 1
        for tag, weight in tags:
            scores[tag] = scores.get(tag, 0.0) + profile[artist] * weight / strongest
    best = nlargest(most, scores, key=lambda tag: (scores[tag], -tag))
    names: dict[int, str] = dict(map(tuple, rows_in(tx, "SELECT id, name FROM music_tags WHERE id IN ({})", best)))
    return [names[tag] for tag in best if tag in names]


def _since(tx: Transaction, period: ListeningPeriod) -> int:
    span = SPANS.get(period)
    return 0 if span is None else to_millis(tx.now - span)


def _played(tx: Transaction, sql: str, listener: int, period: ListeningPeriod, most: int) -> list[Played]:
    rows = tx.all(sql, (listener, _since(tx, period), most))
    known = artists_of(tx, sorted({row["artist"] for row in rows}))
    return [Played(known[row["artist"]], row["title"], row["plays"]) for row in rows if row["artist"] in known]
