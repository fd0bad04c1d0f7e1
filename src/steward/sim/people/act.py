"""What a member is about to do. Forgetting to run it is a clear error, at the line that takes it for done."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from functools import wraps
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

if TYPE_CHECKING:
    from steward.sim.people.somebody import Somebody

F = TypeVar("F", bound=Callable[..., Coroutine[Any, Any, Any]])
T = TypeVar("T")


class NotRun(AttributeError):
    """An act was made and never run, so nothing has happened."""

    def __init__(self, said: str) -> None:
        super().__init__(
            f"{said} hasn't been run, so nothing has happened. In a test with discord_sim, write "
            f"discord_sim.run({said}); in a coroutine, await {said}."
        )


class Act(Coroutine[Any, Any, T]):
    """
    A coroutine that knows what it is, in words.

    Args:
        work: the coroutine.
        said: as it was written: `alice.run('/order')`.
        waiting: the acts that nothing has run yet; this one is in it until it's run.

    """

    def __init__(self, work: Coroutine[Any, Any, T], said: str, waiting: dict[Act[Any], None]) -> None:
        self._work = work
        self._waiting = waiting
        self.said = said
        waiting[self] = None

    def send(self, value: Any) -> Any:
        """Go on; the event loop calls it."""
        self._waiting.pop(self, None)
        return self._work.send(value)

    def throw(
        self,
        kind: Any,
        error: BaseException | object = None,
        trace: TracebackType | None = None,
    ) -> Any:
        """Raise an error inside; the event loop calls it."""
        self._waiting.pop(self, None)
        return self._work.throw(kind if error is None else cast(BaseException, error))

    def close(self) -> None:
        """End without having run."""
        self._waiting.pop(self, None)
        self._work.close()

    def __await__(self) -> Generator[Any, Any, T]:
        self._waiting.pop(self, None)
        return self._work.__await__()

    def __getattr__(self, name: str) -> NoReturn:
        if not name.startswith(("_", "cr_", "gi_")):  # those are asyncio's questions
            self.close()
        raise NotRun(self.said)


def act(work: F) -> F:
    """Make an `async def` of an actor an `Act`."""

    @wraps(work)
    def begin(who: Somebody, /, *args: Any, **options: Any) -> Act[Any]:
        words = [repr(value) if isinstance(value, str) else "..." for value in args]
        words += [f"{name}={value!r}" if isinstance(value, str) else f"{name}=..." for name, value in options.items()]
        member = who._me  # noqa: SLF001 - the actor's own
        said = f"{member.name}.{work.__name__}({', '.join(words)})"
        return Act(work(who, *args, **options), said, member.guild.world.acts.waiting)

    return cast(F, begin)
