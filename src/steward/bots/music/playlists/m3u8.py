"""Reads M3U8 and M3U, which players write: names and addresses, one line each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from steward.bots.music.errors import MusicError
from steward.bots.music.playlists.cleaning import split_name
from steward.bots.music.playlists.reading import ReadFile, ReadTrack

_INFO = re.compile(r'#EXTINF:\s*(?:-?[0-9]+(?:\.[0-9]+)?)?(?:\s+[\w-]+="[^"]*")*\s*,(?P<name>.*)')
_LINE = re.compile("\r\n|\r|\n")


def read_m3u8(content: bytes, most: int) -> ReadFile:
    """
    Read M3U8, with or without its directives.

    Raises:
        MusicError: it isn't UTF-8, or describes a stream.

    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MusicError("This file isn't UTF-8.", remedy="Save the playlist as M3U8, which is.") from error
    lines = [line.strip() for line in _LINE.split(text)]
    if any(line.startswith("#EXT-X-") for line in lines):
        raise MusicError("This file describes a stream, and names no tracks.")
    title = next((line.partition(":")[2] for line in lines if line.startswith("#PLAYLIST:")), "")
    entries = [*_entries(lines)]
    return ReadFile(title, [_read(*one) for one in entries[:most]], len(entries))


def _entries(lines: Sequence[str]) -> Iterator[tuple[dict[str, str], str]]:
    """Yield the address of each track, with what the lines before it say of it."""
    told: dict[str, str] = {}
    for line in lines:
        info = _INFO.fullmatch(line) if line.startswith("#EXTINF:") else None
        if info is not None:
            told["name"] = info["name"].strip()
        elif line.startswith("#EXTART:"):
            told["artist"] = line[8:].strip()
        elif line and not line.startswith("#"):
            yield told, line
            told = {}
    if "name" in told:  # its address is missing
        yield told, ""


def _read(told: dict[str, str], address: str) -> ReadTrack:
    name, by = told.get("name", ""), told.get("artist")
    artist, title = split_name(name)
    if by is not None:  # it says where the title begins
        if name == by:
            artist, title = by, ""
        elif not by or name.startswith(f"{by} - "):
            artist, title = by, name.removeprefix(f"{by} - ")
    return ReadTrack(artist or by, title, [address])
