"""
ListenBrainz: histories, what plays now, tags, similar artists, and lists of what nobody should recommend.

What listens are of may be missing field by field; 204 and 200 with `valid: false` are answers, too. Its limits are in
the headers of each answer. Facts as of its documentation and source.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

from steward.bots.music.providers.agent import agent_of
from steward.bots.music.providers.answers import (
    ArtistRef,
    HeardListen,
    HeardTrack,
    ListenPage,
    SimilarArtist,
    TagCount,
    Told,
    distinct,
)
from steward.bots.music.providers.caches import ProviderCaches
from steward.bots.music.providers.calls import PATIENT, QUICK, Patience, ProviderCalls
from steward.bots.music.providers.failures import Garbled, NotKnown, TokenRefused, UnknownListener, UnreadablePage
from steward.bots.music.providers.fields import (
    FIRST_LISTEN,
    folded,
    inside,
    mbid_of,
    moment_of,
    number_of,
    rows_of,
    share_of,
    text_of,
    whole_of,
)
from steward.bots.music.providers.provider import (
    PAGE,
    PLAYING_FOR,
    SIMILAR_FOR,
    TAGS_FOR,
    MusicProvider,
)
from steward.runtime.clock import Clock
from steward.runtime.http import HttpClient
from steward.runtime.limits import Rule
from steward.settings.secret import Secret

ADDRESS, LABS = "https://api.listenbrainz.org", "https://labs.api.listenbrainz.org"
RULE = Rule(30, per=10)
"""What it takes stands in headers; this only keeps a burst from reaching it."""
ALGORITHM = "session_based_days_7500_session_300_contribution_5_threshold_10_limit_100_filter_True_skip_30"
"""One of the names that the similar artists are computed under; another one is an error."""
TOKENS_AT = "https://listenbrainz.org/settings/"
UNAUTHORIZED, NOT_FOUND = frozenset({401, 403}), 404
REFUSED_PAGE, REFUSED_PAGES = 100, 20


class ListenBrainz(MusicProvider):
    """
    ListenBrainz; histories are public and need no token.

    Args:
        contact: how to reach the operator.
        token: the operator's own, for higher limits.
        find_mbid: returns an artist's MusicBrainz id, or nothing: names say nothing to it.

    Raises:
        NoContact: there is no contact.

    """

    name, title = "listenbrainz", "ListenBrainz"

    def __init__(
        self,
        http: HttpClient,
        clock: Clock,
        caches: ProviderCaches,
        contact: str,
        *,
        token: Secret | None = None,
        find_mbid: Callable[[ArtistRef], Awaitable[str]] | None = None,
        address: str = ADDRESS,
        labs: str = LABS,
    ) -> None:
        agent = agent_of(contact, self.title)
        own = agent if token is None else agent | _authorization(token)
        super().__init__(
            ProviderCalls(self.title, http, clock, rule=RULE, explain=_explain, headers=own), caches, clock
        )
        self._labs = ProviderCalls(f"{self.title} Labs", http, clock, rule=RULE, explain=_explain, headers=agent)
        self._find_mbid = find_mbid
        self._address = f"{address}/1"
        self._labs_address = labs

    @property
    def requests(self) -> int:
        """See `MusicProvider`."""
        return self._calls.sent + self._labs.sent

    @property
    def problem(self) -> str:
        """See `MusicProvider`."""
        return self._calls.problem or self._labs.problem

    async def listens(self, listener: str, *, since: int = 0, cursor: str = "", limit: int = PAGE) -> ListenPage:
        """See `MusicProvider`; the cursor is the second before which the page ends."""
        now = int(self._clock.now().timestamp())
        before = whole_of(cursor) or now + 1
        try:
            found = await self._of_listener(listener, "listens", PATIENT, count=limit, max_ts=before)
        except Garbled:
            raise UnreadablePage(self.title, "") from None
        rows = rows_of(inside(found, "listens"))
        listens = []
        for row in rows:
            at, track = moment_of(row.get("listened_at"), now), _track(row)
            if at is not None and at >= since and track is not None:
                listens.append(HeardListen(at, track))
        oldest = min((at for at in (whole_of(row.get("listened_at")) for row in rows) if at is not None), default=0)
        # Several may be of one second, and a page may end between them: begin the next one with that second again.
        after = min(oldest + 1, before - 1)
        is_last = oldest <= max(since, FIRST_LISTEN)
        return ListenPage(tuple(listens), "" if is_last else str(after), len(rows) - len(listens))

    async def now_playing(self, listener: str) -> Told[HeardTrack | None]:
        """See `MusicProvider`."""

        async def load() -> HeardTrack | None:
            found = await self._of_listener(listener, "playing-now", QUICK)
            return next(filter(None, map(_track, rows_of(inside(found, "listens")))), None)

        return await self._told(self._caches.api_responses, f"playing:{folded(listener)}", load, PLAYING_FOR)

    async def similar_artists(self, artist: ArtistRef) -> Told[tuple[SimilarArtist, ...]]:
        """See `MusicProvider`."""

        async def load() -> tuple[SimilarArtist, ...]:
            mbid = await self._mbid_of(artist)
            if not mbid:
                return ()
            params = {"artist_mbids": mbid, "algorithm": ALGORITHM}
            said = await self._labs.ask("GET", f"{self._labs_address}/similar-artists/json", params=params)
            rows = [row for row in rows_of(said) if mbid_of(row.get("artist_mbid")) != mbid]
            most = max((number_of(row.get("score")) or 0.0 for row in rows), default=0.0) or 1.0
            found = (
                SimilarArtist(
                    ArtistRef(text_of(row.get("name")), mbid_of(row.get("artist_mbid"))),
                    share_of((number_of(row.get("score")) or 0.0) / most),
                )
                for row in rows
                if text_of(row.get("name"))
            )
            return distinct(found, ArtistRef(artist.name, mbid))

        return await self._told(self._caches.recommendations, f"similar:{artist.key}", load, SIMILAR_FOR)

    async def artist_tags(self, artist: ArtistRef) -> Told[tuple[TagCount, ...]]:
        """See `MusicProvider`; counts are of votes."""

        async def load() -> tuple[TagCount, ...]:
            mbid = await self._mbid_of(artist)
            if not mbid:
                return ()
            params = {"artist_mbids": mbid, "inc": "tag"}
            said = rows_of(await self._calls.ask("GET", f"{self._address}/metadata/artist/", params=params))
            rows = rows_of(inside(said[0], "tag", "artist")) if said else []
            tags = (TagCount(text_of(row.get("tag")), whole_of(row.get("count")) or 0) for row in rows)
            return tuple(sorted((tag for tag in tags if tag.tag and tag.uses > 0), key=lambda tag: -tag.uses))

        return await self._told(self._caches.api_responses, f"tags:{artist.key}", load, TAGS_FOR)

    async def refused_artists(self, listener: str) -> tuple[str, ...]:
        """See `MusicProvider`."""
        refused: list[str] = []
        for page in range(REFUSED_PAGES):
            params = {"count": REFUSED_PAGE, "offset": page * REFUSED_PAGE}
            said = await self._user(listener, "do-not-recommend", PATIENT, params)
            rows = rows_of(inside(said, "results"))
            refused += [mbid_of(row.get("entity_mbid")) for row in rows if row.get("entity") == "artist"]
            if len(rows) < REFUSED_PAGE:
                break
        return tuple(dict.fromkeys(filter(None, refused)))

    async def refuse_artist(self, artist: ArtistRef, token: Secret, *, is_refused: bool = True) -> bool:
        """See `MusicProvider`."""
        mbid = await self._mbid_of(artist)
        if mbid:
            url = f"{self._address}/do-not-recommend/{'add' if is_refused else 'remove'}"
            body = {"entity": "artist", "entity_mbid": mbid}
            await self._calls.ask("POST", url, patience=PATIENT, json=body, headers=_authorization(token))
        return bool(mbid)

    async def owner_of(self, token: Secret) -> str:
        """
        Return whose token it is.

        Raises:
            TokenRefused: nobody's.

        """
        said = await self._calls.ask("GET", f"{self._address}/validate-token", headers=_authorization(token))
        owner = text_of(inside(said, "user_name"))
        if inside(said, "valid") is not True or not owner:
            raise TokenRefused(self.title, TOKENS_AT)
        return owner

    async def _mbid_of(self, artist: ArtistRef) -> str:
        return artist.mbid or ("" if self._find_mbid is None else await self._find_mbid(artist))

    async def _of_listener(self, listener: str, what: str, patience: Patience, **params: str | int) -> Any:
        return inside(await self._user(listener, what, patience, params), "payload")

    async def _user(self, listener: str, what: str, patience: Patience, params: Mapping[str, str | int]) -> Any:
        url = f"{self._address}/user/{quote(self._listener(listener), safe='')}/{what}"
        try:
            return await self._calls.ask("GET", url, patience=patience, params=params)
        except NotKnown:
            raise UnknownListener(self.title, text_of(listener)) from None


def _authorization(token: Secret) -> dict[str, str]:
    return {"Authorization": f"Token {token.reveal()}"}


def _explain(status: int, _: Any) -> Exception | None:
    if status in UNAUTHORIZED:
        return TokenRefused(ListenBrainz.title, TOKENS_AT)
    return NotKnown(ListenBrainz.title) if status == NOT_FOUND else None


def _track(row: Mapping[str, Any]) -> HeardTrack | None:
    """Return what a listen is of; an artist has an id only where there is one, not several."""
    told = inside(row, "track_metadata")
    mapped, more = inside(told, "mbid_mapping"), inside(told, "additional_info")
    artist, title = text_of(inside(told, "artist_name")), text_of(inside(told, "track_name"))
    if not artist or not title:
        return None
    ids = inside(mapped, "artist_mbids") or inside(more, "artist_mbids")
    only = mbid_of(ids[0]) if isinstance(ids, list) and len(ids) == 1 else ""
    recording = mbid_of(inside(mapped, "recording_mbid")) or mbid_of(inside(more, "recording_mbid"))
    link = f"https://musicbrainz.org/recording/{recording}" if recording else ""
    return HeardTrack(ArtistRef(artist, only), title, text_of(inside(told, "release_name")), recording, link=link)
