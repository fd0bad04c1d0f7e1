"""
The messages of a channel, by ascending id.

Discord stores all messages. To bound memory, each channel here stores only its newest: up to the same number by people
and by bots (webhooks included), so that a busy channel never evicts a bot's messages. Pinned messages and thread
starters stay until they are deleted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Container, Iterable
from collections.abc import Set as AbstractSet

from steward.sim.channels.message import Message

_SLACK = 8  # evict only when an eighth above the limit: few sweeps, each of many messages


class MessageHistory(list[Message]):
    """The messages of one channel; `forget` is called with each that is deleted or evicted."""

    __slots__ = ("_forget", "_most", "_started_thread", "_unswept", "total")  # small: most are empty

    def __init__(self, most: int, started_thread: Container[int], forget: Callable[[Message], None]) -> None:
        super().__init__()
        self.total = 0
        self._most = most
        self._started_thread = started_thread
        self._forget = forget
        self._unswept = 0, 0  # by people, by bots

    def find(self, message_id: int) -> Message | None:
        """Return a message by its id."""
        index = self.first_from(message_id)
        return self[index] if index < len(self) and self[index].id == message_id else None

    def first_from(self, message_id: int) -> int:
        """Return the index of the first message whose id is not smaller."""
        return bisect_left(self, message_id, key=lambda message: message.id)

    def add(self, message: Message) -> None:
        """Add the newest message, and evict the oldest if there are too many."""
        self.append(message)
        self.total += 1
        kind = message.author.bot
        self._set_unswept(bots=kind, count=self._unswept[kind] + 1)
        if self._unswept[kind] > self._most + self._most // _SLACK:
            self._sweep(bots=kind)

    def delete(self, ids: Iterable[int]) -> None:
        """Delete messages by their ids."""
        self._drop({message_id for message_id in ids if self.find(message_id) is not None})

    def clear(self) -> None:
        """Delete all messages."""
        self._drop({message.id for message in self})

    def _sweep(self, *, bots: bool) -> None:
        kind = [message for message in self if message.author.bot is bots and not self._stays(message)]
        self._drop({message.id for message in kind[: -self._most]})
        self._set_unswept(bots=bots, count=min(len(kind), self._most))

    def _set_unswept(self, *, bots: bool, count: int) -> None:
        people, robots = self._unswept
        self._unswept = (people, count) if bots else (count, robots)

    def _stays(self, message: Message) -> bool:
        return message.pinned_at is not None or message.id in self._started_thread

    def _drop(self, ids: AbstractSet[int]) -> None:
        for message in self:
            if message.id in ids:
                self._forget(message)
        self[:] = [message for message in self if message.id not in ids]
