"""
Dataclasses as JSON and back, by the types of their fields.

`from_json` reads what earlier versions wrote: a missing field gets its default, an unknown one is ignored. A dataclass
may also be stored as a list of its fields, or as a string of JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, time
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import orjson

T = TypeVar("T")
Reader = Callable[[Any], Any]

_AS_THEY_ARE = (Any, str, int, float, bool, NoneType)


def to_json(value: object) -> str:
    """Return a dataclass, or a dictionary that contains some, as JSON."""
    return orjson.dumps(value, default=_plain).decode()


def from_json(kind: type[T], stored: Any) -> T:
    """
    Return the dataclass that `to_json` wrote.

    Args:
        stored: the JSON text, or the value parsed from it.

    Raises:
        KeyError, TypeError, ValueError: the JSON does not fit the class.

    """
    value: T = _reader(kind)(stored)  # type: ignore[arg-type] # a class is hashable
    return value


def _plain(value: object) -> object:
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, ZoneInfo):
        return value.key
    raise TypeError(f"{type(value).__name__} has no form in JSON.")


@cache
def _reader(kind: Any) -> Reader:
    """Return a reader for a type; a type not handled here is called with the stored value, as an enum is."""
    if kind in _AS_THEY_ARE:
        return lambda stored: stored
    if kind in (datetime, time):
        read_time: Reader = kind.fromisoformat
        return read_time
    if get_origin(kind) is not None:
        return _generic_reader(get_origin(kind), get_args(kind))
    return _dataclass_reader(kind) if is_dataclass(kind) else kind


def _generic_reader(origin: Any, args: tuple[Any, ...]) -> Reader:
    if origin in (Union, UnionType):
        one = _reader(next(arg for arg in args if arg is not NoneType))
        return lambda stored: None if stored is None else one(stored)
    if origin is Mapping:
        one = _reader(args[1])
        return lambda stored: {key: one(value) for key, value in stored.items()}
    if origin is tuple and args[-1] is not Ellipsis:
        readers = [_reader(arg) for arg in args]
        return lambda stored: tuple(read_one(item) for read_one, item in zip(readers, stored, strict=True))
    one = _reader(args[0])
    return lambda stored: origin(map(one, stored))


def _dataclass_reader(kind: Any) -> Reader:
    hints = get_type_hints(kind)
    readers = {one.name: _reader(hints[one.name]) for one in fields(kind)}

    def read_one(stored: Any) -> Any:
        parsed = orjson.loads(stored) if isinstance(stored, str) else stored
        if isinstance(parsed, list):
            parsed = dict(zip(readers, parsed, strict=False))
        return kind(**{name: readers[name](value) for name, value in parsed.items() if name in readers})

    return read_one
