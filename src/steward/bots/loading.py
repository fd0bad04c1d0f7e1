"""What is read before the bot connects: in bounded time, for whatever waits there for the connection waits for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from steward.errors import NotReady

LOADED_WITHIN = 10.0  # seconds


async def loaded(bot: str, load: Awaitable[None]) -> None:
    """
    Have a bot read what it has kept.

    Args:
        bot: its name.
        load: the reading; it needs no connection to Discord.

    Raises:
        NotReady: it takes longer than ten seconds.

    """
    try:
        async with asyncio.timeout(LOADED_WITHIN):
            await load
    except TimeoutError:
        raise NotReady(
            f"The {bot} bot has not read what it keeps within {LOADED_WITHIN:g} s.",
            remedy="If the database is slow, start again later. If a change of yours waits there for Discord to be"
            " ready, move that into background work: the bot connects only after it is loaded.",
        ) from None
