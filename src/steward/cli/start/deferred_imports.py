"""Libraries' imports that are seldom used, deferred until they are."""

from __future__ import annotations

import sys
import typing
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

DEFERRED = (
    "attr.converters",
    "attr.filters",
    "attr.validators",
    "bz2",
    "email.parser",
    "email.policy",
    "gzip",
    "html",
    "idna",
    "locale",
    "lzma",
    "mimetypes",
    "structlog.threadlocal",
    "tempfile",
    "typing_extensions",
    "urllib.request",
)
"""Modules that discord.py, aiohttp, structlog and what they use import for functions that the bot hardly ever calls."""


@contextmanager
def deferred_imports() -> Iterator[None]:
    """
    Return a context manager in which imports of the modules of `DEFERRED` give a stand-in; later imports don't.

    A stand-in loads its module on first use, so for everybody who has it, it is as good as the module. Modules that
    are loaded already stay.
    """
    stand_ins = {name: _StandIn(name) for name in DEFERRED if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for stand_in in stand_ins.values():
            stand_in.step_aside()


class _StandIn(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is not self or name == "__all__":  # it is used, or all of it imported
            return getattr(self.load(), name)
        if name.startswith("__"):  # the import itself asks whether it is a package
            raise AttributeError(name)
        return _later_type_variable(name) or _Later(self, name)

    def step_aside(self) -> None:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]

    def load(self) -> ModuleType:
        self.step_aside()
        return import_module(self.__name__)


class _Later:
    """Stands in for what is imported from a deferred module: a function, a class, or another object."""

    __slots__ = ("_module", "_name")

    def __init__(self, module: _StandIn, name: str) -> None:
        self._module = module
        self._name = name

    def _load(self) -> Any:
        return getattr(self._module.load(), self._name)

    def __call__(self, *args: Any, **options: Any) -> Any:
        return self._load()(*args, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._load(), name)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[Any, ...]:
        return (self._load(),)

    def __instancecheck__(self, instance: object) -> bool:
        return isinstance(instance, self._load())


def _later_type_variable(name: str) -> Any:
    """Return the standard library's class without a default, which Python before 3.13 has not and checkers read."""
    if name not in ("TypeVar", "TypeVarTuple"):
        return None

    def made(*args: Any, default: object = None, **options: Any) -> Any:
        return getattr(typing, name)(*args, **options)

    return made
