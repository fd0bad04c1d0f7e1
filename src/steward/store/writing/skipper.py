"""
Skip things that can never be written or read, each with one line in the log and a count.

A write that fails because of its content fails every time. So whoever writes several things at once uses
`BadRecordSkipper.writing`: the sound ones are written, and nothing is blocked by a bad one.
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
"""Returns what identifies a thing in the log: ids, never names or texts."""

_OF_VALUES = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError)


def is_about_content(error: BaseException) -> bool:
    """Tell whether an error that is not a driver's was caused by the values, and would recur."""
    return isinstance(error, _OF_VALUES) and not isinstance(error, StewardError)


A_FEW = 3
_OF_CODE = (TypeError, AttributeError, LookupError)
"""Errors that a bug in our code raises for any input, not only for bad content."""


def loggable(error: BaseException) -> str:
    """Return what may be logged of an error: our own message, or its type, since a driver's message may hold values."""
    return str(error) if isinstance(error, StewardError) else type(error).__name__


def whole_numbers(row: Sequence[object]) -> list[int]:
    """Return the ids and instants in a row of values, without its texts."""
    return [value for value in row if isinstance(value, int)]


class BadRecordSkipper:
    """
    Skips things that cannot be written or read; each store has one (`Store.skipper`).

    Args:
        blames: tells whether a write failed because of its content, not the disk, the server or a lock.

    Attributes:
        counts: how many things were skipped, by kind.

    """

    def __init__(self, blames: Callable[[BaseException], bool] = is_about_content) -> None:
        self.blames = blames
        self.counts: Counter[str] = Counter()

    @property
    def total(self) -> int:
        """How many things were skipped since the start."""
        return self.counts.total()

    def note(self, what: str, error: BaseException, ids: object) -> None:
        """
        Log and count one skipped thing.

        Args:
            what: its kind, such as "member event".
            error: the reason; only its type is logged, since its message may hold names.

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
        on_skip: Callable[[T], Awaitable[object]] | None = None,
    ) -> AsyncIterator[Sequence[T]]:
        """
        Write things in order, together if possible; yield each part that is done.

        If their content is refused they are written by halves, down to the bad one. If all of more than `A_FEW` fail,
        as they would by a bug in the code, none is skipped: they wait for the version that fixes it.

        Args:
            write: writes some; if it raises, none of them was written.
            on_skip: called with each thing that is skipped, after `note`.

        Raises:
            Exception: from `write`, if not about the content; what was not yielded was not written.

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
                    if on_skip is not None:
                        await on_skip(one[0])
                    yield one
                at_fault.clear()
                if written:
                    yield some
        if at_fault:
            raise at_fault[-1][1]

    async def write(
        self, what: str, things: Sequence[T], write: Callable[[Sequence[T]], Awaitable[object]], *, ids: Ids
    ) -> None:
        """Do as `writing`, without reporting progress."""
        async for _ in self.writing(what, things, write, ids=ids):
            pass
