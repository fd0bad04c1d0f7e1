"""Run one unit of work in an open transaction, the same way on every engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from inspect import iscoroutine
from typing import Any

from steward.store.transaction import Transaction, Work


@dataclass(slots=True)
class CommitOutcome:
    """The outcome of one unit of work in a committed batch; with an error, its own changes were rolled back."""

    result: Any = None
    error: Exception | None = None
    topics: Iterable[str] = ()
    statements: Iterable[str] = ()


def run_unit(work: Work[Any], tx: Transaction) -> CommitOutcome:
    """
    Run `work`, which must be a plain function, and close `tx`.

    Raises:
        Exception: whatever `work` raised.

    """
    try:
        result = work(tx)
        if iscoroutine(result):
            result.close()
            raise TypeError(f"A unit of work must be a plain function, but {work!r} is a coroutine function.")
    except StopIteration as error:
        raise RuntimeError("A unit of work raised StopIteration: give next() a default.") from error
    finally:
        tx.close()
    return CommitOutcome(result, topics=tx.topics, statements=tx.statements)
