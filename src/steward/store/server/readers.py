"""The reading side: a bounded number of sessions, closed when idle."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

from steward.errors import Broken
from steward.runtime.clock import Clock
from steward.store.queries.watch import QueryWatch
from steward.store.server.connector import Connector
from steward.store.server.faults import TRIED_AGAIN, ServerFault
from steward.store.server.session import DatabaseSession
from steward.store.transaction import Transaction, Work
from steward.store.writing.units import run_unit

T = TypeVar("T")


class ServerReaders:
    """
    Runs at most `count` reads at a time, each in a thread with its own session, which is opened on demand.

    Args:
        count: 1 or more.
        idle: seconds after which an unused session is closed.

    """

    def __init__(self, connector: Connector, *, count: int, idle: float, clock: Clock, watch: QueryWatch) -> None:
        self._connector = connector
        self._clock = clock
        self._watch = watch
        self._idle = idle
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="store-read")
        self._lock = Lock()
        self._spare: list[tuple[DatabaseSession, float]] = []  # used as a stack: the most recently used last
        self._sweep: asyncio.TimerHandle | None = None
        self._stopped = False

    @property
    def open(self) -> int:
        return len(self._spare)

    async def read(self, work: Work[T]) -> T:
        result: T = await self.run(self._read, work, self._clock.now())
        self._sweep_later()
        return result

    async def run(self, blocking: Callable[..., T], *arguments: Any) -> T:
        """Run a long read, such as a backup, in one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, blocking, *arguments)

    async def on_session(self, blocking: Callable[[DatabaseSession], T]) -> T:
        """Run something on its own session, without a time limit for statements."""

        def work() -> T:
            with self._connector.unlimited() as session:
                return blocking(session)

        return await self.run(work)

    def stop(self) -> None:
        """Stop closing idle sessions, as `close` closes them all; on the event loop."""
        self._stopped = True
        if self._sweep is not None:
            self._sweep.cancel()

    def close(self) -> None:
        """Wait for running reads and close the sessions; blocks, so call it in a thread."""
        self._threads.shutdown(wait=True)
        for session, _ in self._spare:
            session.close()
        self._spare.clear()

    def _read(self, work: Work[T], now: datetime) -> T:
        for last in self._connector.retry_timeout.tries():
            session: DatabaseSession | None = None
            try:
                session = self._take()
                result = self._in_transaction(session, work, now)
            except Exception as error:
                fault = self._fault(session, error)
                if fault is ServerFault.NO_TABLE and session is not None and self._emptied(session):
                    fault = ServerFault.NO_DATABASE
                self._drop(session)
                if fault is None:
                    raise
                if fault is ServerFault.READ_ONLY:
                    raise Broken(f"{work!r} tried to write inside Store.read.", remedy="Use Store.write.") from error
                if last or fault not in TRIED_AGAIN:
                    sentence = self._connector.sentence(fault, error)
                    if sentence is None:
                        raise
                    raise sentence from error
            except BaseException:
                self._drop(session)
                raise
            else:
                self._give_back(session)
                return result
        raise AssertionError("the last try ends the loop")

    def _in_transaction(self, session: DatabaseSession, work: Work[T], now: datetime) -> T:
        session.begin(reading=True)
        try:
            outcome = run_unit(work, Transaction(session, self._connector.engine.dialect, now, self._watch))
        except Exception:
            if session.broken is None:
                session.rollback()
            raise
        session.rollback()
        result: T = outcome.result
        return result

    def _fault(self, session: DatabaseSession | None, error: Exception) -> ServerFault | None:
        if session is None:
            return self._connector.engine.fault(error)
        fault = session.broken or session.fault_of(error)
        if fault is ServerFault.LOST:
            self._connector.outage.lost(error, session)
        return fault

    def _emptied(self, session: DatabaseSession) -> bool:
        """Tell whether our tables are gone; the statement may also have named one that never existed."""
        try:
            return "store_writer" not in self._connector.engine.tables(session)
        except Exception as error:  # noqa: BLE001 - the first error is the one to raise
            return session.fault_of(error) is ServerFault.NO_DATABASE

    def _take(self) -> DatabaseSession:
        with self._lock:
            session = self._spare.pop()[0] if self._spare else None
        if session is not None and session.losses < self._connector.outage.losses:
            session.close()  # the server was lost since this session was last used, which was logged already
            return self._take()
        return session or self._connector.connect()

    def _give_back(self, session: DatabaseSession) -> None:
        with self._lock:
            self._spare.append((session, self._clock.monotonic()))

    def _drop(self, session: DatabaseSession | None) -> None:
        if session is None:
            return
        if session.broken is None:
            self._give_back(session)
        else:
            session.close()

    def _sweep_later(self) -> None:
        if self._sweep is None and self._spare and not self._stopped:
            self._sweep = asyncio.get_running_loop().call_later(self._idle, self._close_idle)

    def _close_idle(self) -> None:
        self._sweep = None
        until = self._clock.monotonic() - self._idle
        with self._lock:
            idle = [session for session, used in self._spare if used <= until]
            self._spare = [(session, used) for session, used in self._spare if used > until]
        for session in idle:
            self._threads.submit(session.close)
        self._sweep_later()
