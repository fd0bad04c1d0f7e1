"""
Deezer: search with links and pictures, and similar artists, without a key.

Errors come with status 200, or with 404 and the same body. Facts as of recorded responses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steward.bots.music.providers.answers import (
    ArtistRef,
    FoundArtist,
    HeardTrack,
    SimilarArtist,
    Told,
    distinct,
)
from steward.bots.music.providers.caches import ProviderCaches
from steward.bots.music.providers.calls import ProviderCalls
from steward.bots.music.providers.failures import CallRefused, NotKnown, ProviderAway, ProviderResting
from steward.bots.music.providers.fields import folded, inside, picture_of, rows_of, text_of, web_address, whole_of
from steward.bots.music.providers.provider import SEARCH_FOR, SIMILAR_FOR, MusicProvider
from steward.runtime.clock import Clock
from steward.runtime.http import HttpClient
from steward.runtime.limits import Rule

ADDRESS = "https://api.deezer.com"
RULE = Rule(50, per=5)
QUOTA, NO_DATA, BUSY, QUOTA_RESTS = 4, 800, 700, 5.0
PICTURES = ("picture_big", "picture_medium", "picture")


class Deezer(MusicProvider):
    """Deezer."""

    name, title = "deezer", "Deezer"

    def __init__(self, http: HttpClient, clock: Clock, caches: ProviderCaches, *, address: str = ADDRESS) -> None:
        super().__init__(ProviderCalls(self.title, http, clock, rule=RULE, explain=_explain), caches, clock)
        self._address = address

    async def find_artists(self, text: str) -> Told[tuple[FoundArtist, ...]]:
        """See `MusicProvider`."""

        async def load() -> tuple[FoundArtist, ...]:
            return tuple(one for one in map(_artist, await self._search("artist", text)) if one.artist.name)

        return await self._told(self._caches.api_responses, f"artists:{folded(text)}", load, SEARCH_FOR)

    async def find_tracks(self, artist: str, title: str) -> Told[tuple[HeardTrack, ...]]:
        """See `MusicProvider`."""

        async def load() -> tuple[HeardTrack, ...]:
            fields = (("artist", artist), ("track", title))
            asked = " ".join(f'{name}:"{_quotable(value)}"' for name, value in fields if _quotable(value))
            tracks = map(_track, await self._search("", asked))
            return tuple(track for track in tracks if track is not None)

        key = f"tracks:{folded(artist)}\n{folded(title)}"
        return await self._told(self._caches.api_responses, key, load, SEARCH_FOR)

    async def similar_artists(self, artist: ArtistRef) -> Told[tuple[SimilarArtist, ...]]:
        """See `MusicProvider`; scores are by place in the list."""

        async def load() -> tuple[SimilarArtist, ...]:
            found = (await self.find_artists(artist.name)).value
            ref = next((one.ref for one in found if folded(one.artist.name) == folded(artist.name)), "")
            rows = await self._rows(f"/artist/{ref}/related", {}) if ref else []
            names = [name for name in (text_of(row.get("name")) for row in rows) if name]
            alike = (SimilarArtist(ArtistRef(name), 1 - at / len(names)) for at, name in enumerate(names))
            return distinct(alike, artist)

        return await self._told(self._caches.recommendations, f"similar:{folded(artist.name)}", load, SIMILAR_FOR)

    async def _search(self, what: str, text: str) -> list[Mapping[str, Any]]:
        asked = text_of(text)
        return await self._rows(f"/search/{what}".rstrip("/"), {"q": asked, "limit": 10}) if asked else []

    async def _rows(self, path: str, params: Mapping[str, str | int]) -> list[Mapping[str, Any]]:
        try:
            said = await self._calls.ask("GET", f"{self._address}{path}", params=params)
        except NotKnown:
            return []
        return rows_of(inside(said, "data"))


def _explain(status: int, said: Any) -> Exception | None:
    if not isinstance(inside(said, "error"), Mapping):
        return None
    code = whole_of(inside(said, "error", "code"))
    if code == QUOTA:
        return ProviderResting(Deezer.title, QUOTA_RESTS)
    if code == NO_DATA:
        return NotKnown(Deezer.title)
    return ProviderAway(Deezer.title, "is busy") if code == BUSY else CallRefused(Deezer.title, code or status)


def _quotable(text: str) -> str:
    return text_of(text.replace('"', " "))


def _artist(row: Mapping[str, Any]) -> FoundArtist:
    ref = whole_of(row.get("id"))
    picture = picture_of(*(row.get(name) for name in PICTURES))
    link = web_address(row.get("link"))
    return FoundArtist(ArtistRef(text_of(row.get("name"))), link, picture, ref="" if ref is None else str(ref))


def _track(row: Mapping[str, Any]) -> HeardTrack | None:
    artist, title = text_of(inside(row, "artist", "name")), text_of(row.get("title"))
    if not artist or not title:
        return None
    picture = picture_of(*(inside(row, "album", name) for name in ("cover_big", "cover_medium", "cover")))
    album, link = text_of(inside(row, "album", "title")), web_address(row.get("link"))
    return HeardTrack(ArtistRef(artist), title, album, picture=picture, link=link)
