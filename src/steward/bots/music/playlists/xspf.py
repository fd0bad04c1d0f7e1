"""
Reads XSPF, by expat alone: documents with a DTD or entities are refused, so none grows or reaches for another.

Source: xiph.org, "XSPF Version 1".
"""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from steward.bots.music.errors import MusicError
from steward.bots.music.playlists.formats import XSPF
from steward.bots.music.playlists.reading import ReadFile, ReadTrack

DEEPEST = 30
_TRACK = ("playlist", "trackList", "track")
_TITLE = ("playlist", "title")
_FIELDS = frozenset({"creator", "title", "location", "identifier"})


def read_xspf(content: bytes, most: int) -> ReadFile:
    """
    Read XSPF.

    Raises:
        MusicError: it is none, isn't well-formed, or has a DTD.

    """
    reader = _Reader(most)
    try:
        reader.parser.Parse(content, True)
    except expat.ExpatError as error:
        said = expat.ErrorString(error.code)
        raise MusicError(f"This file isn't well-formed XML: line {error.lineno} has an error ({said}).") from error
    except (LookupError, ValueError) as error:  # of an encoding
        raise MusicError("This file is in an encoding that I can't read.", remedy="Save it as UTF-8.") from error
    return ReadFile(reader.title, reader.tracks, reader.found)


class _Reader:
    """Takes the fields of tracks as expat comes by them; elements of other namespaces are passed over."""

    def __init__(self, most: int) -> None:
        self.title = ""
        self.found = 0
        self._most = most
        self.tracks: list[ReadTrack] = []
        self._path: list[str] = []
        self._text: list[str] = []
        self._fields: dict[str, list[str]] = {}
        self.parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse_dtd
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append

    def _start(self, name: str, _: Any) -> None:
        space, _, local = name.rpartition(" ")
        self._path.append(local if space in {"", XSPF} else "")
        if self._path[0] != "playlist":
            raise MusicError("This file is XML, but no XSPF: that begins with <playlist>.")
        if len(self._path) > DEEPEST:
            raise MusicError("This file is no XSPF: its elements are nested too deeply.")
        self._text.clear()
        if tuple(self._path) == _TRACK:
            self._fields = {}

    def _end(self, _: str) -> None:
        path, text = tuple(self._path), "".join(self._text).strip()
        if path == _TITLE:
            self.title = text
        elif path[:-1] == _TRACK and path[-1] in _FIELDS:
            self._fields.setdefault(path[-1], []).append(text)
        elif path == _TRACK:
            self._keep()
        self._path.pop()
        self._text.clear()

    def _keep(self) -> None:
        self.found += 1
        if self.found <= self._most:
            creator, title = map(self._first, ("creator", "title"))
            links, identifiers = (self._fields.get(name, []) for name in ("location", "identifier"))
            self.tracks.append(ReadTrack(creator, title, links, identifiers))

    def _first(self, name: str) -> str:
        return next(iter(self._fields.get(name, ())), "")


def _refuse_dtd(*_: Any) -> None:
    raise MusicError("This file has a document type or entities of its own, which I don't read.")
