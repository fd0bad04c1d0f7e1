"""Choose for several at once, so that nobody is left without: greedily, by the sum of square roots of what each has."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import NamedTuple


class GroupPick(NamedTuple):
    """An artist, and for whom it is: those who gain most by it first."""

    artist: int
    members: tuple[int, ...]


def fair_picks(scores: Mapping[int, Mapping[int, float]], count: int) -> list[GroupPick]:
    """
    Return artists for a group, the most rewarding first.

    The root makes the first good artist of a member worth more than another one for somebody who has some.

    Args:
        scores: for each member the scores of artists, of one size for all members; not below 0.

    """
    had = dict.fromkeys(scores, 0.0)
    artists = sorted({artist for of_one in scores.values() for artist, score in of_one.items() if score > 0})
    chosen: list[GroupPick] = []
    while artists and len(chosen) < count:
        best = max(artists, key=lambda artist: (sum(_gains(scores, had, artist).values()), -artist))
        gains = _gains(scores, had, best)
        artists.remove(best)
        for member in gains:
            had[member] += scores[member][best]
        chosen.append(GroupPick(best, _for_whom(gains)))
    return chosen


def _gains(scores: Mapping[int, Mapping[int, float]], had: Mapping[int, float], artist: int) -> dict[int, float]:
    return {
        member: sqrt(had[member] + of_member[artist]) - sqrt(had[member])
        for member, of_member in scores.items()
        if of_member.get(artist, 0.0) > 0
    }


def _for_whom(gains: Mapping[int, float]) -> tuple[int, ...]:
    """Return those who gain at least half of what the one who gains most does."""
    most = max(gains.values(), default=0.0)
    ranked = sorted(gains, key=lambda member: (-gains[member], member))
    return tuple(member for member in ranked if 2 * gains[member] >= most)
