"""Asks one service after the other, until one has an answer, and never longer than somebody likes to wait."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from steward.bots.music.providers.answers import Told
from steward.bots.music.providers.provider import Capability, MusicProvider
from steward.errors import StewardError
from steward.runtime.clock import Clock

Value = TypeVar("Value")

WITHIN, EACH = 2.4, 1.2
"""Seconds for all, and for one; what comes later is kept for the next time."""


class FirstAnswer(NamedTuple, Generic[Value]):
    """
    What came of asking.

    Attributes:
        told: the first answer that isn't empty; None if there is none.
        missed: why those before it have none, a sentence each, fit for members.

    """

    told: Told[Value] | None
    missed: tuple[str, ...]


async def first_answer(
    providers: Iterable[MusicProvider],
    what: Capability,
    ask: Callable[[MusicProvider], Awaitable[Told[Value]]],
    clock: Clock,
    *,
    within: float = WITHIN,
) -> FirstAnswer[Value]:
    """
    Ask those that offer something, in order.

    Args:
        ask: asks one, for example `lambda one: one.similar_artists(artist)`; its answers are cached, so that one that
            comes too late is there the next time.
        within: seconds for all.

    """
    until = clock.monotonic() + within
    missed = []
    for provider in providers:
        left = until - clock.monotonic()
        if what not in provider.offers or left <= 0:
            continue
        try:
            async with asyncio.timeout(min(EACH, left)):
                told: Told[Any] = await ask(provider)
        except TimeoutError:
            missed.append(f"{provider.title} is slow.")
        except StewardError as error:
            missed.append(error.for_members or error.sentence)
        else:
            if told.value:
                return FirstAnswer(told, tuple(missed))
    return FirstAnswer(None, tuple(missed))
