"""Recommend artists to one person or to a group: what speaks for them is read, mixed, and told with each pick."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import nlargest
from math import log

from steward.bots.music.catalogue.artists import popularity_of
from steward.bots.music.recommend.diversity import diverse
from steward.bots.music.recommend.explaining import explained
from steward.bots.music.recommend.feedback import DISLIKED_NEAR, Feedback
from steward.bots.music.recommend.groups import fair_picks
from steward.bots.music.recommend.listening import MOST_IN_PROFILE
from steward.bots.music.recommend.mixing import MixedScore, Parts, mixed, scaled, weights_for
from steward.bots.music.recommend.moods.mood_tags import MoodOfTags, artists_of_mood
from steward.bots.music.recommend.reasons import ArtistPick, Component
from steward.bots.music.recommend.similar import (
    most_heard,
    near_of,
    nearest_artists,
    others_taste,
    tags_of,
)
from steward.bots.music.recommend.vectors import dot, summed
from steward.store import Transaction

RERANKED = 200
"""The best artists by listening, which are then ranked by their tags as well."""
ENOUGH = 50
"""With fewer, artists of the profile's tags are looked at, and then those that most listen to."""
TAGS_TRIED = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    What somebody wants to be recommended.

    Attributes:
        profile: artists that they like, each with a weight; those heard most, or those they named.
        known: further artists that they know, which aren't recommended either.
        listeners: their own numbers, which aren't asked for their taste.
        feedback: what they said to earlier picks.
        mood: tags that were asked for; only artists that have one of them are recommended.
        told: by artist of the profile, those that a service says are near it, each with a weight.

    """

    profile: Mapping[int, float] = field(default_factory=dict)
    known: frozenset[int] = frozenset()
    listeners: frozenset[int] = frozenset()
    feedback: Feedback = field(default_factory=Feedback)
    mood: MoodOfTags = field(default_factory=MoodOfTags)
    told: Mapping[int, Mapping[int, float]] = field(default_factory=dict)

    @property
    def out(self) -> frozenset[int]:
        """Every artist that isn't recommended."""
        return self.feedback.out | self.known | self.profile.keys()


def recommend(tx: Transaction, wanted: Wanted, count: int) -> list[ArtistPick]:
    """
    Return artists to listen to next, the best first, each with its reason.

    Where nothing speaks for any, they are those that most listen to; there are fewer only if the catalogue has no more.
    """
    found = ArtistRanking(tx, wanted, count)
    return explained(tx, found, found.diverse(count))


def recommend_to_group(tx: Transaction, wanted: Mapping[int, Wanted], count: int) -> list[ArtistPick]:
    """
    Return artists for several members at once, each with whom it is for; nothing that one of them knows or refuses.

    Args:
        wanted: of each member.

    """
    out = frozenset[int]().union(*(one.out for one in wanted.values()))
    found = {member: ArtistRanking(tx, replace(one, known=out), count) for member, one in wanted.items()}
    scores = {member: scaled({one.artist: one.score for one in of_one.best}) for member, of_one in found.items()}
    picks: list[ArtistPick] = []
    for artist, members in fair_picks(scores, count):
        of_first = found[members[0]]
        chosen = [one for one in of_first.best if one.artist == artist]
        picks += [replace(told, members=members) for told in explained(tx, of_first, chosen)]
    return picks


class ArtistRanking:
    """
    What speaks for artists for one person.

    Args:
        count: artists that are needed at least.

    Attributes:
        best: the best of them.
        profile: what was looked at.
        near, others: what near artists and other listeners tell.
        taste: the tags of the profile, as a vector.
        tags: those of the artists that came into question.
        mood: which tags were asked for.

    """

    def __init__(self, tx: Transaction, wanted: Wanted, count: int) -> None:
        self.mood = wanted.mood.asked
        self.profile = _most(wanted.feedback.profile(wanted.profile))
        self.near = near_of(tx, self.profile, wanted.told)
        self.others = others_taste(tx, self.profile, wanted.listeners)
        self.taste = summed((vector, self.profile[artist]) for artist, vector in tags_of(tx, [*self.profile]).items())
        parts = {Component.ARTISTS: self.near.scores, Component.LISTENERS: self.others.scores}
        if self.mood:
            parts[Component.MOOD] = artists_of_mood(tx, wanted.mood.tags)
        self._weights = weights_for(len(self.profile), is_told=bool(wanted.told))
        disliked = nearest_artists(tx, wanted.feedback.disliked, DISLIKED_NEAR)
        weakened = frozenset(artist for near in disliked.values() for artist in near)
        found = self._candidates(tx, parts, wanted.out, weakened, count)
        self.tags = tags_of(tx, found)
        popular = popularity_of(tx, found)
        parts[Component.TAGS] = {
            artist: dot(vector, self.taste) * log(2 + popular.get(artist, 0)) for artist, vector in self.tags.items()
        }
        parts[Component.POPULARITY] = {artist: log(2 + popular.get(artist, 0)) for artist in found}
        self.best: Sequence[MixedScore] = mixed(parts, RERANKED, weakened=weakened, among=found, weights=self._weights)

    def diverse(self, count: int) -> list[MixedScore]:
        """Return some of the best that differ from each other."""
        return diverse(self.best, self.tags, count, asked=self.mood)

    def _candidates(
        self, tx: Transaction, parts: Parts, out: Collection[int], weakened: Collection[int], count: int
    ) -> list[int]:
        """Return the artists that come into question: by mood if one was asked for, by taste, or by popularity."""
        among = parts.get(Component.MOOD)
        found = [one.artist for one in mixed(parts, RERANKED, out, weakened, among, self._weights)]
        if len(found) >= (count if self.mood else ENOUGH):
            return found
        if self.mood:
            found += [one.artist for one in mixed(parts, RERANKED, out, weakened, weights=self._weights)]
        best_tags = nlargest(TAGS_TRIED, self.taste, key=lambda tag: self.taste[tag])
        by_tags = artists_of_mood(tx, {tag: self.taste[tag] for tag in best_tags})
        found += [artist for artist in nlargest(RERANKED, by_tags, key=lambda one: by_tags[one]) if artist not in out]
        found += [artist for artist in most_heard(tx, RERANKED + len(out)) if artist not in out]
        return list(dict.fromkeys(found))[:RERANKED]


def _most(profile: Mapping[int, float]) -> dict[int, float]:
    """Return the part of a profile that is looked at: the artists with the greatest weights."""
    if len(profile) <= MOST_IN_PROFILE:
        return dict(profile)
    return {artist: profile[artist] for artist in nlargest(MOST_IN_PROFILE, profile, key=lambda one: profile[one])}
