"""How many bytes a value takes, roughly and soon."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from itertools import islice
from types import ModuleType

MOST_PARTS, MOST_DEPTH = 1000, 30


def approximate_size(value: object) -> int:
    """
    Return the bytes of a value with what it holds, each part once.

    It looks at a thousand parts, thirty deep, at the most: of a longer list or dictionary the rest is taken to be like
    its beginning.
    Attributes are followed; types, modules and functions are not, for they belong to the program.
    """
    seen: set[int] = set()
    left = MOST_PARTS

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

    return size(value, MOST_DEPTH)


def _attributes(value: object) -> list[object]:
    """Return what an object's attributes hold, in its dictionary or its slots."""
    held = list(vars(value).values()) if hasattr(value, "__dict__") else []
    for kind in type(value).__mro__:
        names = kind.__dict__.get("__slots__", ())
        held += [getattr(value, name, None) for name in ([names] if isinstance(names, str) else names)]
    return held
