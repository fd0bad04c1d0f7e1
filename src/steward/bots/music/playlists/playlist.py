"""A playlist and its tracks, as plain values, and how large they may be."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

from steward.bots.music.catalogue.names import folded_name, search_term, shown_artist
from steward.bots.music.providers.answers import HeardTrack

LONGEST_NAME = 80
MOST_PLAYLISTS, MOST_TRACKS = 50, 200
"""Playlists of a member, and tracks of a playlist."""
LONGEST_LINK = 400
LONGEST_TERM = 250
"""Characters of a search link's words, encoded."""


class TrackSource(StrEnum):
    """What a playlist is made of: the picks that were shown last, artists that are liked, or what is heard most."""

    PICKS = "picks"
    LIKED = "liked"
    MONTH = "month"
    ALL = "all"


class PlaylistFormat(StrEnum):
    """A format of files; its value is how their names end."""

    JSPF = "jspf"
    XSPF = "xspf"
    M3U8 = "m3u8"
    LINKS = "txt"


class PlaylistTrack(NamedTuple):
    """
    A track of a playlist.

    Attributes:
        artist: may be empty if there is a title, as files have it.
        title: empty for any track of the artist.
        recording: MusicBrainz's id of it; empty if unknown.
        link: to where it can be heard; empty if unknown.

    """

    artist: str
    title: str = ""
    recording: str = ""
    link: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others of a playlist."""
        return folded_name(self.artist), folded_name(self.title)

    @property
    def label(self) -> str:
        """Artist and title in one line of plain text."""
        return " - ".join(filter(None, (self.artist, self.title)))

    @property
    def address(self) -> str:
        """Its link, or one that searches for it at Last.fm, where services to listen at are linked."""
        if self.link:
            return self.link
        kind = "tracks" if self.title else "artists"
        return f"https://www.last.fm/search/{kind}?q={search_term(f'{self.artist} {self.title}', LONGEST_TERM)}"


class Playlist(NamedTuple):
    """
    A playlist.

    Attributes:
        user_id: whose it is.
        at_ms: when it was begun, in milliseconds since 1970.

    """

    id: int
    user_id: int
    name: str
    at_ms: int
    tracks: tuple[PlaylistTrack, ...] = ()


def clean_track(track: PlaylistTrack) -> PlaylistTrack:
    """Return a track as it is kept: without what can't be seen, and without a link that is none."""
    link = track.link if len(track.link) <= LONGEST_LINK and _is_web(track.link) else ""
    return PlaylistTrack(shown_artist(track.artist), shown_artist(track.title), track.recording[:36], link)


def of_service(track: HeardTrack) -> PlaylistTrack:
    """Return a track that a music service has told of."""
    return PlaylistTrack(track.artist.name, track.title, track.mbid, track.link)


def _is_web(link: str) -> bool:
    if not link.isascii() or any(letter in link for letter in " \t\r\n<>\"'()[]\\"):
        return False
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
