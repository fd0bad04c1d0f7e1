"""
Reads JSPF, XSPF as JSON, which ListenBrainz writes.

Sources: xiph.org, "JSPF Draft"; ListenBrainz's documentation of its playlists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steward.bots.music.errors import MusicError
from steward.bots.music.playlists.reading import ReadFile, ReadTrack
from steward.bots.music.providers.fields import read_json


def read_jspf(content: bytes, most: int) -> ReadFile:
    """
    Read JSPF; what should be a list may be its only element, and extensions may be of any form.

    Raises:
        MusicError: it is none.

    """
    try:
        found = read_json(content)
    except ValueError as error:
        raise MusicError("This file isn't JSON that I can read, so it's no JSPF.") from error
    playlist = found.get("playlist", found) if isinstance(found, Mapping) else None
    if not isinstance(playlist, Mapping) or not {"track", "title"} & playlist.keys():
        raise MusicError("This file is JSON, but no JSPF: it has no playlist in it.")
    tracks = playlist.get("track")
    rows = [] if tracks is None else _several(tracks)
    return ReadFile(playlist.get("title"), [_read(row) for row in rows[:most]], len(rows))


def _read(row: Any) -> ReadTrack:
    if not isinstance(row, Mapping):
        return ReadTrack(None, None)
    return ReadTrack(
        row.get("creator"),
        row.get("title"),
        _several(row.get("location")),
        _several(row.get("identifier")),
    )


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
