"""Scenes of a demo: what people do and when, played one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from steward.runtime.clock import Clock

FOR_EVER = datetime.max.replace(tzinfo=UTC)

Scene = Callable[[], Awaitable[str]]
"""Something that people do; it returns what happened, in a line."""


class SceneLine(NamedTuple):
    """What happened when, and in which channel."""

    moment: datetime
    channel: str
    text: str


class ScenePlayer:
    """
    Plays scenes, each at its time.

    A scene takes seconds or minutes and is never cut short, so that members know its outcome from the bot. What
    happened is added to `lines`; `failed` says which scenes could not be completed.
    """

    def __init__(self, clock: Clock, channel: str, lines: list[SceneLine]) -> None:
        self.lines = lines
        self.failed: list[str] = []
        self._clock = clock
        self._channel = channel

    async def play(self, scenes: Iterable[tuple[datetime, Scene]], begin: datetime, end: datetime = FOR_EVER) -> None:
        """Play those that begin in `[begin, end)`; they come in the order of their times."""
        for moment, scene in scenes:
            if moment >= end:
                return
            if moment >= begin:
                await asyncio.sleep(max(0.0, (moment - self._clock.now()).total_seconds()))
                try:
                    self.lines.append(SceneLine(moment, self._channel, await scene()))
                except (LookupError, ValueError, PermissionError, TimeoutError) as error:
                    self.failed.append(f"{moment:%a %H:%M}: {error}".rstrip("."))
