"""
Last.fm: histories, loved tracks, similar artists, tags, corrections of names, search.

Its JSON is made from XML: numbers are texts, a list of one is an object, and an error may come with status 200. What
plays now comes first in a history, beyond the limit and without a date. Facts as of the community's documentation and
of recorded responses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steward.bots.music.providers.answers import (
    ArtistRef,
    FoundArtist,
    HeardListen,
    HeardTrack,
    ListenPage,
    SimilarArtist,
    TagCount,
    Told,
    distinct,
)
from steward.bots.music.providers.caches import ProviderCaches
from steward.bots.music.providers.calls import PATIENT, QUICK, RATE_RESTS, Patience, ProviderCalls
from steward.bots.music.providers.failures import (
    Garbled,
    KeyRefused,
    NotKnown,
    PrivateHistory,
    ProviderAway,
    ProviderResting,
    UnknownListener,
    UnreadablePage,
)
from steward.bots.music.providers.fields import (
    folded,
    inside,
    mbid_of,
    moment_of,
    picture_of,
    rows_of,
    share_of,
    text_of,
    web_address,
    whole_of,
)
from steward.bots.music.providers.provider import (
    PAGE,
    PLAYING_FOR,
    SEARCH_FOR,
    SIMILAR_FOR,
    TAGS_FOR,
    MusicProvider,
)
from steward.runtime.clock import Clock
from steward.runtime.http import HttpClient
from steward.runtime.limits import Rule
from steward.settings.secret import Secret

ADDRESS = "https://ws.audioscrobbler.com/2.0/"
RULE = Rule(5, per=1)
KEY = "STEWARD_LASTFM_KEY"
SWITCH, WHERE = "Hide recent listening information", "https://www.last.fm/settings/privacy"
NOT_FOUND, PRIVATE, SUSPENDED, RATE = frozenset({6, 7}), 17, 26, 29
AWAY = frozenset({2, 8, 11, 16})
BAD_KEY = frozenset({4, 10, SUSPENDED})
UNKNOWN = "[unknown]"


class LastFm(MusicProvider):
    """Last.fm, with the operator's key."""

    name, title = "lastfm", "Last.fm"

    def __init__(
        self, http: HttpClient, clock: Clock, caches: ProviderCaches, key: Secret, *, address: str = ADDRESS
    ) -> None:
        super().__init__(ProviderCalls(self.title, http, clock, rule=RULE, explain=_explain), caches, clock)
        self._key = key
        self._address = address

    async def listens(self, listener: str, *, since: int = 0, cursor: str = "", limit: int = PAGE) -> ListenPage:
        """See `MusicProvider`; the cursor has the end of the history when it began, so that pages stay the same."""
        now = int(self._clock.now().timestamp())
        end, _, number = cursor.partition(".")
        until, page = (whole_of(end) or now), (whole_of(number) or 1)
        begin = {"from": since} if since else {}
        try:
            found = await self._history(listener, PATIENT, to=until, page=page, limit=limit, **begin)
        except Garbled:
            raise UnreadablePage(self.title, f"{until}.{page + 1}") from None
        rows = [row for row in rows_of(inside(found, "track")) if not _plays(row)]
        listens = []
        for row in rows:
            at, track = moment_of(inside(row, "date", "uts"), now), _track(row)
            if at is not None and at >= since and track is not None:
                listens.append(HeardListen(at, track))
        pages = whole_of(inside(found, "@attr", "totalPages"))
        is_last = not rows or (pages is not None and page >= pages)
        return ListenPage(tuple(listens), "" if is_last else f"{until}.{page + 1}", len(rows) - len(listens))

    async def now_playing(self, listener: str) -> Told[HeardTrack | None]:
        """See `MusicProvider`."""

        async def load() -> HeardTrack | None:
            rows = rows_of(inside(await self._history(listener, QUICK, limit=1), "track"))
            return next((_track(row) for row in rows if _plays(row)), None)

        return await self._told(self._caches.api_responses, f"playing:{folded(listener)}", load, PLAYING_FOR)

    async def loved_tracks(self, listener: str) -> Told[tuple[HeardTrack, ...]]:
        """See `MusicProvider`."""

        async def load() -> tuple[HeardTrack, ...]:
            said = await self._of_listener("user.getLovedTracks", listener, QUICK, limit=PAGE)
            tracks = map(_track, rows_of(inside(said, "lovedtracks", "track")))
            return tuple(track for track in tracks if track is not None)

        return await self._told(self._caches.api_responses, f"loved:{folded(listener)}", load, 300)

    async def similar_artists(self, artist: ArtistRef) -> Told[tuple[SimilarArtist, ...]]:
        """See `MusicProvider`."""

        async def load() -> tuple[SimilarArtist, ...]:
            said = await self._of_artist("artist.getSimilar", artist, limit=100)
            rows = rows_of(inside(said, "similarartists", "artist"))
            found = (SimilarArtist(_artist(row), share_of(row.get("match"))) for row in rows)
            return distinct(found, artist)

        return await self._told(self._caches.recommendations, f"similar:{folded(artist.name)}", load, SIMILAR_FOR)

    async def artist_tags(self, artist: ArtistRef) -> Told[tuple[TagCount, ...]]:
        """See `MusicProvider`; counts are of 100."""

        async def load() -> tuple[TagCount, ...]:
            said = await self._of_artist("artist.getTopTags", artist)
            rows = rows_of(inside(said, "toptags", "tag"))
            tags = (TagCount(text_of(row.get("name")), whole_of(row.get("count")) or 0) for row in rows)
            return tuple(sorted((tag for tag in tags if tag.tag and tag.uses > 0), key=lambda tag: -tag.uses))

        return await self._told(self._caches.api_responses, f"tags:{folded(artist.name)}", load, TAGS_FOR)

    async def corrected_artist(self, artist: ArtistRef) -> Told[ArtistRef]:
        """See `MusicProvider`."""

        async def load() -> ArtistRef:
            said = await self._of_artist("artist.getCorrection", artist)
            rows = rows_of(inside(said, "corrections", "correction"))
            found = _artist(inside(rows[0], "artist")) if rows else artist
            return found if found.name else artist

        return await self._told(self._caches.api_responses, f"correct:{folded(artist.name)}", load, SIMILAR_FOR)

    async def find_artists(self, text: str) -> Told[tuple[FoundArtist, ...]]:
        """See `MusicProvider`."""

        async def load() -> tuple[FoundArtist, ...]:
            said = await self._of_artist("artist.search", ArtistRef(text), limit=10)
            rows = rows_of(inside(said, "results", "artistmatches", "artist"))
            found = (FoundArtist(_artist(row), web_address(row.get("url")), _picture(row)) for row in rows)
            return tuple(one for one in found if one.artist.name)

        return await self._told(self._caches.api_responses, f"artists:{folded(text)}", load, SEARCH_FOR)

    async def _history(self, listener: str, patience: Patience, **params: str | int) -> Any:
        said = await self._of_listener("user.getRecentTracks", listener, patience, **params)
        found = inside(said, "recenttracks")
        owner = text_of(inside(found, "@attr", "user"))
        if owner and folded(owner) != folded(listener):  # seen once
            raise ProviderAway(self.title, "answers with what somebody else hears")
        return found

    async def _of_listener(self, method: str, listener: str, patience: Patience, **params: str | int) -> Any:
        try:
            return await self._ask(method, patience, user=self._listener(listener), **params)
        except UnknownListener:
            raise
        except NotKnown:
            raise UnknownListener(self.title, text_of(listener)) from None

    async def _of_artist(self, method: str, artist: ArtistRef, **params: str | int) -> Any:
        """Return what is said of an artist, by the name that it is corrected to; None if it isn't known."""
        name = text_of(artist.name)
        if not name:
            return None
        try:
            return await self._ask(method, QUICK, artist=name, autocorrect=1, **params)
        except NotKnown:
            return None

    async def _ask(self, method: str, patience: Patience, **params: str | int) -> Any:
        sent = {"method": method, "api_key": self._key.reveal(), "format": "json", **params}
        return await self._calls.ask("GET", self._address, patience=patience, params=sent)


