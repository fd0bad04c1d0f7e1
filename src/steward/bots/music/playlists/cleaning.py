"""Whatever a file or a service says of a track, as it may be kept; imported where it's needed, for it's rare."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from steward.bots.music.catalogue.names import shown_artist
from steward.bots.music.playlists.playlist import LONGEST_LINK, PlaylistTrack

LONGEST_READ = 2000
"""Characters of a text that are looked at: no name is that long."""
_SAFE = "%/:?#@!$&*+,;=-._~"
_HOST = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]{1,5})?")
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_RECORDING = re.compile(
    rf"https?://(?:(?:www\.|beta\.)?musicbrainz\.org/recording|listenbrainz\.org/track)/({_UUID})/?", re.IGNORECASE
)


def kept_track(
    artist: Any, title: Any, links: Iterable[Any] = (), identifiers: Iterable[Any] = ()
) -> PlaylistTrack | None:
    """
    Return a track as it is kept, of values of any type; None if neither an artist nor a title is left.

    Where it has no name, one is taken from the end of its first link. What is no web address is no link.
    """
    places = [*links]
    by, called = kept_text(artist), kept_text(title)
    if not by and not called:
        by, called = split_name(next(filter(None, map(_named_by, places)), ""))
    if not by and not called:
        return None
    found = (_RECORDING.fullmatch(one.strip()) for one in (*identifiers, *places) if isinstance(one, str))
    recording = next((one[1].lower() for one in found if one), "") if called else ""
    track = PlaylistTrack(by, called, recording)
    kept = map(kept_link, places)
    return track._replace(link=next((one for one in kept if one and one != track.address), ""))


def split_name(text: str) -> tuple[str, str]:
    """Return the artist and the title of a line `Artist - Title`; without a dash it is a title."""
    artist, _, title = text.partition(" - ")
    by, called = shown_artist(artist), shown_artist(title)
    return (by, called) if by and called else ("", shown_artist(text))


def kept_text(value: Any) -> str:
    """Return a name or title as it is kept; empty if it is no text."""
    return shown_artist(value[:LONGEST_READ]) if isinstance(value, str) else ""


def kept_link(value: Any) -> str:
    """Return a web address as it is kept: percent-encoded, up to 400 characters; empty if it is none or too long."""
    if not isinstance(value, str) or len(value) > LONGEST_READ:
        return ""
    address, sign, part = re.sub("%(?![0-9A-Fa-f]{2})", "%25", value.strip()).partition("#")
    found = quote(address + sign + part.replace("#", "%23"), safe=_SAFE, errors="replace")
    try:
        parts = urlsplit(found)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return ""
    return found if is_address and _HOST.fullmatch(parts.netloc) and len(found) <= LONGEST_LINK else ""


def _named_by(link: Any) -> str:
    """Return the name of the file that a path or an address ends with, without its ending."""
    if not isinstance(link, str):
        return ""
    file = re.split(r"[/\\]", re.split("[?#]", link[:LONGEST_READ])[0].rstrip("/"))[-1]
    return shown_artist(unquote(re.sub(r"\.\w{2,4}$", "", file)).replace("_", " "))
