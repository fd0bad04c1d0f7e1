"""
Steps that are killed before a statement of the database which they run, each in a process of its own.

    async def done(path, name, statement):
        async with open_store(path, ...) as store:
            with killed_before(statement):
                await store.write(STEPS[name])

    for statement in kills(done, path, name):
        ...  # what is there now?
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from unittest.mock import patch

from steward.store import Transaction
from tests.processes.forked import PROCESSES

MOST = 400
"""More statements than any step has."""
Step = Callable[..., Coroutine[Any, Any, object]]


@contextmanager
def killed_before(statement: int | None) -> Iterator[None]:
    """End this process before a statement, from 0, of those that it runs while entered; None: before none."""
    running, numbers = Transaction._running, count()

    def counting(tx: Transaction, sql: str) -> Any:
        if next(numbers) == statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return running(tx, sql)

    with patch.object(Transaction, "_running", counting):  # each statement goes through it
        yield


def kills(step: Step, *args: object) -> Iterator[int]:
    """
    Do a step again and again, killed before its first statement, its second and so on, until it comes to its end.

    Args:
        step: called with `args` and the number of the statement; a function of a module, as are those in `args`.

    Yields:
        The number of the statement, after each kill.

    """
    for statement in range(MOST):
        child = PROCESSES.Process(target=_done, args=(step, *args, statement))
        child.start()
        child.join()
        assert child.exitcode in {0, -signal.SIGKILL}
        if child.exitcode == 0:
            return
        yield statement
    raise AssertionError(f"after {MOST} statements it had not come to its end")


def all_or_nothing(names: Iterable[str], step: Step, state: Step) -> int:
    """
    Do steps one after the other, see `kills`, and return how many kills there were.

    What was killed has to be as if it had not begun, and what came to its end has to have changed something.

    Args:
        step: called with the name of the step and the number of a statement.
        state: reads all that steps change.

    """
    killed, before = 0, asyncio.run(state())
    for name in names:
        for statement in kills(step, name):
            killed += 1
            assert asyncio.run(state()) == before, f"{name}, before statement {statement}"
        now = asyncio.run(state())
        assert now != before, name
        before = now
    return killed


def _done(step: Step, *args: object) -> None:
    asyncio.run(step(*args))