def _explain(_: int, said: Any) -> Exception | None:
    code = whole_of(inside(said, "error"))
    if code is None:
        return None
    what = f"error {code}"
    if code == PRIVATE:
        return PrivateHistory(LastFm.title, SWITCH, WHERE)
    if code in NOT_FOUND:
        return NotKnown(LastFm.title)
    if code in BAD_KEY:
        return KeyRefused(LastFm.title, KEY, what, **({"retry_after": 86_400.0} if code == SUSPENDED else {}))
    if code == RATE:
        return ProviderResting(LastFm.title, RATE_RESTS)
    return ProviderAway(LastFm.title, f"can't answer now ({what})")


def _plays(row: Mapping[str, Any]) -> bool:
    return text_of(inside(row, "@attr", "nowplaying")).lower() == "true"


def _artist(row: Any) -> ArtistRef:
    """Return an artist, who is an object with a name or a text, or a text alone."""
    name = text_of(inside(row, "name")) or text_of(row)
    return ArtistRef("" if name == UNKNOWN else name, mbid_of(inside(row, "mbid")))


def _track(row: Mapping[str, Any]) -> HeardTrack | None:
    artist, title = _artist(row.get("artist")), text_of(row.get("name"))
    if not artist.name or not title:
        return None
    album, link = text_of(row.get("album")), web_address(row.get("url"))
    return HeardTrack(artist, title, album, mbid_of(row.get("mbid")), _picture(row), link)


def _picture(row: Mapping[str, Any]) -> str:
    """Return the largest picture, which is the last one."""
    return picture_of(*(one.get("#text") for one in reversed(rows_of(row.get("image")))))
