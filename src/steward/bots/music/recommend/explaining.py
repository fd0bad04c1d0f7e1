"""Tell with each pick why it is one: what speaks for it most, with names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from heapq import nlargest
from itertools import chain
from typing import TYPE_CHECKING

from steward.bots.music.catalogue.artists import artists_of
from steward.bots.music.recommend.listening import who_hears
from steward.bots.music.recommend.mood_tags import tag_names
from steward.bots.music.recommend.reasons import (
    AlikeListeners,
    ArtistPick,
    Component,
    MoodTags,
    MostHeard,
    NearArtists,
    PickReason,
    SharedTags,
)
from steward.store import Transaction

if TYPE_CHECKING:
    from steward.bots.music.recommend.mixing import MixedScore
    from steward.bots.music.recommend.recommending import Ranking

NAMED = 2
"""Artists and tags that a reason names; of listeners one more."""


def explained(tx: Transaction, ranking: Ranking, chosen: Sequence[MixedScore]) -> list[ArtistPick]:
    """Return the chosen artists as picks; one that the catalogue has lost meanwhile is left out."""
    artists = [one.artist for one in chosen]
    sources = {artist: ranking.near.nearest_to(artist, ranking.profile, NAMED) for artist in artists}
    tags = {artist: _shared(ranking.tags.get(artist, {}), ranking.taste) for artist in artists}
    moods = {artist: _shared(ranking.tags.get(artist, {}), ranking.mood) for artist in artists}
    by_listeners = [one.artist for one in chosen if one.strongest is Component.LISTENERS]
    hearers = _hearers(tx, ranking, by_listeners)
    shared = _shared_artists(tx, ranking, {of_one[0] for of_one in hearers.values() if of_one})
    known = artists_of(tx, sorted({*artists, *chain(*sources.values(), *shared.values())}))
    names = tag_names(tx, {tag for found in (tags, moods) for of_one in found.values() for tag in of_one})

    def reason(one: MixedScore) -> PickReason:
        artist = one.artist
        for component in sorted(one.shares, key=lambda component: -one.shares[component]):
            if component is Component.ARTISTS and sources[artist]:
                return NearArtists(tuple(known[source] for source in sources[artist] if source in known))
            if component is Component.LISTENERS and hearers.get(artist):
                of_one = hearers[artist]
                common = tuple(known[other] for other in shared.get(of_one[0], []) if other in known)
                return AlikeListeners(tuple(of_one[: NAMED + 1]), len(of_one), common)
            if component is Component.TAGS and tags[artist]:
                return SharedTags(tuple(names[tag] for tag in tags[artist] if tag in names))
            if component is Component.MOOD and moods[artist]:
                return MoodTags(tuple(names[tag] for tag in moods[artist] if tag in names))
        return MostHeard(known[artist].listeners)

    return [ArtistPick(known[one.artist], one.score, reason(one)) for one in chosen if one.artist in known]


def _shared(vector: Mapping[int, float], wished: Mapping[int, float]) -> list[int]:
    """Return the tags of an artist that say most of what is wished for."""
    both = {tag: weight * wished[tag] for tag, weight in vector.items() if tag in wished}
    return nlargest(NAMED, both, key=lambda tag: (both[tag], -tag))


def _hearers(tx: Transaction, ranking: Ranking, artists: Sequence[int]) -> dict[int, list[int]]:
    """Return which of the listeners who were asked listen to each artist, the most alike first."""
    if not artists:
        return {}
    likeness = ranking.others.listeners
    found = who_hears(tx, [*likeness], artists)
    return {artist: sorted(of_one, key=lambda one: (-likeness[one], one)) for artist, of_one in found.items()}


def _shared_artists(tx: Transaction, ranking: Ranking, listeners: Collection[int]) -> dict[int, list[int]]:
    """Return which artists of the profile each of some listeners listens to."""
    if not listeners:
        return {}
    found: dict[int, list[int]] = {}
    for artist, of_one in sorted(who_hears(tx, sorted(listeners), [*ranking.profile]).items()):
        for listener in of_one:
            found.setdefault(listener, []).append(artist)
    return {listener: of_one[:NAMED] for listener, of_one in found.items()}
