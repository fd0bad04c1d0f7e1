"""A member's action as a coroutine that raises a clear error when used without having been awaited."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from functools import wraps
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

if TYPE_CHECKING:
    from steward.sim.people.member_actions import MemberActions

F = TypeVar("F", bound=Callable[..., Coroutine[Any, Any, Any]])
T = TypeVar("T")


class NotRun(AttributeError):
    """An action was used before it was run."""

    def __init__(self, source: str) -> None:
        super().__init__(
            f"{source} hasn't been run, so nothing has happened. In a test with discord_sim, write "
            f"discord_sim.run({source}); in a coroutine, await {source}."
        )


class Act(Coroutine[Any, Any, T]):
    """A coroutine that knows its source code, such as `alice.run('/order')`; `waiting` contains it until it is run."""

    def __init__(self, work: Coroutine[Any, Any, T], source: str, waiting: dict[Act[Any], None]) -> None:
        self._work = work
        self._waiting = waiting
        self.source = source
        waiting[self] = None

    def send(self, value: Any) -> Any:
        """Resume; called by the event loop."""
        self._waiting.pop(self, None)
        return self._work.send(value)

    def throw(
        self,
        kind: Any,
        error: BaseException | object = None,
        trace: TracebackType | None = None,
    ) -> Any:
        """Raise an error inside; called by the event loop."""
        self._waiting.pop(self, None)
        return self._work.throw(kind if error is None else cast(BaseException, error))

    def close(self) -> None:
        """Close without running."""
        self._waiting.pop(self, None)
        self._work.close()

    def __await__(self) -> Generator[Any, Any, T]:
        self._waiting.pop(self, None)
        return self._work.__await__()

    def __getattr__(self, name: str) -> NoReturn:
        if not name.startswith(("_", "cr_", "gi_")):  # asyncio looks these up
            self.close()
        raise NotRun(self.source)


def act(work: F) -> F:
    """Decorate an `async def` of an actor to return an `Act`."""

    @wraps(work)
    def begin(who: MemberActions, /, *args: Any, **options: Any) -> Act[Any]:
        words = [repr(value) if isinstance(value, str) else "..." for value in args]
        words += [f"{name}={value!r}" if isinstance(value, str) else f"{name}=..." for name, value in options.items()]
        member = who._me  # noqa: SLF001 - the actor's own
        source = f"{member.name}.{work.__name__}({', '.join(words)})"
        return Act(work(who, *args, **options), source, member.guild.world.acts.waiting)

    return cast(F, begin)
