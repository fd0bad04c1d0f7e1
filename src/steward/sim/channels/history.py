"""
The messages of a channel, by ascending id.

Discord stores all messages. To bound memory, each channel here stores only its newest: up to the same number by people
and by bots (webhooks included), so that a busy channel never evicts a bot's messages. Pinned messages and thread
starters stay until they are deleted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import overload

from steward.sim.channels.message import Message

_SLACK = 8  # evict only when an eighth above the limit: few sweeps, each of many messages


class MessageHistory(Sequence[Message]):
    """The messages of one channel; `forget` is called with each that is deleted or evicted."""

    def __init__(self, most: int, started_thread: Container[int], forget: Callable[[Message], None]) -> None:
        self.total = 0
        self._most = most
        self._started_thread = started_thread
        self._forget = forget
        self._messages: list[Message] = []
        self._unswept = {True: 0, False: 0}

    @overload
    def __getitem__(self, index: int) -> Message: ...
    @overload
    def __getitem__(self, index: slice) -> list[Message]: ...
    def __getitem__(self, index: int | slice) -> Message | list[Message]:
        return self._messages[index]

    def __len__(self) -> int:
        return len(self._messages)

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages)

    def __eq__(self, other: object) -> bool:
        return self._messages == other

    __hash__ = None  # type: ignore[assignment]

    def find(self, message_id: int) -> Message | None:
        """Return a message by its id."""
        index = self.first_from(message_id)
        found = self._messages[index] if index < len(self._messages) else None
        return found if found is not None and found.id == message_id else None

    def first_from(self, message_id: int) -> int:
        """Return the index of the first message whose id is not smaller."""
        return bisect_left(self._messages, message_id, key=lambda message: message.id)

    def add(self, message: Message) -> None:
        """Add the newest message, and evict the oldest if there are too many."""
        self._messages.append(message)
        self.total += 1
        kind = message.author.bot
        self._unswept[kind] += 1
        if self._unswept[kind] > self._most + self._most // _SLACK:
            self._sweep(bots=kind)

    def remove(self, ids: Iterable[int]) -> None:
        """Delete messages."""
        self._drop({message_id for message_id in ids if self.find(message_id) is not None})

    def clear(self) -> None:
        """Delete all messages."""
        self._drop({message.id for message in self._messages})

    def _sweep(self, *, bots: bool) -> None:
        kind = [message for message in self._messages if message.author.bot is bots and not self._stays(message)]
        self._drop({message.id for message in kind[: -self._most]})
        self._unswept[bots] = min(len(kind), self._most)

    def _stays(self, message: Message) -> bool:
        return message.pinned_at is not None or message.id in self._started_thread

    def _drop(self, ids: AbstractSet[int]) -> None:
        for message in self._messages:
            if message.id in ids:
                self._forget(message)
        self._messages = [message for message in self._messages if message.id not in ids]
