"""How alike two folded names are, for one that was typed wrongly."""

from __future__ import annotations

from collections.abc import Iterable

ALIKE = 90.0
"""From here on, one may be meant by the other."""


def likeness(one: str, other: str) -> float:
    """
    Return 0 to 100: twice the length of the longest common subsequence, of both lengths together.

    It is what `rapidfuzz.fuzz.ratio` returns, without a library of 4 MB. The subsequence is found for a whole row of
    the table at once, a bit for each character (Hyyrö, "Bit-parallel LCS-length computation revisited", 2004).
    """
    if not one or not other:
        return 100.0 if one == other else 0.0
    places: dict[str, int] = {}
    for index, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << index
    everywhere = row = (1 << len(one)) - 1
    for letter in other:
        met = row & places.get(letter, 0)
        row = ((row + met) | (row - met)) & everywhere
    common = len(one) - row.bit_count()
    return 200.0 * common / (len(one) + len(other))


def most_alike(typed: str, names: Iterable[str]) -> tuple[str, float] | None:
    """Return the first of the names that is most like what was typed, and how alike it is; None below `ALIKE`."""
    best, found = ALIKE, None
    for name in names:
        if possible(len(typed), len(name)) and (how := likeness(typed, name)) >= best and (found is None or how > best):
            best, found = how, name
    return None if found is None else (found, best)


def possible(length: int, other: int) -> bool:
    """Whether two names of these lengths can be alike at all."""
    return 200.0 * min(length, other) >= ALIKE * (length + other)


def possible_lengths(length: int) -> range:
    """Return the lengths of names that can be like one of that length."""
    shortest = next(other for other in range(1, length + 1) if possible(length, other)) if length else 0
    longest = length
    while possible(length, longest + 1):
        longest += 1
    return range(shortest, longest + 1) if length else range(0)
