"""
Spotify: search, for links. All else is closed to new applications; popularity, followers and markets are gone.

A token lasts an hour. "Too many requests" may ask to wait for hours. Facts as of its announcements of 2024 to 2026.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from steward.bots.music.providers.answers import (
    ArtistRef,
    FoundArtist,
    HeardTrack,
    Told,
)
from steward.bots.music.providers.caches import ProviderCaches
from steward.bots.music.providers.calls import ProviderCalls
from steward.bots.music.providers.failures import CallRefused, KeyRefused, ProviderAway, ProviderResting
from steward.bots.music.providers.fields import folded, inside, picture_of, rows_of, text_of, web_address, whole_of
from steward.bots.music.providers.provider import SEARCH_FOR, MusicProvider
from steward.runtime.clock import Clock
from steward.runtime.http import HttpClient
from steward.runtime.limits import Rule
from steward.settings.secret import Secret

ADDRESS, ACCOUNTS = "https://api.spotify.com", "https://accounts.spotify.com"
RULE = Rule(10, per=1)
KEY = "STEWARD_SPOTIFY_CLIENT_SECRET"
FEWEST, MOST = 10, 3600
"""Seconds for which a token is kept."""
EXPIRED, FORBIDDEN, TOO_MANY, QUOTA_RESTS = 401, 403, 429, 3600.0
MOST_FOUND = 10


class Spotify(MusicProvider):
    """Spotify, with the id and the secret of the operator's application."""

    name, title = "spotify", "Spotify"

    def __init__(
        self,
        http: HttpClient,
        clock: Clock,
        caches: ProviderCaches,
        client_id: str,
        client_secret: Secret,
        *,
        address: str = ADDRESS,
        accounts: str = ACCOUNTS,
    ) -> None:
        super().__init__(ProviderCalls(self.title, http, clock, rule=RULE, explain=_explain), caches, clock)
        self._client = client_id, client_secret
        self._address = address
        self._accounts = accounts

    async def find_artists(self, text: str) -> Told[tuple[FoundArtist, ...]]:
        """See `MusicProvider`."""

        async def load() -> tuple[FoundArtist, ...]:
            found = map(_artist, await self._search("artist", text_of(text)))
            return tuple(one for one in found if one.artist.name)

        return await self._told(self._caches.api_responses, f"artists:{folded(text)}", load, SEARCH_FOR)

    async def find_tracks(self, artist: str, title: str) -> Told[tuple[HeardTrack, ...]]:
        """See `MusicProvider`."""

        async def load() -> tuple[HeardTrack, ...]:
            tracks = map(_track, await self._search("track", text_of(f"{artist} {title}")))
            return tuple(track for track in tracks if track is not None)

        key = f"tracks:{folded(artist)}\n{folded(title)}"
        return await self._told(self._caches.api_responses, key, load, SEARCH_FOR)

    async def _search(self, kind: str, asked: str) -> list[Mapping[str, Any]]:
        if not asked:
            return []
        params = {"q": asked, "type": kind, "limit": MOST_FOUND}
        for is_last in (False, True):
            headers = {"Authorization": f"Bearer {(await self._token()).reveal()}"}
            try:
                said = await self._calls.ask("GET", f"{self._address}/v1/search", params=params, headers=headers)
            except CallRefused as refused:
                if refused.status != EXPIRED or is_last:
                    raise
                self._caches.tokens.delete(self.name)
            else:
                return rows_of(inside(said, f"{kind}s", "items"))
        raise AssertionError("The last attempt returns or raises.")

    async def _token(self) -> Secret:
        """Return a token, for as long as it lasts."""
        lasts = 0

        async def load() -> Secret:
            nonlocal lasts
            client_id, secret = self._client
            pair = base64.b64encode(f"{client_id}:{secret.reveal()}".encode()).decode()
            headers = {"Authorization": f"Basic {pair}", "Content-Type": "application/x-www-form-urlencoded"}
            url, data = f"{self._accounts}/api/token", b"grant_type=client_credentials"
            said = await self._calls.ask("POST", url, data=data, headers=headers)
            token = text_of(inside(said, "access_token"))
            if not token:
                raise ProviderAway(self.title, "gives out no token")
            lasts = min(MOST, max(FEWEST, (whole_of(inside(said, "expires_in")) or 0) - 60))
            return Secret(token)

        found: Secret | None = await self._caches.tokens.fetch(self.name, load, ttl=lambda _: lasts)
        if found is None:
            raise ProviderAway(self.title, "gives out no token")
        return found


def _explain(status: int, said: Any) -> Exception | None:
    error = inside(said, "error")
    if isinstance(error, str) and error.startswith("invalid_client"):
        return KeyRefused(Spotify.title, KEY, error[:50])
    if status == FORBIDDEN:
        return KeyRefused(Spotify.title, KEY, str(status))
    if status == TOO_MANY and inside(error, "reason") == "QUOTA_EXCEEDED":
        return ProviderResting(Spotify.title, QUOTA_RESTS)
    return None


def _artist(row: Mapping[str, Any]) -> FoundArtist:
    pictures = picture_of(*(one.get("url") for one in rows_of(row.get("images"))))
    link = web_address(inside(row, "external_urls", "spotify"))
    return FoundArtist(ArtistRef(text_of(row.get("name"))), link, pictures, ref=text_of(row.get("id")))


def _track(row: Mapping[str, Any]) -> HeardTrack | None:
    artists = rows_of(row.get("artists"))
    artist, title = text_of(artists[0].get("name")) if artists else "", text_of(row.get("name"))
    if not artist or not title:
        return None
    picture = picture_of(*(one.get("url") for one in rows_of(inside(row, "album", "images"))))
    album, link = text_of(inside(row, "album", "name")), web_address(inside(row, "external_urls", "spotify"))
    return HeardTrack(ArtistRef(artist), title, album, picture=picture, link=link)
