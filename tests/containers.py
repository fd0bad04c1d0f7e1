"""How many items there are in everything that something holds on to: for tests that nothing grows without bound."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from types import CellType, FunctionType, MethodType, ModuleType

COUNTED = (dict, list, set, deque, bytearray)
LEAVES = (type, ModuleType, str, bytes, bytearray, int, float, asyncio.AbstractEventLoop, asyncio.Future)


def sizes(root: object) -> Counter[str]:
    """
    Return the number of items in all dictionaries, lists, sets and queues that `root` leads to, by the way there.

    A way is such as `Steward.stats._wiring._gone`. Those on the same way, such as a queue that each guild has, are one
    sum. What only the locals of a running coroutine hold on to is not seen, nor what is in modules and classes.
    """
    found: Counter[str] = Counter()
    seen: set[int] = set()
    waiting: deque[tuple[str, object]] = deque([(type(root).__name__, root)])
    while waiting:
        way, thing = waiting.popleft()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, COUNTED):
            found[way] += len(thing)
        if not isinstance(thing, LEAVES):
            waiting.extend(_parts(way, thing))
    return found


def _parts(way: str, thing: object) -> Iterator[tuple[str, object]]:
    """Yield what a thing holds on to, and the way to it."""
    for part in _inner(thing):
        yield way, part
    for name, part in _attributes(thing):
        yield f"{way}.{name}", part


def _inner(thing: object) -> Iterable[object]:
    if isinstance(thing, Mapping):
        return [*thing.keys(), *thing.values()]
    if isinstance(thing, (list, tuple, set, frozenset, deque)):
        return list(thing)
    if isinstance(thing, MethodType):
        return [thing.__self__, thing.__func__]
    if isinstance(thing, partial):
        return [thing.func, thing.args, thing.keywords]
    if isinstance(thing, FunctionType):
        return [cell.cell_contents for cell in thing.__closure__ or () if cell != CellType()]
    return ()


def _attributes(thing: object) -> Iterator[tuple[str, object]]:
    yield from getattr(thing, "__dict__", {}).items()
    for kind in type(thing).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in ("__dict__", "__weakref__") and hasattr(thing, name):
                yield name, getattr(thing, name)
