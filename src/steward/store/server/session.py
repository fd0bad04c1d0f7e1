"""
A synchronous connection to a database server.

The drivers are asynchronous, while units of work are plain functions in a thread. So each session has its own event
loop, which runs only during a statement, in whichever thread holds the session. The synchronous drivers would cost
7 MB more (psycopg) or are pure Python (PyMySQL).
"""

from __future__ import annotations

import asyncio
import re
import socket
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from steward.store.server.faults import ENDS_TRANSACTION, ServerFault
from steward.store.transaction import Params

T = TypeVar("T")

STREAMED_AT_ONCE = 500


@dataclass(slots=True)
class ResultSet:
    """Rows, the number of changed rows (-1 if there is none) and the last new id; see `store.transaction.Cursor`."""

    rows: Sequence[Any] = ()
    rowcount: int = -1
    lastrowid: int | None = None

    def fetchone(self) -> Any:
        """Return the first row, or None."""
        return self.rows[0] if self.rows else None

    def fetchall(self) -> list[Any]:
        return list(self.rows)


@dataclass(slots=True)
class SessionLimits:
    """Time limits, in seconds."""

    connect: float = 5.0
    statement: float | None = 60.0
    """After this the connection counts as lost; None for no limit, as for migrations."""
    lock: int = 5
    """How long the server waits for a lock of another program."""


class DatabaseSession(ABC):
    """
    A connection, used by one thread at a time.

    Args:
        loop: closed with the session.
        limits: may be changed between statements.

    """

    def __init__(self, loop: asyncio.AbstractEventLoop, limits: SessionLimits) -> None:
        self._loop = loop
        self._last: tuple[BaseException, ServerFault] | None = None
        self.limits = limits
        self.losses = 0
        """`Outage.losses` when it was last used."""
        self.broken: ServerFault | None = None
        """Why the transaction cannot go on: it was rolled back, or the connection is lost."""

    @property
    @abstractmethod
    def in_transaction(self) -> bool:
        """Whether a transaction is open and can go on."""

    @abstractmethod
    def execute(self, sql: str, parameters: Params = (), /) -> ResultSet:
        """Run one statement with `?` for values."""

    @abstractmethod
    def executemany(self, sql: str, parameters: Iterable[Params], /) -> ResultSet:
        """Run one statement for each row of values."""

    @abstractmethod
    def stream(self, sql: str) -> Iterator[Any]:
        """
        Yield the rows of a result, some hundred in memory at a time; in a transaction.

        No other statement may run before the last row.
        """

    @abstractmethod
    def begin(self, *, reading: bool) -> None:
        """Begin a transaction; one for reading sees one state of the database and cannot write."""

    @abstractmethod
    def set_savepoint(self) -> None:
        """Set the savepoint, in place of the last one."""

    @abstractmethod
    def rollback_to_savepoint(self) -> None:
        """Roll back to the savepoint."""

    @abstractmethod
    def commit(self) -> None:
        """Make the transaction durable."""

    @abstractmethod
    def rollback(self) -> None:
        """Roll back the transaction, if there is one."""

    @property
    def last_error(self) -> BaseException:
        """The driver's latest error."""
        return RuntimeError("no error") if self._last is None else self._last[0]

    def fault_of(self, error: BaseException) -> ServerFault | None:
        """Return what an error raised by this session means; None for any other."""
        return self._last[1] if self._last is not None and self._last[0] is error else None

    def close(self) -> None:
        """Close the connection at once, in any state."""
        if self._loop.is_closed():
            return
        self._disconnect()
        end_loop(self._loop)

    @abstractmethod
    def _disconnect(self) -> None:
        """Close the socket."""

    @abstractmethod
    def _fault(self, error: BaseException) -> ServerFault:
        """Return what an error of the driver means."""

    def _wait(self, asked: Coroutine[Any, Any, T]) -> T:
        """Run the loop until the driver has the result."""
        if self._loop.is_closed():
            asked.close()
            raise ConnectionError("the session is closed")
        try:
            return self._loop.run_until_complete(_within(self.limits.statement, asked))
        except BaseException as error:
            fault = self._fault(error)
            self._last = (error, fault)
            if fault in ENDS_TRANSACTION:
                self.broken = fault
            raise


async def _within(seconds: float | None, asked: Coroutine[Any, Any, T]) -> T:
    async with asyncio.timeout(seconds):
        return await asked


class _SessionLoop(asyncio.SelectorEventLoop):
    """An event loop that resolves names in its own thread instead of starting another."""

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> Any:
        return socket.getaddrinfo(host, port, **options)


def new_loop(connecting: Coroutine[Any, Any, T], seconds: float) -> tuple[asyncio.AbstractEventLoop, T]:
    """Return a new loop and the result of `connecting` on it, within so many seconds."""
    loop = _SessionLoop()
    try:
        return loop, loop.run_until_complete(_within(seconds, connecting))
    except BaseException:
        end_loop(loop)
        raise


def end_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Close a loop whose driver may still have tasks."""
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))  # sockets close in the next turn
    loop.close()


# What may contain a question mark that stands for no value: strings, quoted names, comments.
_TOKEN = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/)|(\?)""", re.DOTALL)


@lru_cache(maxsize=512)
def split_at_placeholders(sql: str) -> tuple[str, ...]:
    """Return the pieces of `sql` between its placeholders: one more than there are."""
    pieces, begin = [], 0
    for match in _TOKEN.finditer(sql):
        if match[2] is not None:
            pieces.append(sql[begin : match.start()])
            begin = match.end()
    pieces.append(sql[begin:])
    return tuple(pieces)
