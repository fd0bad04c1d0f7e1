"""The one interface of all music services."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from steward.bots.music.providers.answers import (
    ArtistRef,
    FoundArtist,
    HeardTrack,
    ListenPage,
    SimilarArtist,
    TagCount,
    Told,
)
from steward.bots.music.providers.caches import ProviderCaches
from steward.bots.music.providers.calls import ProviderCalls
from steward.bots.music.providers.failures import NotOffered, UnknownListener
from steward.bots.music.providers.fields import text_of
from steward.runtime.cache import Category
from steward.runtime.clock import Clock
from steward.settings.secret import Secret

LONGEST_NAME = 100
PAGE = 200
DAY = 86_400.0
SIMILAR_FOR, TAGS_FOR, SEARCH_FOR, PLAYING_FOR = 30 * DAY, 7 * DAY, DAY, 15.0
"""How long answers are kept, in seconds; that there is nothing is kept for a day at most."""

Value = TypeVar("Value")


class Capability(StrEnum):
    """What a service may be asked: the names of the methods."""

    LISTENS = "listens"
    NOW_PLAYING = "now_playing"
    LOVED = "loved_tracks"
    SIMILAR = "similar_artists"
    TAGS = "artist_tags"
    CORRECTION = "corrected_artist"
    ARTISTS = "find_artists"
    TRACKS = "find_tracks"
    REFUSALS = "refused_artists"
    REFUSE = "refuse_artist"


class MusicProvider:
    """
    A service; each of ours overrides what it offers, and the rest raises `NotOffered`.

    Every method may raise `NotReady` (ask another one), `NeedsOperator`, or another `StewardError` with a sentence.

    Attributes:
        name: short, in small letters; title: as people read it.

    """

    name: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, calls: ProviderCalls, caches: ProviderCaches, clock: Clock) -> None:
        self._calls = calls
        self._caches = caches
        self._clock = clock

    @property
    def offers(self) -> frozenset[Capability]:
        """What it can be asked."""
        return frozenset(one for one in Capability if one.value in vars(type(self)))

    @property
    def requests(self) -> int:
        """Requests sent since the start."""
        return self._calls.sent

    @property
    def problem(self) -> str:
        """What is wrong with it now, a sentence; empty if nothing is."""
        return self._calls.problem

    async def listens(self, listener: str, *, since: int = 0, cursor: str = "", limit: int = PAGE) -> ListenPage:
        """
        Return a page of a history, the newest first; it is tried several times, over some seconds.

        Args:
            since: nothing heard before this second.
            cursor: of the last page; empty for the first one.

        Raises:
            UnknownListener, PrivateHistory: see there.
            UnreadablePage: go on with its cursor.

        """
        raise NotOffered(self.title, "history")

    async def now_playing(self, listener: str) -> Told[HeardTrack | None]:
        """Return what somebody hears now; None for nothing."""
        raise NotOffered(self.title, "current track")

    async def loved_tracks(self, listener: str) -> Told[tuple[HeardTrack, ...]]:
        """Return what somebody marked as loved, the latest first, 200 at most."""
        raise NotOffered(self.title, "loved tracks")

    async def similar_artists(self, artist: ArtistRef) -> Told[tuple[SimilarArtist, ...]]:
        """Return similar artists, the most alike first; none for an artist it doesn't know."""
        raise NotOffered(self.title, "similar artists")

    async def artist_tags(self, artist: ArtistRef) -> Told[tuple[TagCount, ...]]:
        """Return an artist's tags, the most used first."""
        raise NotOffered(self.title, "tags")

    async def corrected_artist(self, artist: ArtistRef) -> Told[ArtistRef]:
        """Return an artist by the name that the service uses now; the same if it knows no other."""
        raise NotOffered(self.title, "corrections of names")

    async def find_artists(self, text: str) -> Told[tuple[FoundArtist, ...]]:
        """Return artists that match a text, the best first, ten at most."""
        raise NotOffered(self.title, "search for artists")

    async def find_tracks(self, artist: str, title: str) -> Told[tuple[HeardTrack, ...]]:
        """Return tracks that match, with links, the best first, ten at most."""
        raise NotOffered(self.title, "search for tracks")

    async def refused_artists(self, listener: str) -> tuple[str, ...]:
        """Return the MusicBrainz ids of artists that somebody never wants recommended."""
        raise NotOffered(self.title, "list of refused artists")

    async def refuse_artist(self, artist: ArtistRef, token: Secret, *, is_refused: bool = True) -> bool:
        """Have an artist never recommended to the token's owner, or again; return whether the service knows it."""
        raise NotOffered(self.title, "list of refused artists")

    async def _told(
        self,
        category: Category[Told[Any]],
        key: str,
        load: Callable[[], Awaitable[Value]],
        ttl: float,
    ) -> Told[Value]:
        """Return an answer from the cache, or load it; errors are never kept."""

        async def told() -> Told[Value]:
            return Told(await load(), self.title, round(self._clock.now().timestamp() * 1000))

        def seconds(found: Told[Value]) -> float:
            return ttl if found.value else min(ttl, DAY)

        found = await category.fetch(f"{self.name}:{key}", told, ttl=seconds)
        if found is None:
            raise RuntimeError("An answer is never None.")
        return found

    def _listener(self, name: str) -> str:
        """Return the name of a listener, if it can be one: it becomes part of an address."""
        found = name.strip()
        if not found.strip(".") or found != text_of(found) or len(found) > LONGEST_NAME or set("/\\?#") & set(found):
            raise UnknownListener(self.title, text_of(name))
        return found
