"""Sparse vectors as bytes: the artists near an artist, or an artist's tags, with a weight each."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Mapping
from enum import IntEnum
from struct import Struct

IDS, WEIGHTS = "I", "f"
"""Unsigned and floating numbers of 32 bits, as `array` calls them."""
HEAD = Struct("=IIIdI")
"""
What the learning child writes before each vector: its kind and artist, that artist's listeners and rarity (of `NEAR`
only), and how many numbers follow.
"""
_SWAPPED = sys.byteorder != "little"


class VectorKind(IntEnum):
    """What a vector of an artist is about; as it is kept."""

    NEAR = 2
    """Near artists, by all listeners who are known."""
    TAGS = 3


def packed(pairs: Iterable[tuple[int, float]]) -> tuple[bytes, bytes]:
    """Return the numbers and the weights as bytes."""
    both = list(pairs)
    return _bytes(array(IDS, [number for number, _ in both])), _bytes(array(WEIGHTS, [weight for _, weight in both]))


def unpacked(ids: bytes, weights: bytes) -> tuple[array[int], array[float]]:
    """Return numbers and weights of the bytes; of both as many as there are of each."""
    numbers: array[int] = array(IDS)
    values: array[float] = array(WEIGHTS)
    numbers.frombytes(ids[: len(ids) // 4 * 4])
    values.frombytes(weights[: len(weights) // 4 * 4])
    if _SWAPPED:
        numbers.byteswap()
        values.byteswap()
    return numbers, values


def as_vector(ids: bytes, weights: bytes) -> dict[int, float]:
    """Return the vector as a mapping."""
    return dict(zip(*unpacked(ids, weights), strict=False))


def dot(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    """Return the sum of the products of what both have."""
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[key] for key, weight in one.items() if key in other)


def summed(vectors: Iterable[tuple[Mapping[int, float], float]]) -> dict[int, float]:
    """Return the sum of vectors, each times its weight."""
    found: dict[int, float] = {}
    for vector, weight in vectors:
        for key, value in vector.items():
            found[key] = found.get(key, 0.0) + weight * value
    return found


def _bytes(values: array[int] | array[float]) -> bytes:
    if _SWAPPED:
        values.byteswap()
    return values.tobytes()
