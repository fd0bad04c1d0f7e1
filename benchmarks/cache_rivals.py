"""What the cache is compared with: LRU, the installed libraries, and the optimum."""

from __future__ import annotations

import heapq
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from math import inf
from typing import Any

ReadThrough = Callable[[str], bool]
"""Looks a key up and caches it if it is missing; returns whether it was there."""


def lru(room: int) -> ReadThrough:
    """Return an ordered dictionary as most programs use it, without times to live."""
    kept: OrderedDict[str, object] = OrderedDict()

    def ask(key: str) -> bool:
        if key in kept:
            kept.move_to_end(key)
            return True
        kept[key] = key
        if len(kept) > room:
            kept.popitem(last=False)
        return False

    return ask


def _cachetools(name: str) -> Callable[[Any, int], ReadThrough]:
    def make(library: Any, room: int) -> ReadThrough:
        cache = getattr(library, name)(maxsize=room, **({"ttl": 3600} if name == "TTLCache" else {}))

        def ask(key: str) -> bool:
            if key in cache:
                cache[key]
                return True
            cache[key] = key
            return False

        return ask

    return make


def _cachebox(name: str) -> Callable[[Any, int], ReadThrough]:
    def make(library: Any, room: int) -> ReadThrough:
        cache = getattr(library, name)(room)

        def ask(key: str) -> bool:
            if cache.get(key) is not None:
                return True
            cache[key] = key
            return False

        return ask

    return make


def _theine(library: Any, room: int) -> ReadThrough:
    cache = library.Cache(room)

    def ask(key: str) -> bool:
        if cache.get(key)[1]:
            return True
        cache.set(key, key)
        return False

    return ask


LIBRARIES: dict[str, tuple[str, Callable[[Any, int], ReadThrough]]] = {
    "cachetools_lru": ("cachetools", _cachetools("LRUCache")),
    "cachetools_ttl": ("cachetools", _cachetools("TTLCache")),
    "cachebox_lru": ("cachebox", _cachebox("LRUCache")),
    "cachebox_lfu": ("cachebox", _cachebox("LFUCache")),
    "theine": ("theine", _theine),
}


def libraries() -> Iterator[tuple[str, Callable[[int], ReadThrough]]]:
    """Yield the names and makers of the installed libraries."""
    for name, (module, make) in LIBRARIES.items():
        if find_spec(module) is not None:
            library = import_module(module)
            yield name, lambda room, make=make, library=library: make(library, room)  # type: ignore[misc]


def missing() -> list[str]:
    """Return the libraries that are not installed."""
    return sorted({module for module, _ in LIBRARIES.values() if find_spec(module) is None})


def versions() -> str:
    """Return the installed libraries with their versions."""
    present = sorted({module for module, _ in LIBRARIES.values() if find_spec(module) is not None})
    return ", ".join(f"{module} {version(module)}" for module in present)


def belady(keys: Sequence[str], room: int) -> float:
    """Return the optimal hit rate: evict the key requested last in the future, which may be the new one."""
    following: list[float] = [inf] * len(keys)
    latest: dict[str, int] = {}
    for at in range(len(keys) - 1, -1, -1):
        following[at] = latest.get(keys[at], inf)
        latest[keys[at]] = at
    kept: dict[str, float] = {}
    farthest: list[tuple[float, str]] = []
    hits = 0
    for key, soonest in zip(keys, following, strict=True):
        hits += key in kept
        kept[key] = soonest
        heapq.heappush(farthest, (-soonest, key))
        while len(kept) > room:
            when, last = heapq.heappop(farthest)
            if kept.get(last) == -when:
                del kept[last]
    return hits / len(keys)
