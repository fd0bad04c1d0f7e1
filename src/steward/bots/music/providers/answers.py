"""What music services tell, as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

from steward.bots.music.providers.fields import folded

Value = TypeVar("Value")
Other = TypeVar("Other")


class ArtistRef(NamedTuple):
    """An artist, by name as written and MusicBrainz id; the id is empty if unknown."""

    name: str
    mbid: str = ""

    @property
    def key(self) -> str:
        """What it is known by: the id, else the name in any case."""
        return self.mbid or folded(self.name)


class HeardTrack(NamedTuple):
    """A track; all but artist and title may be empty."""

    artist: ArtistRef
    title: str
    album: str = ""
    mbid: str = ""
    picture: str = ""
    link: str = ""


class HeardListen(NamedTuple):
    """A track that was heard, and when: seconds since 1970."""

    at: int
    track: HeardTrack


class ListenPage(NamedTuple):
    """
    A page of a history.

    Attributes:
        listens: the newest first; the next page may repeat those of one second.
        cursor: of the next page; empty after the last one.
        skipped: what was left out: without a date, dated before 2002 or in the future, or unreadable.

    """

    listens: tuple[HeardListen, ...]
    cursor: str = ""
    skipped: int = 0


class SimilarArtist(NamedTuple):
    """An artist, and how alike: 0 to 1, comparable within one answer only."""

    artist: ArtistRef
    score: float


class TagCount(NamedTuple):
    """A tag as written, and how many use it for the artist, on the service's own scale."""

    tag: str
    uses: int


class FoundArtist(NamedTuple):
    """
    An artist that was searched for; all but the name may be empty.

    Attributes:
        note: tells apart those of one name.
        ref: the service's own id.

    """

    artist: ArtistRef
    link: str = ""
    picture: str = ""
    note: str = ""
    ref: str = ""


class Told(NamedTuple, Generic[Value]):
    """An answer, the service it is from, and when that was asked: milliseconds since 1970."""

    value: Value
    source: str
    told_ms: int

    def of(self, value: Other) -> Told[Other]:
        """Return a part of it, or what follows from it."""
        return Told(value, self.source, self.told_ms)


def distinct(found: Iterable[SimilarArtist], besides: ArtistRef) -> tuple[SimilarArtist, ...]:
    """Return each artist once, the most alike first, without the one they are similar to."""
    seen = {besides.mbid, folded(besides.name), ""} - {""}
    kept = []
    for one in sorted(found, key=lambda one: -one.score):
        keys = {one.artist.mbid, folded(one.artist.name)} - {""}
        if keys and not keys & seen:
            kept.append(one)
            seen |= keys
    return tuple(kept)
