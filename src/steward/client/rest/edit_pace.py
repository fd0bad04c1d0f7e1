"""
The pace of edits in a channel.

Discord's limit for edits is one of each channel (`X-RateLimit-*`), and discord.py keeps to it as long as edits come one
after the other: of several at once it lets more go than are left when a new window begins. That messages older than an
hour may be edited three times in six seconds a channel, no header tells (code 30046; discord-userdoccers,
pages/resources/message).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from discord.utils import snowflake_time

from steward.runtime.clock import Clock

OLD = timedelta(minutes=59)  # of Discord's 60: its clock and ours differ
OLD_EDITS, OLD_WINDOW = 3, 6.0
REMEMBERED = 1000


@dataclass(slots=True)
class _Channel:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    old_edits: deque[float] = field(default_factory=lambda: deque(maxlen=OLD_EDITS))  # when each was answered
    waiting: int = 0


class EditPace:
    """
    Lets the edits of a channel's messages go one after the other, in the order in which they come.

    Args:
        clock: tells how old a message is.

    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._channels: dict[int, _Channel] = {}

    @asynccontextmanager
    async def turn(self, channel_id: int, message_id: int) -> AsyncIterator[None]:
        """Wait until a message may be edited; edit it in the block."""
        channel = self._channels.setdefault(channel_id, _Channel())
        channel.waiting += 1
        try:
            async with channel.turn:
                if self._clock.now() - snowflake_time(message_id) <= OLD:
                    yield
                    return
                if len(channel.old_edits) == OLD_EDITS:
                    await asyncio.sleep(channel.old_edits[0] + OLD_WINDOW - _now())
                try:
                    yield
                finally:
                    channel.old_edits.append(_now())
        finally:
            channel.waiting -= 1
            if len(self._channels) > REMEMBERED:
                self._forget()

    def _forget(self) -> None:
        """Drop the channels whose windows are over."""
        over = _now() - OLD_WINDOW
        self._channels = {
            id_: channel
            for id_, channel in self._channels.items()
            if channel.waiting or (channel.old_edits and channel.old_edits[-1] > over)
        }


def _now() -> float:
    return asyncio.get_running_loop().time()
