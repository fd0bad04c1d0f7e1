"""Waiting for an event no longer than some time."""

from __future__ import annotations

import asyncio
from contextlib import suppress


async def wait_within(event: asyncio.Event, seconds: float | None) -> None:
    """Wait until an event is set, for so many seconds at most; None for no limit."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
