"""
Processes an iterable of any length in constant memory.

    await work_through(rows, send, at_once=4)        # rows: sync or async iterable, read no faster than the work
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Iterable
from contextlib import aclosing
from typing import TypeVar

T = TypeVar("T")


async def work_through(
    source: Iterable[T] | AsyncIterable[T], work: Callable[[T], Awaitable[object]], *, at_once: int
) -> int:
    """
    Await `work` on each item, `at_once` at a time, and return the number of items.

    An item is read only when there is a free slot. If one call raises, the others are cancelled.

    Raises:
        ValueError: `at_once` is less than 1.
        ExceptionGroup: what the work or the source raised.

    """
    if at_once < 1:
        raise ValueError(f"at_once must be at least 1, not {at_once}.")
    room = asyncio.Semaphore(at_once)
    count = 0

    async def one(item: T) -> None:
        try:
            await work(item)
        finally:
            room.release()

    async with asyncio.TaskGroup() as group, aclosing(_each(source)) as items:
        await room.acquire()
        async for item in items:
            count += 1
            group.create_task(one(item))
            await room.acquire()
    return count


async def _each(source: Iterable[T] | AsyncIterable[T]) -> AsyncGenerator[T, None]:
    if isinstance(source, AsyncIterable):
        async for item in source:
            yield item
    else:
        for item in source:
            yield item
