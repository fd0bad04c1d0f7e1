"""
What can't be written or read whatever is tried: it is passed over alone, with one line in the log, and counted.

A batch is only as good as its worst row. What fails for its content fails each time, so who writes several things at
once writes them by `SetAside.writing`: what is sound is written, and nothing waits behind what isn't.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, TypeVar

from steward.errors import StewardError
from steward.runtime.logs.loggers import get_logger

log = get_logger(__name__)

T = TypeVar("T")
Ids = Callable[[Any], object]
"""Says which thing is meant by its ids: the log takes no names and no texts."""

_OF_VALUES = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError)


def is_about_content(error: BaseException) -> bool:
    """Tell whether an error that is no driver's comes of the values that were dealt with, and would come again."""
    return isinstance(error, _OF_VALUES) and not isinstance(error, StewardError)


A_FEW = 3
_OF_CODE = (TypeError, AttributeError, LookupError)
"""Errors that a mistake in our own code has for whatever it's given, beside the odd thing that can't be read."""


def loggable(error: BaseException) -> str:
    """Return what may be logged of an error: our own sentence, or its kind, for a driver's text may hold values."""
    return str(error) if isinstance(error, StewardError) else type(error).__name__


def whole_numbers(row: Sequence[object]) -> list[int]:
    """Return the ids and instants of a row of values, and none of its texts."""
    return [value for value in row if isinstance(value, int)]


class SetAside:
    """
    Passes over what can't be written or read; each store has one (`Store.set_aside`).

    Args:
        blames: tells whether a write failed for what was to be written, not for the disk, the server or a lock.

    Attributes:
        counts: how many things were set aside, by who met them.

    """

    def __init__(self, blames: Callable[[BaseException], bool] = is_about_content) -> None:
        self.blames = blames
        self.counts: Counter[str] = Counter()

    @property
    def total(self) -> int:
        """How many things were set aside since the start."""
        return self.counts.total()

    def note(self, what: str, error: BaseException, ids: object) -> None:
        """
        Take down that one thing is passed over.

        Args:
            what: what kind of thing, such as "member event".
            error: why; its text may hold names, so only its kind is logged.
            ids: which one.

        """
        self.counts[what] += 1
        log.error("set_aside", what=what, ids=ids, error=type(error).__name__)

    async def writing(
        self,
        what: str,
        things: Sequence[T],
        write: Callable[[Sequence[T]], Awaitable[object]],
        *,
        ids: Ids,
        passed_over: Callable[[T], Awaitable[object]] | None = None,
    ) -> AsyncIterator[Sequence[T]]:
        """
        Write things in their order, together if that is possible; yield those that are dealt with, again and again.

        Where their content is refused they are written by halves, down to the one at fault. Where more than a few fail,
        all of them, as they would by a mistake in the code, none is set aside: they wait for the version that mends it.

        Args:
            what: what kind of things.
            things: all of them.
            write: writes some; when it raises, nothing of them is there.
            ids: says which thing is meant.
            passed_over: told of each thing that is set aside, after `note`.

        Raises:
            Exception: as `write`, where it isn't about the content; what was not yielded is not dealt with.

        """
        waiting = [things] if things else []
        at_fault: list[tuple[Sequence[T], Exception]] = []
        code_is_sound = len(things) <= A_FEW
        while waiting:
            some, written = waiting.pop(), True
            try:
                await write(some)
            except Exception as error:
                if not self.blames(error):
                    raise
                if len(some) > 1:
                    middle = len(some) // 2
                    waiting += [some[middle:], some[:middle]]
                    continue
                at_fault.append((some, error))
                written = False
                code_is_sound = code_is_sound or not isinstance(error, _OF_CODE)
            else:
                code_is_sound = True
            if code_is_sound:
                for one, why in at_fault:
                    self.note(what, why, ids(one[0]))
                    if passed_over is not None:
                        await passed_over(one[0])
                    yield one
                at_fault.clear()
                if written:
                    yield some
        if at_fault:
            raise at_fault[-1][1]

    async def write(
        self, what: str, things: Sequence[T], write: Callable[[Sequence[T]], Awaitable[object]], *, ids: Ids
    ) -> None:
        """Do as `writing`, where nobody wants to know how far it is."""
        async for _ in self.writing(what, things, write, ids=ids):
            pass
