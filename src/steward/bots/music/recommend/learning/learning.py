"""
Learn from who listens to what which artists are near each other; plain Python, in a child process.

Each artist is predicted from those most like it: a ridge regression over these alone, as EASE (Steck, "Embarrassingly
shallow autoencoders for sparse data", 2019) has it over all. So an artist that only repeats what a nearer one tells
counts less, and what is popular with everybody does, too.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from math import log, sqrt
from operator import mul

MOST_A_LISTENER = 300
"""Artists of a listener that are learnt from: work grows with the square."""
SHRINK = 5
"""Artists with few listeners are alike by chance: this is added to what likeness is divided by."""
REGRESSED_ON = 50
"""Artists that one is predicted from; fewer where there is much to learn."""
REGRESSED_ON_FEW, MANY_TARGETS = 30, 12_000
KEPT_NEAR = 100
FEWEST = 2
"""Listeners without whom nothing speaks for an artist but the taste of one."""
RIDGE = 2.3
"""Times the root of the number of listeners: 100 for 1,900 of them."""
MOST_SAMPLED = 8192
"""Listeners by whom artists are compared with each other within a regression; a bit of memory each, for each artist."""

Near = tuple[float, int]
"""A weight, and an artist."""


class Listeners:
    """Who listens to what; artists are numbered from 0 as they come."""

    def __init__(self) -> None:
        self.baskets: list[list[int]] = []
        self.artists: list[int] = []
        self.heard_by: list[array[int]] = []
        self._indexes: dict[int, int] = {}

    def add(self, artists: Iterable[int]) -> None:
        """Add a listener by the artists they listen to, those that are dearest first."""
        basket = [self._index(artist) for artist in list(dict.fromkeys(artists))[:MOST_A_LISTENER]]
        for index in basket:
            self.heard_by[index].append(len(self.baskets))
        self.baskets.append(basket)

    def _index(self, artist: int) -> int:
        index = self._indexes.get(artist)
        if index is None:
            index = self._indexes[artist] = len(self.artists)
            self.artists.append(artist)
            self.heard_by.append(array("I"))
        return index

    def rarity(self, index: int) -> float:
        """Return the square of the inverse document frequency of an artist."""
        return log((1 + len(self.baskets)) / len(self.heard_by[index])) ** 2


def learn(listeners: Listeners) -> list[tuple[array[int], array[float]]]:
    """Return for each artist, by index, the artists it speaks for, and how much, the nearest first."""
    speaks_for = [(array("I"), array("f")) for _ in listeners.artists]
    regression = _Regression(listeners)
    for target, heard_by in enumerate(listeners.heard_by):
        if len(heard_by) < FEWEST:
            continue
        near = _most_alike(listeners, target, regression.most)
        for weight, source in regression.weights(target, [source for _, source in near]):
            indexes, weights = speaks_for[source]
            indexes.append(target)
            weights.append(weight)
    for source, (indexes, weights) in enumerate(speaks_for):
        nearest = nlargest(KEPT_NEAR, zip(weights, indexes, strict=True))
        speaks_for[source] = array("I", [index for _, index in nearest]), array("f", [weight for weight, _ in nearest])
    return speaks_for


def _most_alike(listeners: Listeners, target: int, most: int) -> list[Near]:
    """Return the artists most like one: by common listeners, of the mean of both artists' listeners and some more."""
    common: Counter[int] = Counter()
    for listener in listeners.heard_by[target]:
        common.update(listeners.baskets[listener])
    own, heard_by = common.pop(target), listeners.heard_by
    return nlargest(
        most, ((count / (sqrt(own * len(heard_by[other])) + SHRINK), other) for other, count in common.items())
    )


class _Regression:
    """Predicts who listens to an artist from who listens to those that are most like it."""

    def __init__(self, listeners: Listeners) -> None:
        self._heard_by = listeners.heard_by
        number = len(listeners.baskets)
        self._step = -(-number // MOST_SAMPLED) or 1
        self._ridge = RIDGE * sqrt(len(range(0, number, self._step)))
        targets = sum(len(heard_by) >= FEWEST for heard_by in listeners.heard_by)
        self.most = REGRESSED_ON if targets <= MANY_TARGETS else REGRESSED_ON_FEW
        self._masks: dict[int, int] = {}

    def weights(self, target: int, sources: Sequence[int]) -> list[Near]:
        """Return what each of some artists tells of the target beside the others; what tells nothing is dropped."""
        masks = [self._mask(source) for source in sources]
        own = self._mask(target)
        rows = [
            [*((mask & other).bit_count() for other in masks[:index]), mask.bit_count() + self._ridge]
            for index, mask in enumerate(masks)
        ]
        solved = solve(rows, [(mask & own).bit_count() for mask in masks])
        return [(weight, source) for weight, source in zip(solved, sources, strict=True) if weight > 0]

    def _mask(self, index: int) -> int:
        """Return the listeners of an artist, a bit each."""
        mask = self._masks.get(index)
        if mask is None:
            bits = bytearray(MOST_SAMPLED // 8)
            for listener in self._heard_by[index]:
                if listener % self._step == 0:
                    place = listener // self._step
                    bits[place >> 3] |= 1 << (place & 7)
            mask = self._masks[index] = int.from_bytes(bits, "little")
        return mask


def solve(rows: Sequence[Sequence[float]], wanted: Sequence[float]) -> list[float]:
    """
    Return the solution of linear equations, by Cholesky's factors.

    Args:
        rows: the lower triangle of a symmetric matrix that is positive definite, its diagonal last in each row.

    """
    lower: list[list[float]] = []
    middle: list[float] = []
    for row, value in zip(rows, wanted, strict=True):
        factors: list[float] = []
        for entry, above in zip(row, lower, strict=False):
            factors.append((entry - sum(map(mul, factors, above))) / above[-1])
        last = sqrt(row[-1] - sum(map(mul, factors, factors)))
        middle.append((value - sum(map(mul, factors, middle))) / last)
        factors.append(last)
        lower.append(factors)
    found: list[float] = []
    for index in range(len(lower) - 1, -1, -1):
        value = middle[index]
        for below, known in zip(lower[:index:-1], found, strict=True):
            value -= below[index] * known
        found.append(value / lower[index][index])
    return found[::-1]


def tag_vectors(
    tagged: Iterable[tuple[int, Sequence[int], Sequence[int]]], carriers: Counter[int], artists: int
) -> Iterator[tuple[int, list[tuple[int, float]]]]:
    """
    Yield the tags of each artist as a vector of length 1: a tag counts by who gave it, and more if few artists have it.

    Args:
        tagged: artists, each with tags and their weights.
        carriers: how many artists have each tag.
        artists: how many have any.

    """
    for artist, tags, counts in tagged:
        weighted = [
            (log(1 + count) * log((1 + artists) / carriers[tag]), tag) for tag, count in zip(tags, counts, strict=True)
        ]
        best = nlargest(MOST_TAGS, weighted)
        length = sqrt(sum(weight * weight for weight, _ in best))
        if length:
            yield artist, [(tag, weight / length) for weight, tag in best]


MOST_TAGS = 20
"""Tags of an artist by which it is compared with others."""
