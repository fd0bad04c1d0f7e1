"""
MusicBrainz: search for artists, with aliases, tags and ids. One request a second; over it, every one is answered 503.

Facts as of its documentation; the JSON is the twin of recorded XML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from steward.bots.music.providers.agent import agent_of
from steward.bots.music.providers.answers import (
    ArtistRef,
    FoundArtist,
    TagCount,
    Told,
)
from steward.bots.music.providers.caches import ProviderCaches
from steward.bots.music.providers.calls import ProviderCalls
from steward.bots.music.providers.failures import NotKnown
from steward.bots.music.providers.fields import folded, inside, mbid_of, rows_of, text_of, whole_of
from steward.bots.music.providers.provider import SIMILAR_FOR, MusicProvider
from steward.runtime.clock import Clock
from steward.runtime.http import HttpClient
from steward.runtime.limits import Rule

ADDRESS = "https://musicbrainz.org/ws/2"
RULE = Rule(1, per=1)
SURE = 90
"""The score, of 100, from which a hit may be the artist of that name."""
NOT_FOUND = 404
_SPECIAL = re.compile(r'[-+!(){}\[\]^"~*?:\\/&|]')
_OPERATOR = re.compile(r"\b(AND|OR|NOT|TO)\b")


class _Hit(NamedTuple):
    found: FoundArtist
    score: int
    names: frozenset[str]
    tags: tuple[TagCount, ...]


class MusicBrainz(MusicProvider):
    """
    MusicBrainz, without a key.

    Args:
        contact: how to reach the operator.

    Raises:
        NoContact: there is no contact.

    """

    name, title = "musicbrainz", "MusicBrainz"

    def __init__(
        self, http: HttpClient, clock: Clock, caches: ProviderCaches, contact: str, *, address: str = ADDRESS
    ) -> None:
        agent = agent_of(contact, self.title)
        calls = ProviderCalls(self.title, http, clock, rule=RULE, explain=_explain, headers=agent)
        super().__init__(calls, caches, clock)
        self._address = address

    async def find_artists(self, text: str) -> Told[tuple[FoundArtist, ...]]:
        """See `MusicProvider`."""
        hits = await self._search(text)
        return hits.of(tuple(hit.found for hit in hits.value))

    async def artist_tags(self, artist: ArtistRef) -> Told[tuple[TagCount, ...]]:
        """See `MusicProvider`; counts are of votes."""
        hits = await self._search(artist.name)
        hit = _best(hits.value, artist)
        return hits.of(() if hit is None else hit.tags)

    async def corrected_artist(self, artist: ArtistRef) -> Told[ArtistRef]:
        """See `MusicProvider`; it also knows artists by their aliases."""
        hits = await self._search(artist.name)
        hit = _best(hits.value, artist)
        return hits.of(artist if hit is None else hit.found.artist)

    async def mbid_of(self, artist: ArtistRef) -> str:
        """Return the id of an artist; empty if there is none of that name."""
        return artist.mbid or (await self.corrected_artist(artist)).value.mbid

    async def _search(self, text: str) -> Told[tuple[_Hit, ...]]:
        async def load() -> tuple[_Hit, ...]:
            query = escaped(text_of(text))
            if not query:
                return ()
            params = {"query": query, "fmt": "json", "limit": 10}
            try:
                said = await self._calls.ask("GET", f"{self._address}/artist", params=params)
            except NotKnown:
                return ()
            hits = map(_hit, rows_of(inside(said, "artists")))
            return tuple(hit for hit in hits if hit.found.artist.name)

        return await self._told(self._caches.api_responses, f"artists:{folded(text)}", load, SIMILAR_FOR)


def escaped(text: str) -> str:
    """Return a text as Lucene takes it literally: `AC/DC`, `!!!`."""
    return _SPECIAL.sub(r"\\\g<0>", _OPERATOR.sub(lambda word: word[0].lower(), text))


def _hit(row: Mapping[str, Any]) -> _Hit:
    name, mbid = text_of(row.get("name")), mbid_of(row.get("id"))
    notes = (text_of(row.get(field)) for field in ("disambiguation", "type", "country"))
    note = ", ".join(filter(None, notes))
    link = f"https://musicbrainz.org/artist/{mbid}" if mbid else ""
    aliases = (text_of(alias.get("name")) for alias in rows_of(row.get("aliases")))
    tags = (TagCount(text_of(tag.get("name")), whole_of(tag.get("count")) or 0) for tag in rows_of(row.get("tags")))
    return _Hit(
        FoundArtist(ArtistRef(name, mbid), link, note=note, ref=mbid),
        whole_of(row.get("score")) or 0,
        frozenset(map(folded, filter(None, aliases))),
        tuple(sorted((tag for tag in tags if tag.tag and tag.uses > 0), key=lambda tag: -tag.uses)),
    )


def _best(hits: tuple[_Hit, ...], artist: ArtistRef) -> _Hit | None:
    """Return the hit that is the artist: of the id, else of the name, else of an alias."""
    wanted = folded(artist.name)
    for hit in hits:
        if artist.mbid and hit.found.artist.mbid == artist.mbid:
            return hit
    sure = () if artist.mbid else [hit for hit in hits if hit.score >= SURE]
    named = [hit for hit in sure if folded(hit.found.artist.name) == wanted]
    return next(iter(named or [hit for hit in sure if wanted in hit.names]), None)


def _explain(status: int, _: Any) -> Exception | None:
    return NotKnown(MusicBrainz.title) if status == NOT_FOUND else None
