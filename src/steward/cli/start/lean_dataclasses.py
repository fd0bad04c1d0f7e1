"""Dataclasses that share the methods in which they do not differ."""

from __future__ import annotations

import dataclasses
from functools import partial
from operator import attrgetter
from reprlib import recursive_repr
from typing import Any

_dataclass = dataclasses.dataclass
_COMPARED = "__dataclass_compared__"  # gets the tuple of the fields that are compared


def share_dataclass_methods() -> None:
    """
    Give dataclasses that are defined from now on one `__repr__` and `__eq__`.

    Frozen ones also share `__hash__`, `__setattr__` and `__delattr__`. The standard library compiles these methods
    anew for each class, and writes its signature as a docstring: 1.3 MiB in the running bot, and more with each bot.
    Behaviour stays the same.
    """
    dataclasses.dataclass = _lean_dataclass


def _lean_dataclass(cls: Any = None, /, **options: Any) -> Any:
    if cls is None:
        return partial(_lean_dataclass, **options)
    shared: dict[str, Any] = {}
    if options.get("repr", True) and "__repr__" not in vars(cls):
        shared["__repr__"] = _repr
    frozen = options.get("frozen", False)
    if frozen:
        shared |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
    compares = options.get("eq", True) and not {"__eq__", "__hash__"} & vars(cls).keys()
    if cls.__doc__ is None:
        cls.__doc__ = " "  # else it is made from the signature
    made = _dataclass(cls, **options)
    fields = dataclasses.fields(made)
    compared = [one.name for one in fields if one.compare]
    if compares and compared and all(one.hash is None for one in fields):
        compared = compared * 2 if len(compared) == 1 else compared  # of one name alone attrgetter makes no tuple
        shared |= {_COMPARED: attrgetter(*compared), "__eq__": _eq}
        if frozen:
            shared["__hash__"] = _hash
    for name, method in shared.items():
        setattr(made, name, method)
    return made


@recursive_repr()
def _repr(self: Any) -> str:
    owner = next(cls for cls in type(self).__mro__ if vars(cls).get("__repr__") is _repr)  # a subclass may add fields
    shown = (f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(owner) if one.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _eq(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    get = type(self).__dataclass_compared__
    return get(self) == get(other)


def _hash(self: Any) -> int:
    return hash(type(self).__dataclass_compared__(self))


def _refuse_to_set(self: Any, name: str, value: object) -> None:
    if _is_frozen(type(self), name):
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
    object.__setattr__(self, name, value)


def _refuse_to_delete(self: Any, name: str) -> None:
    if _is_frozen(type(self), name):
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
    object.__delattr__(self, name)


def _is_frozen(cls: Any, name: str) -> bool:
    """Return whether an attribute is frozen; a subclass that is no dataclass may have further ones."""
    return "__dataclass_fields__" in vars(cls) or name in cls.__dataclass_fields__
