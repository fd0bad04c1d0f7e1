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
    future = thread.submit(opening)

    def undo() -> None:
        if not future.cancelled() and future.exception() is None:
            close(future.result())

    try:
        return await asyncio.wrap_future(future)
    except BaseException:
        thread.submit(undo)
        thread.shutdown(wait=True)
        raise
