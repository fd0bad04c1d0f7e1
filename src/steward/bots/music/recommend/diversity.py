"""Choose picks that differ from each other: maximal marginal relevance, and a cap for each tag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from steward.bots.music.recommend.mixing import MixedScore
from steward.bots.music.recommend.vectors import dot

RELEVANCE = 0.7
"""The weight of an artist's score beside that of how unlike it is to what is chosen (Carbonell and Goldstein, 1998)."""
MOST_OF_A_TAG = 3
CHOSEN_FROM = 100

Vectors = Mapping[int, Mapping[int, float]]
"""Tags of artists; each vector has a length of 1."""


def diverse(
    best: Sequence[MixedScore],
    tags: Vectors,
    count: int,
    *,
    asked: Collection[int] = (),
    relevance: float = RELEVANCE,
    most_of_a_tag: int = MOST_OF_A_TAG,
) -> list[MixedScore]:
    """
    Return some of the best, each as good as it is different from those before it.

    No more than `most_of_a_tag` have the same strongest tag, unless there are too few others.

    Args:
        best: the best first; an artist once.
        asked: tags that were asked for, so that each may have them.

    """
    if not best:
        return []
    waiting = list(best[:CHOSEN_FROM])
    highest = waiting[0].score or 1.0
    likeness = dict.fromkeys((one.artist for one in waiting), 0.0)
    strongest = {one.artist: _strongest(tags.get(one.artist, {}), asked) for one in waiting}
    of_tag: Counter[int | None] = Counter()
    chosen: list[MixedScore] = []
    while waiting and len(chosen) < count:
        open_to = [one for one in waiting if _has_room(strongest[one.artist], of_tag, most_of_a_tag)] or waiting
        pick = max(
            open_to, key=lambda one: relevance * one.score / highest - (1 - relevance) * likeness[one.artist]
        )  # of equal ones the first
        waiting.remove(pick)
        chosen.append(pick)
        of_tag[strongest[pick.artist]] += 1
        vector = tags.get(pick.artist, {})
        for one in waiting:
            likeness[one.artist] = max(likeness[one.artist], dot(vector, tags.get(one.artist, {})))
    return [*chosen, *best[CHOSEN_FROM : CHOSEN_FROM + count - len(chosen)]]


def _has_room(tag: int | None, of_tag: Mapping[int | None, int], most: int) -> bool:
    return tag is None or of_tag.get(tag, 0) < most


def _strongest(vector: Mapping[int, float], asked: Collection[int]) -> int | None:
    return max((tag for tag in vector if tag not in asked), key=lambda tag: vector[tag], default=None)
