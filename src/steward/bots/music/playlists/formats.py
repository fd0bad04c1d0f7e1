"""
Playlists as files: JSPF and XSPF (xspf.org), M3U8, and plain links.

Names go into them in their own script; what would break a format, such as a line break in M3U8 or a control character
in XML, is never among what `clean_track` leaves.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from steward.bots.music.catalogue.names import folded_name
from steward.bots.music.playlists.cleaning import split_name
from steward.bots.music.playlists.playlist import Playlist, PlaylistFormat
from steward.store import from_millis

LISTENBRAINZ = "https://musicbrainz.org/doc/jspf#playlist"
"""The extension without which ListenBrainz imports no JSPF."""
RECORDING = "https://musicbrainz.org/recording/"
XSPF = "http://xspf.org/ns/0/"
LONGEST_FILE_NAME = 40
_TAG, _NO_TAG = "#EXT", "# EXT"  # some readers of M3U8 take it for a tag anywhere in a line


def playlist_file(playlist: Playlist, kind: PlaylistFormat, creator: str) -> tuple[str, bytes]:
    """
    Return a file's name and contents, UTF-8.

    Args:
        creator: who it is from, by name.

    """
    return f"{_file_name(playlist.name)}.{kind}", _WRITERS[kind](playlist, creator).encode()


def _jspf(playlist: Playlist, creator: str) -> str:
    tracks = []
    for track in playlist.tracks:
        row: dict[str, Any] = {"location": [track.address]}
        if track.artist:
            row["creator"] = track.artist
        if track.title:
            row["title"] = track.title
        if track.recording:
            row["identifier"] = [RECORDING + track.recording]
        tracks.append(row)
    written = {
        "title": playlist.name,
        "creator": creator,
        "date": _date(playlist),
        "track": tracks,
        "extension": {LISTENBRAINZ: {"public": False}},
    }
    return json.dumps({"playlist": written}, ensure_ascii=False, indent=1) + "\n"


def _xspf(playlist: Playlist, creator: str) -> str:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<playlist version="1" xmlns="{XSPF}">',
        *_elements(title=playlist.name, creator=creator, date=_date(playlist)),
        "<trackList>",
    ]
    for track in playlist.tracks:
        identifier = RECORDING + track.recording if track.recording else ""
        # The order that its schema demands.
        parts = _elements(location=track.address, identifier=identifier, title=track.title, creator=track.artist)
        lines += ["<track>", *parts, "</track>"]
    return "\n".join([*lines, "</trackList>", "</playlist>", ""])


def _m3u8(playlist: Playlist, _: str) -> str:
    lines = ["#EXTM3U", f"#PLAYLIST:{playlist.name}"]
    for track in playlist.tracks:
        label, artist, title = (one.replace(_TAG, _NO_TAG) for one in (track.label, track.artist, track.title))
        lines.append(f"#EXTINF:-1,{label}")
        if split_name(label) != (artist, title):
            lines.append(f"#EXTART:{artist}")
        lines.append(track.address)
    return "\n".join([*lines, ""])


def _links(playlist: Playlist, _: str) -> str:
    return "".join(f"{track.label}\n{track.address}\n\n" for track in playlist.tracks)


_WRITERS: dict[PlaylistFormat, Callable[[Playlist, str], str]] = {
    PlaylistFormat.JSPF: _jspf,
    PlaylistFormat.XSPF: _xspf,
    PlaylistFormat.M3U8: _m3u8,
    PlaylistFormat.LINKS: _links,
}


def _elements(**texts: str) -> Iterator[str]:
    return (f"<{name}>{escape(text, quote=False)}</{name}>" for name, text in texts.items() if text)


def _date(playlist: Playlist) -> str:
    return from_millis(playlist.at_ms).isoformat(timespec="seconds")


def _file_name(name: str) -> str:
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in folded_name(name))
    return "-".join(filter(None, kept.split("-")))[:LONGEST_FILE_NAME].strip("-") or "playlist"
