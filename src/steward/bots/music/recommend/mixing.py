"""Mix what speaks for an artist into one score, and keep how much each part gave."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from heapq import nlargest
from typing import NamedTuple

from steward.bots.music.recommend.feedback import DISLIKED_FACTOR
from steward.bots.music.recommend.reasons import Component

TOP = 50
"""Scores of each part are divided by the mean of so many of its best: so they are of one size."""

WEIGHTS: Mapping[Component, float] = {
    Component.ARTISTS: 1.0,
    Component.LISTENERS: 0.3,
    Component.TAGS: 0.6,
    Component.MOOD: 2.0,
    Component.POPULARITY: 0.05,
}
"""Measured with `steward bench music`."""
FEW = 10.0
"""What is added to the weight of others' taste, divided by the artists of the profile: by one artist they tell most."""

Parts = Mapping[Component, Mapping[int, float]]


class MixedScore(NamedTuple):
    """An artist with its score, and the part of it that each component gave."""

    artist: int
    score: float
    shares: Mapping[Component, float]

    @property
    def strongest(self) -> Component:
        """What speaks for it most."""
        return max(self.shares, key=lambda component: self.shares[component])


TOLD = 2.0
"""The weight of near artists where a service told of them: it knows more listeners than a server has."""


def weights_for(known: int, *, is_told: bool = False) -> Mapping[Component, float]:
    """
    Return the weights for a profile of so many artists.

    Args:
        is_told: whether a service told what is near them.

    """
    if is_told:
        return {**WEIGHTS, Component.ARTISTS: TOLD}
    return {**WEIGHTS, Component.LISTENERS: WEIGHTS[Component.LISTENERS] + FEW / max(1, known)}


def mixed(
    parts: Parts,
    most: int,
    out: Collection[int] = (),
    weakened: Collection[int] = (),
    among: Collection[int] | None = None,
    weights: Mapping[Component, float] = WEIGHTS,
) -> list[MixedScore]:
    """
    Return the best artists by all parts together, the best first; of equal ones, the one with the lower number.

    Args:
        out: artists that are left out.
        weakened: artists that count less, since they are next to disliked ones.
        among: the only artists that come into question; None for all.
        weights: of the parts.

    """
    weighed = {component: _times(scaled(scores), weights[component]) for component, scores in parts.items()}
    totals: dict[int, float] = {}
    for scores in weighed.values():
        for artist, score in scores.items():
            totals[artist] = totals.get(artist, 0.0) + score
    if among is not None:
        totals = {artist: totals[artist] for artist in among if artist in totals}
    for artist in out:
        totals.pop(artist, None)
    for artist in weakened:
        if artist in totals:
            totals[artist] *= DISLIKED_FACTOR
    best = nlargest(most, totals, key=lambda artist: (totals[artist], -artist))
    return [
        MixedScore(
            artist,
            totals[artist],
            {component: scores[artist] for component, scores in weighed.items() if artist in scores},
        )
        for artist in best
    ]


def scaled(scores: Mapping[int, float]) -> Mapping[int, float]:
    """Return the scores divided by the mean of the best of them; nothing if that isn't positive."""
    top = nlargest(TOP, scores.values())
    mean = sum(top) / len(top) if top else 0.0
    return {artist: score / mean for artist, score in scores.items()} if mean > 0 else {}


def _times(scores: Mapping[int, float], weight: float) -> dict[int, float]:
    return {artist: weight * score for artist, score in scores.items()}
