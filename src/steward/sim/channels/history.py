"""
The messages of a channel, by ascending id.

Discord keeps all of them; here each channel keeps its newest, so that weeks of traffic fit into memory: so many of
people, and as many of bots and webhooks, which the chatter of a busy channel thus never pushes out. Pinned messages and
those that began a thread stay until they are deleted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import overload

from steward.sim.channels.message import Message

_SLACK = 8  # an eighth more than may stay is let in before the oldest go: few sweeps, each of many


class MessageHistory(Sequence[Message]):
    """
    The messages of one channel.

    Args:
        most: how many of people and of bots stay, each.
        started_thread: the ids of messages that must stay.
        forget: is told of each message that is here no more.

    """

    def __init__(self, most: int, started_thread: Container[int], forget: Callable[[Message], None]) -> None:
        self.total = 0
        self._most = most
        self._started_thread = started_thread
        self._forget = forget
        self._messages: list[Message] = []
        self._unswept = {True: 0, False: 0}

    @overload
    def __getitem__(self, place: int) -> Message: ...
    @overload
    def __getitem__(self, place: slice) -> list[Message]: ...
    def __getitem__(self, place: int | slice) -> Message | list[Message]:
        return self._messages[place]

    def __len__(self) -> int:
        return len(self._messages)

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages)

    def __eq__(self, other: object) -> bool:
        return self._messages == other

    __hash__ = None  # type: ignore[assignment]

    def find(self, message_id: int) -> Message | None:
        """Return a message by its id."""
        place = self.first_from(message_id)
        found = self._messages[place] if place < len(self._messages) else None
        return found if found is not None and found.id == message_id else None

    def first_from(self, message_id: int) -> int:
        """Return the place of the first message whose id is not smaller."""
        return bisect_left(self._messages, message_id, key=lambda message: message.id)

    def add(self, message: Message) -> None:
        """Add the newest message; the oldest may go for it."""
        self._messages.append(message)
        self.total += 1
        kind = message.author.bot
        self._unswept[kind] += 1
        if self._unswept[kind] > self._most + self._most // _SLACK:
            self._sweep(bots=kind)

    def remove(self, ids: Iterable[int]) -> None:
        """Take messages out: deleted."""
        gone = {message_id for message_id in ids if self.find(message_id) is not None}
        self._drop(lambda message: message.id in gone)

    def clear(self) -> None:
        """Take all messages out."""
        self._drop(lambda _: True)

    def _sweep(self, *, bots: bool) -> None:
        kind = [message for message in self._messages if message.author.bot is bots and not self._stays(message)]
        gone = {message.id for message in kind[: -self._most]}
        self._drop(lambda message: message.id in gone)
        self._unswept[bots] = min(len(kind), self._most)

    def _stays(self, message: Message) -> bool:
        return message.pinned_at is not None or message.id in self._started_thread

    def _drop(self, goes: Callable[[Message], bool]) -> None:
        kept: list[Message] = []
        for message in self._messages:
            if goes(message):
                self._forget(message)
            else:
                kept.append(message)
        self._messages = kept
