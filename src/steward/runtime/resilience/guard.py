"""The base class of the resilience layers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Guard(ABC):
    """Wraps an async function: `@guard`, or `await guard.call(function, ...)` for one call."""

    @abstractmethod
    async def call(self, function: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call the function and return its result."""

    def __call__(self, function: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
        """
        Decorate an `async def`.

        Raises:
            TypeError: it is something else.

        """
        if not iscoroutinefunction(function):
            kind, name = type(self).__name__, getattr(function, "__name__", repr(function))
            raise TypeError(
                f"A {kind} decorates an `async def`, and {name} isn't one. For a single call, write "
                "`await guard.call(function, ...)`, where the function returns something to await."
            )

        @wraps(function)
        async def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            return await self.call(function, *args, **kwargs)

        return guarded
