"""The store on a database server."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from glob import escape
from pathlib import Path
from typing import TypeVar

import structlog

from steward.errors import StewardError
from steward.runtime.clock import Clock
from steward.store.backup.portable import MADE_AT, SUFFIX
from steward.store.instants import to_millis
from steward.store.interface import Store
from steward.store.migrate import Schema
from steward.store.queries.watch import QueryWatch
from steward.store.server.address import Address
from steward.store.server.batches import ServerBatches
from steward.store.server.connector import Connector, Outage, RetryTimeout
from steward.store.server.engine import Engine
from steward.store.server.faults import ServerFault, explain_at_opening
from steward.store.server.guard import ProcessGuard
from steward.store.server.maintenance.copying import copy_database
from steward.store.server.maintenance.upgrade import upgrade
from steward.store.server.options import ServerOptions
from steward.store.server.readers import ServerReaders
from steward.store.server.session import DatabaseSession
from steward.store.transaction import Work
from steward.store.writing.group_commit import GroupCommit
from steward.store.writing.own_thread import close_in, open_in
from steward.store.writing.skipper import is_about_content

log = structlog.get_logger(__name__)

T = TypeVar("T")


class ServerStore(Store):
    """See `Store`; made by `ServerStore.open`."""

    def __init__(
        self,
        connector: Connector,
        batches: ServerBatches,
        clock: Clock,
        *,
        thread: ThreadPoolExecutor,
        options: ServerOptions,
        schema: Schema,
        watch: QueryWatch,
        size: int,
        notice: str | None,
    ) -> None:
        super().__init__(connector.engine.dialect, watch, shared=options.processes > 1)
        self.notice = notice
        self._connector = connector
        self._batches = batches
        self._thread = thread
        self._schema = schema
        self._size = size
        self._commits = GroupCommit(
            batches.commit, clock=clock, executor=thread, topics=self.topics, changes=self.changes
        )
        self._readers = ServerReaders(
            connector, count=max(1, options.connections - 1), idle=options.idle, clock=clock, watch=watch
        )

    @classmethod
    async def open(
        cls, address: Address, engine: Engine, clock: Clock, schema: Schema, options: ServerOptions, watch: QueryWatch
    ) -> ServerStore:
        """
        Log in, take the lock, and bring the tables up to date; a missing database is created.

        Raises:
            NotReady: the server does not answer, or another process uses the database.
            NeedsOperator: the server refuses us, or its database cannot be used.
            Broken: a migration is faulty.

        """
        connector = Connector(
            engine,
            address,
            outage=Outage(address.location),
            limits=options.limits,
            retry_timeout=RetryTimeout(options.retry_timeout),
        )
        opening = partial(_open, connector, schema, options, watch, to_millis(clock.now()))
        thread = ThreadPoolExecutor(1, thread_name_prefix="store-write")
        batches, size, notice = await open_in(thread, opening, lambda opened: opened[0].close())
        return cls(
            connector,
            batches,
            clock,
            thread=thread,
            options=options,
            schema=schema,
            watch=watch,
            size=size,
            notice=notice,
        )

    async def _read(self, work: Work[T]) -> T:
        return await self._readers.read(work)

    def is_content_error(self, error: BaseException) -> bool:
        return is_about_content(error) or self._connector.engine.fault(error) is ServerFault.CONTENT

    async def integrity_check(self) -> list[str]:
        engine = self._connector.engine

        def look(session: DatabaseSession) -> list[str]:
            self._size = engine.size_bytes(session)
            return [fault for table in sorted(engine.tables(session)) for fault in engine.check_table(session, table)]

        return await self._readers.on_session(look)

    async def backup(self, path: Path) -> None:
        await self._readers.on_session(
            lambda session: copy_database(session, self._connector.engine, self._schema, path)
        )

    @property
    def size_bytes(self) -> int:
        return self._size

    @property
    def location(self) -> str:
        return self._connector.location

    @property
    def trouble(self) -> StewardError | None:
        return self._commits.trouble

    async def close(self) -> None:
        """Write what waits and close the connections, which releases the lock."""
        try:
            await self.close_batched()
            await self._commits.drain()
        finally:  # also if that was cancelled: else the connections and the lock would stay
            self._readers.stop()
            await close_in(self._thread, self._close)

    def _close(self) -> None:
        self._readers.close()
        self._batches.close()


def _open(
    connector: Connector, schema: Schema, options: ServerOptions, watch: QueryWatch, now_ms: int
) -> tuple[ServerBatches, int, str | None]:
    engine, session = connector.engine, connector.connect_first()
    guard = ProcessGuard(connector, owner=options.owner, processes=options.processes)
    try:
        with guard.opening(session, RetryTimeout(options.lock_wait)):
            problem = engine.durability_problem(session)
            if problem is not None:
                log.warning("database_not_durable", database=connector.location, why=problem)
            created = "schema_versions" not in engine.tables(session)
            upgrade(session, engine, schema, now_ms, _backup(connector, schema, options.backups), connector.location)
            guard.enter(session)
        notice = _notice_of_empty_database(connector, options.backups) if created else None
        return ServerBatches(connector, guard, session, watch), engine.size_bytes(session), notice
    except Exception as error:
        session.close()
        fault = session.fault_of(error)
        if fault is None:
            raise
        raise explain_at_opening(fault, error, connector.location) from error
    except BaseException:
        session.close()
        raise


def _notice_of_empty_database(connector: Connector, folder: Path | None) -> str | None:
    """Return a notice if the tables were created though there are backups of that database."""
    name = escape(connector.address.database)
    kinds = (MADE_AT, ".before-*")
    copies = [] if folder is None else [copy for kind in kinds for copy in folder.glob(f"{name}{kind}{SUFFIX}")]
    if not copies:
        return None
    newest = max(copies, key=lambda copy: copy.stat().st_mtime_ns)
    notice = (
        f"The database {connector.location} was empty when Steward started, so its tables were created again: it starts"
        " from scratch. If you don't want that, stop Steward. Restore the newest backup:"
        f" steward db restore {newest} --force"
    )
    log.error("database_made_anew", database=connector.location, error=notice)
    return notice


def _backup(connector: Connector, schema: Schema, folder: Path | None) -> Callable[[str], None]:
    def backup(steps: str) -> None:
        if folder is None:
            return
        target = folder / f"{connector.address.database}.before-{steps}{SUFFIX}"
        with connector.unlimited() as session:
            copy_database(session, connector.engine, schema, target)
        log.info("database_backed_up", backup=str(target), before=steps)

    return backup
