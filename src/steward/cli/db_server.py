"""`steward db`, `steward optimize` and `steward bets` on a database server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from steward.bots.installed import every_migration
from steward.cli.outcome import CommandOutcome
from steward.errors import NeedsOperator
from steward.runtime.clock import Clock
from steward.store.backup.portable import SUFFIX, check_portable, is_portable
from steward.store.instants import to_millis
from steward.store.migrate import load_schema
from steward.store.server.address import Address
from steward.store.server.connector import Connector, Outage, RetryTimeout
from steward.store.server.engine import Engine, server_engine
from steward.store.server.maintenance.analysis import analyse, apply_fixes
from steward.store.server.maintenance.copying import copy_database, data_tables, read_table
from steward.store.server.maintenance.restoring import restore
from steward.store.server.session import DatabaseSession, SessionLimits
from steward.store.transaction import Transaction
from steward.store.weakness import Weakness

T = TypeVar("T")

WAIT = 5.0  # seconds for a server that is starting, or a Steward that is stopping


def back_up(address: Address, file: Path | None, folder: Path, clock: Clock) -> CommandOutcome:
    """
    Write a portable backup and check it; the bot may be using the database.

    Without a `file`, it gets a new name in `folder`.

    Raises:
        NeedsOperator: the file exists already, or the server refuses us.
        NotReady: it could not be written, or the server does not answer.

    """
    target = file or folder / f"{address.database}-{clock.now():%Y%m%d-%H%M%S}{SUFFIX}"
    if target.exists():
        raise NeedsOperator(f"{target} exists already.", remedy="Choose another name, or move it away.")
    schema = load_schema(every_migration())
    _on_session(address, lambda session, engine: copy_database(session, engine, schema, target))
    contents = check_portable(target)
    size, rows = target.stat().st_size, contents.rows
    done = f"{address.location} was copied to {target} ({rows:,} rows, {size / 1e6:.1f} MB), and the copy is complete."
    return CommandOutcome(done, {"database": address.location, "backup": target, "bytes": size, "rows": rows})


def restore_backup(address: Address, file: Path, folder: Path, clock: Clock, *, force: bool) -> CommandOutcome:
    """
    Restore a backup into a database.

    Raises:
        NeedsOperator: the backup cannot be used, the database has rows and `force` is not given, the server refuses us.
        NotReady: a running Steward uses the database, or the server does not answer.

    """
    if file.is_file() and not is_portable(file):
        raise NeedsOperator(
            f"{file} isn't a backup for a database server.",
            remedy=f"`steward db backup FILE{SUFFIX}` makes one, also from SQLite.",
        )
    now = clock.now()
    # To the microsecond: the copy must never overwrite the backup that is being restored.
    keep = folder / f"{address.database}.before-restore-{now:%Y%m%d-%H%M%S-%f}{SUFFIX}"
    contents, kept = restore(
        file, _connector(address), load_schema(every_migration()), now_ms=to_millis(now), force=force, keep=keep
    )
    sentence = f"{file} was restored to {address.location}: {contents.rows:,} rows, all verified."
    if kept is not None:
        sentence += f"\nThe previous one is kept as {kept}."
    facts = {"database": address.location, "backup": file, "kept": kept, "rows": contents.rows}
    return CommandOutcome(sentence, facts)


def check(address: Address) -> CommandOutcome:
    """
    Check every table.

    Raises:
        NeedsOperator: something is damaged, or the server refuses us.
        NotReady: the server does not answer.

    """
    return _on_session(address, lambda session, engine: _read_through(engine, session, address.location))


def analyse_server(address: Address, *, apply: bool, backups: Path, clock: Clock) -> tuple[list[Weakness], Path | None]:
    """
    Return what could be better, and the path of the backup if the safe fixes were applied.

    Raises:
        NeedsOperator, NotReady: as `check`; `apply_fixes` has more.

    """
    schema = load_schema(every_migration())
    found = _on_session(address, lambda session, _: analyse(session, address.engine, schema))
    if not apply or not any(weakness.fix for weakness in found):
        return found, None
    backup = backups / f"{address.database}.before-optimize-{clock.now():%Y%m%d-%H%M%S}{SUFFIX}"
    apply_fixes(_connector(address), schema, found, backup)
    return found, backup


@contextmanager
def all_rows(address: Address) -> Iterator[Iterator[tuple[str, Any]]]:
    """
    Return a context manager giving each table name and row of one committed state, a few in memory at a time.

    Raises:
        NeedsOperator, NotReady: as `check`.

    """
    connector = _connector(address)
    session = connector.connect_with_retries()

    def rows() -> Iterator[tuple[str, Any]]:
        with connector.explaining(session):  # in here, since the consumer of the rows has errors of its own
            session.begin(reading=True)
            for table in sorted(data_tables(session, connector.engine, load_schema(every_migration()))):
                for row in read_table(session, table):
                    yield table, row

    try:
        yield rows()
    finally:
        session.close()


@contextmanager
def reading(address: Address, clock: Clock) -> Iterator[Transaction]:
    """
    Return a context manager giving a transaction that reads one committed state.

    Raises:
        NeedsOperator, NotReady: as `check`.

    """
    connector = _connector(address)
    session = connector.connect_with_retries()
    try:
        with connector.explaining(session):
            session.begin(reading=True)
            yield Transaction(session, connector.engine.dialect, clock.now())
    finally:
        session.close()


def _on_session(address: Address, work: Callable[[DatabaseSession, Engine], T]) -> T:
    connector = _connector(address)
    session = connector.connect_with_retries()
    try:
        with connector.explaining(session):
            return work(session, connector.engine)
    finally:
        session.close()


def _connector(address: Address) -> Connector:
    return Connector(
        server_engine(address.engine),
        address,
        outage=Outage(address.location),
        limits=SessionLimits(statement=None),
        retry_timeout=RetryTimeout(WAIT),
    )


def _read_through(engine: Engine, session: DatabaseSession, location: str) -> CommandOutcome:
    faults = [fault for table in sorted(engine.tables(session)) for fault in engine.check_table(session, table)]
    if faults:
        raise NeedsOperator(
            f"The database {location} is damaged ({'; '.join(faults)}).",
            remedy="Stop Steward and restore the newest backup.",
        )
    size = engine.size_bytes(session)
    return CommandOutcome(f"{location} is sound ({size / 1e6:.1f} MB).", {"database": location, "bytes": size})
