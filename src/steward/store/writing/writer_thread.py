"""The thread of the writing connection: it opens the connection, and nobody else uses it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


async def open_in(thread: ThreadPoolExecutor, opening: Callable[[], T], close: Callable[[T], None]) -> T:
    """
    Open something in its thread, which ends where that fails.

    Args:
        thread: which, the only one of its pool.
        opening: opens it; runs in the thread.
        close: closes it in the thread, where whoever waited for it was cancelled meanwhile.

    Raises:
        Exception: what `opening` raised.

    """
    opened: list[T] = []

    def begin() -> T:
        opened.append(opening())
        return opened[0]

    def undo() -> None:
        for one in opened:
            close(one)

    try:
        return await asyncio.get_running_loop().run_in_executor(thread, begin)
    except BaseException:
        thread.submit(undo)
        thread.shutdown(wait=True)
        raise
