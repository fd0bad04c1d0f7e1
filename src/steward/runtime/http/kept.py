"""Answers that are kept, within bounds of number and bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from steward.runtime.http.answer import Answer


@dataclass(slots=True)
class Kept:
    """
    One answer.

    Attributes:
        answer: as it came.
        since: when it came or was last confirmed, on the monotonic clock.
        lifetime: seconds for which it is fresh from then on.

    """

    answer: Answer
    since: float
    lifetime: float

    def age(self, now: float) -> float:
        """Return the seconds by which it is past its freshness; negative while it is fresh."""
        return now - self.since - self.lifetime


class KeptAnswers:
    """
    The newest used stay.

    Args:
        entries: the most answers.
        size: the most bytes of all bodies; one that takes more than a quarter of them is not kept.

    """

    def __init__(self, *, entries: int = 500, size: int = 4 << 20) -> None:
        self._entries = entries
        self._size = size
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self.bytes = 0
        """Of all bodies."""

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable) -> Kept | None:
        """Return what is kept, however old."""
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
        return kept

    def put(self, key: Hashable, kept: Kept) -> None:
        """Keep it in place of an earlier one."""
        self.drop(key)
        if len(kept.answer.body) > self._size // 4:
            return
        self._kept[key] = kept
        self.bytes += len(kept.answer.body)
        while len(self._kept) > self._entries or self.bytes > self._size:
            self.drop(next(iter(self._kept)))

    def drop(self, key: Hashable) -> None:
        """Forget it, if it is there."""
        kept = self._kept.pop(key, None)
        if kept is not None:
            self.bytes -= len(kept.answer.body)
