"""Opens a store's writer in the thread that it keeps, and closes it there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


async def open_in(thread: ThreadPoolExecutor, opening: Callable[[], T], close: Callable[[T], None]) -> T:
    """
    Open something in its own thread; on failure the thread ends.

    Args:
        thread: a pool of one thread.
        opening: opens it; runs in the thread.
        close: closes it in the thread if the waiting caller was cancelled.

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


async def close_in(thread: ThreadPoolExecutor, close: Callable[[], None]) -> None:
    """Close something in its own thread, which ends; a caller who is cancelled meanwhile waits for that, too."""
    try:
        await asyncio.get_running_loop().run_in_executor(thread, close)
    finally:
        thread.shutdown(wait=True)
