"""Tell with each pick why it is one: what speaks for it most, with names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from heapq import nlargest
from itertools import chain
from typing import TYPE_CHECKING

from steward.bots.music.catalogue.artists import artists_of
from steward.bots.music.catalogue.lookups import rows_in
from steward.bots.music.recommend.listening import who_hears
from steward.bots.music.recommend.moods.mood_tags import tag_names
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
from steward.store import Transaction, marks

if TYPE_CHECKING:
    from steward.bots.music.recommend.mixing import MixedScore
    from steward.bots.music.recommend.recommending import ArtistRanking

NAMED = 2
"""Artists and tags that a reason names; of listeners one more."""


def explained(tx: Transaction, ranking: ArtistRanking, chosen: Sequence[MixedScore]) -> list[ArtistPick]:
    """Return the chosen artists as picks; one that the catalogue has lost meanwhile is left out."""
    artists = [one.artist for one in chosen]
    sources = {artist: ranking.near.nearest_to(artist, ranking.profile, NAMED) for artist in artists}
    tags = {artist: _shared(ranking.tags.get(artist, {}), ranking.taste) for artist in artists}
    moods = _of_mood(tx, ranking.mood, artists)
    by_listeners = [one.artist for one in chosen if one.strongest is Component.LISTENERS]
    hearers = _hearers(tx, ranking, by_listeners)
    shared = _shared_artists(tx, ranking, {of_one[0] for of_one in hearers.values() if of_one})
    known = artists_of(tx, sorted({*artists, *chain(*sources.values(), *shared.values())}))
    names = tag_names(tx, {tag for found in (tags, moods) for of_one in found.values() for tag in of_one})

    def reason(one: MixedScore) -> PickReason:
        artist = one.artist
        for component in sorted(one.shares, key=lambda component: -one.shares[component]):
            near = tuple(known[source] for source in sources[artist] if source in known)
            if component is Component.ARTISTS and near:
                return NearArtists(near)
            if component is Component.LISTENERS and hearers.get(artist):
                of_one = hearers[artist]
                common = tuple(known[other] for other in shared.get(of_one[0], []) if other in known)
                return AlikeListeners(tuple(of_one[: NAMED + 1]), len(of_one), common)
            if component is Component.TAGS and tags[artist]:
                return SharedTags(tuple(names[tag] for tag in tags[artist]))
            if component is Component.MOOD and moods.get(artist):
                return MoodTags(tuple(names[tag] for tag in moods[artist]))
        return MostHeard(known[artist].listeners)

    return [ArtistPick(known[one.artist], one.score, reason(one)) for one in chosen if one.artist in known]


def _shared(vector: Mapping[int, float], wished: Mapping[int, float]) -> list[int]:
    """Return the tags of an artist that say most of what is wished for."""
    both = {tag: weight * wished[tag] for tag, weight in vector.items() if tag in wished}
    return nlargest(NAMED, both, key=lambda tag: (both[tag], -tag))


def _of_mood(tx: Transaction, mood: Mapping[int, float], artists: Sequence[int]) -> dict[int, list[int]]:
    """Return which of the tags that were asked for each artist has, those that most people gave it first."""
    found: dict[int, list[int]] = {}
    if mood:
        sql = f"SELECT artist, tag FROM music_artist_tags WHERE tag IN ({marks(mood)})"  # noqa: S608 - marks
        best_first = " AND artist IN ({}) ORDER BY weight DESC, tag"
        for artist, tag in rows_in(tx, sql + best_first, artists, *mood):
            found.setdefault(artist, []).append(tag)
    return {artist: of_one[:NAMED] for artist, of_one in found.items()}


def _hearers(tx: Transaction, ranking: ArtistRanking, artists: Sequence[int]) -> dict[int, list[int]]:
    """Return which of the listeners who were asked listen to each artist, the most alike first."""
    if not artists:
        return {}
    likeness = ranking.others.listeners
    found = who_hears(tx, [*likeness], artists)
    return {artist: sorted(of_one, key=lambda one: (-likeness[one], one)) for artist, of_one in found.items()}


def _shared_artists(tx: Transaction, ranking: ArtistRanking, listeners: Collection[int]) -> dict[int, list[int]]:
    """Return which artists of the profile each of some listeners listens to."""
    if not listeners:
        return {}
    found: dict[int, list[int]] = {}
    for artist, of_one in sorted(who_hears(tx, sorted(listeners), [*ranking.profile]).items()):
        for listener in of_one:
            found.setdefault(listener, []).append(artist)
    return {listener: of_one[:NAMED] for listener, of_one in found.items()}
