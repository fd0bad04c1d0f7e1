"""Computed crowds: user ids in arithmetic progression, which take no memory until looked up."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from datetime import UTC, datetime
from heapq import merge
from itertools import islice

from steward.sim.people.names import invented_name
from steward.sim.people.user import User
from steward.sim.snowflake import LOW_BITS, milliseconds

_FIRST_MS = milliseconds(datetime(2018, 1, 1, tzinfo=UTC))
_STEP_MS = 60_000
_LOW_MASK = (1 << LOW_BITS) - 1


class Population:
    """
    A crowd of computed users, whose accounts were created one per minute from 2018 on.

    `salt` is the low bits of their ids, below 2**22; unique per crowd, so that no two crowds share a user.
    """

    def __init__(self, size: int, salt: int) -> None:
        self.size = size
        self.salt = salt

    def id_of(self, index: int) -> int:
        """Return the user id at an index from 0."""
        return (_FIRST_MS + index * _STEP_MS) << LOW_BITS | self.salt

    def index_of(self, user_id: int) -> int | None:
        """Return the index of a user, or None if it is not in the crowd."""
        if user_id & _LOW_MASK != self.salt:
            return None
        index, rest = divmod((user_id >> LOW_BITS) - _FIRST_MS, _STEP_MS)
        return index if rest == 0 and 0 <= index < self.size else None

    def first_above(self, user_id: int) -> int:
        """Return the index of the first user with a greater id, or `size`."""
        guess = min(max(0, ((user_id >> LOW_BITS) - _FIRST_MS) // _STEP_MS), self.size)
        while guess < self.size and self.id_of(guess) <= user_id:
            guess += 1
        return guess

    def user(self, user_id: int) -> User | None:
        """Return a new user object for an id, or None if it is not in the crowd."""
        index = self.index_of(user_id)
        return None if index is None else User(user_id, invented_name(self.salt * 7919 + index))


class Roll:
    """
    A sorted set of user ids, based on a `Population`.

    Only the differences from the population are stored: ids removed from it and ids added.
    """

    def __init__(self, population: Population) -> None:
        self.population = population
        self._gone: set[int] = set()
        self._extra: list[int] = []

    def __len__(self) -> int:
        return self.population.size - len(self._gone) + len(self._extra)

    def __contains__(self, user_id: int) -> bool:
        if self.population.index_of(user_id) is not None:
            return user_id not in self._gone
        index = bisect_left(self._extra, user_id)
        return index < len(self._extra) and self._extra[index] == user_id

    def add(self, user_id: int) -> None:
        """Add an id, unless it is in the set."""
        if user_id in self._gone:
            self._gone.remove(user_id)
        elif user_id not in self:
            insort(self._extra, user_id)

    def discard(self, user_id: int) -> None:
        """Remove an id, if it is in the set."""
        if user_id not in self:
            return
        if self.population.index_of(user_id) is not None:
            self._gone.add(user_id)
        else:
            del self._extra[bisect_left(self._extra, user_id)]

    def count_from(self, index: int) -> int:
        """Return how many ids of the population at or after the index `index` are in the set."""
        gone = (self.population.index_of(user_id) for user_id in self._gone)
        return max(0, self.population.size - index) - sum(found is not None and found >= index for found in gone)

    def after(self, user_id: int, limit: int) -> list[int]:
        """Return the first `limit` ids above an id, ascending."""
        crowd = self._crowd(range(self.population.first_above(user_id), self.population.size))
        extra = self._extra[bisect_right(self._extra, user_id) :]
        return list(islice(merge(crowd, extra), limit))

    def before(self, user_id: int, limit: int) -> list[int]:
        """Return the last `limit` ids below an id, ascending."""
        crowd = self._crowd(range(self.population.first_above(user_id - 1) - 1, -1, -1))
        extra = reversed(self._extra[: bisect_left(self._extra, user_id)])
        return list(islice(merge(crowd, extra, reverse=True), limit))[::-1]

    def _crowd(self, places: range) -> Iterator[int]:
        ids = map(self.population.id_of, places)
        return (user_id for user_id in ids if user_id not in self._gone)
