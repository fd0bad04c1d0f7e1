"""Estimates the size of values."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from itertools import islice
from types import ModuleType

MAX_PARTS, MAX_DEPTH = 1000, 30


def approximate_size(value: object) -> int:
    """
    Return the bytes of a value and all it holds, each part once.

    Looks at no more than a thousand parts, thirty levels deep; the rest of a long collection is extrapolated.
    Attributes are followed; types, modules and functions are not counted.
    """
    seen: set[int] = set()
    left = MAX_PARTS

    def size(part: object, depth: int) -> int:
        nonlocal left
        if id(part) in seen or isinstance(part, ModuleType) or callable(part):
            return 0
        seen.add(id(part))
        left -= 1
        here = sys.getsizeof(part)
        if min(left, depth) <= 0 or isinstance(part, (str, bytes, bytearray, memoryview, int, float)) or part is None:
            return here
        if isinstance(part, Mapping):
            return here + of_all(part.keys(), len(part), depth) + of_all(part.values(), len(part), depth)
        if isinstance(part, (list, tuple, set, frozenset)):
            return here + of_all(part, len(part), depth)
        return here + sum(size(held, depth - 1) for held in _attributes(part))

    def of_all(parts: Iterable[object], count: int, depth: int) -> int:
        looked = total = 0
        for part in islice(parts, max(1, left)):
            total += size(part, depth - 1)
            looked += 1
            if left <= 0:
                break
        return total * count // looked if looked else 0

    return size(value, MAX_DEPTH)


def _attributes(value: object) -> list[object]:
    """Return the attribute values of an object, from its dictionary or slots."""
    held = list(vars(value).values()) if hasattr(value, "__dict__") else []
    for kind in type(value).__mro__:
        names = kind.__dict__.get("__slots__", ())
        held += [getattr(value, name, None) for name in ([names] if isinstance(names, str) else names)]
    return held
