"""
One connection to a database server, as units of work see it: synchronous.

The drivers are asynchronous, units of work are plain functions in a thread. So each session has an event loop of its
own, which runs exactly as long as a statement does, in whichever thread holds the session. The synchronous drivers
would cost 7 MB more (psycopg) or run in Python alone (PyMySQL).
"""

from __future__ import annotations

import asyncio
import socket
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from steward.store.server.faults import ENDS_TRANSACTION, ServerFault
from steward.store.transaction import Params

T = TypeVar("T")

STREAMED_AT_ONCE = 500


@dataclass(slots=True)
class ResultSet:
    """Rows and the number of rows changed (-1 where that makes no sense); see `steward.store.transaction.Cursor`."""

    rows: Sequence[Any] = ()
    rowcount: int = -1

    def fetchone(self) -> Any:
        """Return the first row, or None."""
        return self.rows[0] if self.rows else None

    def fetchall(self) -> list[Any]:
        """Return all rows."""
        return list(self.rows)


@dataclass(slots=True)
class SessionLimits:
    """How long things may take, in seconds."""

    connect: float = 5.0
    statement: float | None = 60.0
    """After this the connection counts as lost; None waits for ever, as migrations do."""
    lock: int = 5
    """How long the server waits for another program's lock."""


class DatabaseSession(ABC):
    """
    A connection; used by one thread at a time.

    Args:
        loop: closed with the session.
        limits: may be changed between statements.

    """

    def __init__(self, loop: asyncio.AbstractEventLoop, limits: SessionLimits) -> None:
        self._loop = loop
        self._last: tuple[BaseException, ServerFault] | None = None
        self.limits = limits
        self.losses = 0
        """`Outage.losses` when it last answered."""
        self.broken: ServerFault | None = None
        """Why the transaction cannot go on: the server has undone it, or the connection is lost."""

    @property
    @abstractmethod
    def in_transaction(self) -> bool:
        """Whether the transaction is open and may go on."""

    @abstractmethod
    def execute(self, sql: str, parameters: Params = (), /) -> ResultSet:
        """Run one statement with `?` for values."""

    @abstractmethod
    def executemany(self, sql: str, parameters: Iterable[Params], /) -> ResultSet:
        """Run one statement for each row of values."""

    @abstractmethod
    def stream(self, sql: str) -> Iterator[Any]:
        """
        Yield the rows of an answer, some hundred in memory at a time; in a transaction.

        Nothing else may be asked before the last one.
        """

    @abstractmethod
    def begin(self, *, reading: bool) -> None:
        """Begin a transaction; one for reading sees one state of the database and may not write."""

    @abstractmethod
    def set_mark(self) -> None:
        """Let what follows be undone alone, in place of what followed the last mark."""

    @abstractmethod
    def undo_to_mark(self) -> None:
        """Undo what was done since the mark."""

    @abstractmethod
    def commit(self) -> None:
        """Make the transaction durable."""

    @abstractmethod
    def rollback(self) -> None:
        """Undo the transaction; harmless where there is none."""

    @property
    def last_error(self) -> BaseException:
        """The newest error of the driver."""
        return RuntimeError("no error") if self._last is None else self._last[0]

    def fault_of(self, error: BaseException) -> ServerFault | None:
        """Return what an error means that this session raised; None for any other."""
        return self._last[1] if self._last is not None and self._last[0] is error else None

    def close(self) -> None:
        """Close the connection at once, whatever state it is in."""
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
        """Run the loop until the driver has the answer."""
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
    """An event loop that looks names up in the thread that runs it, instead of starting another for that."""

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> Any:
        return socket.getaddrinfo(host, port, **options)


def new_loop(connecting: Coroutine[Any, Any, T], seconds: float) -> tuple[asyncio.AbstractEventLoop, T]:
    """Return a loop, and what `connecting` gave on it within so many seconds."""
    loop = _SessionLoop()
    try:
        return loop, loop.run_until_complete(_within(seconds, connecting))
    except BaseException:
        end_loop(loop)
        raise


def end_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Close a loop whose driver may have begun something that nobody waits for."""
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))  # sockets close in the next turn
    loop.close()
