"""Files of playlists, read: in which format, how much of it, and what of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from steward.bots.music.errors import MusicError
from steward.bots.music.playlists.cleaning import kept_link, kept_text, kept_track
from steward.bots.music.playlists.playlist import PlaylistTrack
from steward.text.plurals import listed

MOST_BYTES = 256 * 1024
MOST_NAMED = 10
ENDINGS = (".m3u8", ".m3u")
NO_FORMAT = "I can't read this file as a playlist."
FORMATS = "I read JSPF, XSPF and M3U8."


class ReadTrack(NamedTuple):
    """A track as a file has it: texts, numbers, or whatever stands there."""

    artist: Any
    title: Any
    links: Sequence[Any] = ()
    identifiers: Sequence[Any] = ()


class ReadFile(NamedTuple):
    """A file as it was read: its first tracks, and how many there are."""

    title: Any
    tracks: Sequence[ReadTrack]
    found: int


class PlaylistFromFile(NamedTuple):
    """
    What of a file is kept.

    Attributes:
        title: empty if it has none.
        tracks: at most as many as were asked for.
        found: how many there are in the file.
        unread: what could not be read, a sentence each.

    """

    title: str
    tracks: Sequence[PlaylistTrack]
    found: int
    unread: Sequence[str]


def read_file(content: bytes, file_name: str, most: int) -> PlaylistFromFile:
    """
    Read a file, in the format that its beginning says, or else its name.

    Raises:
        MusicError: it can't be read, or there is no track in it; the sentence says why.

    """
    check_size(len(content))
    title, first, found = _reader_of(content, file_name)(content, most)
    if not found:
        raise MusicError("There's no track in this file.")
    tracks, nameless, unlinked = [], [], 0
    for place, read in enumerate(first, 1):
        track = kept_track(*read)
        if track is None:
            nameless.append(place)
            continue
        tracks.append(track)
        unlinked += any(read.links) and not any(map(kept_link, read.links))
    unread = []
    if nameless:
        unread.append(f"{_places(nameless)} neither an artist nor a title.")
    if unlinked:
        unread.append(f"{unlinked:,} of the tracks point to files or the like: I keep web addresses only.")
    if found > most:
        unread.append(f"A playlist has up to {most} tracks, so I left out the last {found - most:,}.")
    if not tracks:
        raise MusicError("No track in this file has an artist, a title or a name.")
    return PlaylistFromFile(kept_text(title), tracks, found, unread)


def check_size(size: int) -> None:
    """
    Look whether a file of so many bytes is read.

    Raises:
        MusicError: it is too large.

    """
    if size > MOST_BYTES:
        raise MusicError(f"This file is too large: I read up to {MOST_BYTES // 1024} KiB.")


def _reader_of(content: bytes, file_name: str) -> Callable[[bytes, int], ReadFile]:
    begins = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if begins[:1] in {b"{", b"["}:
        from steward.bots.music.playlists.jspf import read_jspf

        return read_jspf
    if begins[:1] == b"<" or begins[:2] in {b"\xff\xfe", b"\xfe\xff"}:  # UTF-16, which is of XML if of anything
        from steward.bots.music.playlists.xspf import read_xspf

        return read_xspf
    if begins.startswith(b"#EXTM3U") or file_name.lower().endswith(ENDINGS):
        from steward.bots.music.playlists.m3u8 import read_m3u8

        return read_m3u8
    raise MusicError(NO_FORMAT, remedy=FORMATS)


def _places(places: Sequence[int]) -> str:
    if len(places) == 1:
        return f"Track {places[0]} has"
    if len(places) > MOST_NAMED:
        return f"{len(places):,} tracks have"
    return f"Tracks {listed([str(place) for place in places])} have"
