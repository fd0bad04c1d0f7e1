"""Apply migrations to a database on a server, under the guard's lock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from steward.errors import Broken, NeedsOperator
from steward.store.migrate import VERSIONS_TABLE, Migration, Schema, log_upgrade, statements
from steward.store.server.engine import Engine
from steward.store.server.faults import explain
from steward.store.server.maintenance.copying import applied
from steward.store.server.session import DatabaseSession
from steward.store.unavailable import StoreUnavailable

STEPS_TABLE = """
CREATE TABLE schema_steps (
    name VARCHAR(64) NOT NULL,
    version INTEGER NOT NULL,
    done INTEGER NOT NULL,
    PRIMARY KEY (name, version)
)
"""

UNFINISHED = "restore_unfinished"
"""A table that exists while a backup is being restored in more than one transaction."""

Backup = Callable[[str], None]
"""Writes a backup before an upgrade; called with the pending migrations, such as `core-V4-stats-V2`."""


def upgrade(
    session: DatabaseSession, engine: Engine, schema: Schema, now_ms: int, backup: Backup, location: str
) -> None:
    """
    Apply pending migrations, after a backup if the database has tables.

    Where a rollback undoes CREATE and ALTER (PostgreSQL), each migration is one transaction. Elsewhere (MariaDB,
    MySQL) each finished statement is recorded, and after a crash the next start continues at the first one that is
    not.

    Raises:
        NeedsOperator: the database was written by a newer Steward, or the restore of a backup was interrupted.
        NotReady: the backup could not be written; nothing was changed.
        StoreUnavailable: the server was lost, or its disk is full; the next start continues.
        Broken: a migration failed.

    """
    tables = engine.tables(session)
    if UNFINISHED in tables:
        raise NeedsOperator(
            "Restoring a backup into this database was interrupted, so it is incomplete.",
            remedy="Restore it again: steward db restore FILE.",
        )
    known = applied(session, engine)
    pending = schema.pending(known)
    if not pending:
        return
    if known:
        backup("-".join(f"{step.part}-V{step.version}" for step in pending[:3]))
    usual, session.limits.statement = session.limits.statement, None
    if "schema_versions" not in tables:
        session.execute(engine.prepare_ddl(VERSIONS_TABLE))
    if not engine.transactional_ddl and "schema_steps" not in tables:
        session.execute(engine.prepare_ddl(STEPS_TABLE))
    apply = _apply_at_once if engine.transactional_ddl else _apply_step_by_step
    for step in pending:
        apply(session, engine, step, now_ms, location)
    log_upgrade(location, pending, new=not known)
    session.limits.statement = usual


def _apply_at_once(session: DatabaseSession, engine: Engine, step: Migration, now_ms: int, location: str) -> None:
    session.begin(reading=False)
    try:
        for statement in statements(step.sql, engine.dialect):
            session.execute(engine.prepare_ddl(statement))
        note_version(session, step, now_ms)
        session.commit()
    except Exception as error:
        _roll_back(session)
        _raise_if_unavailable(session, error, location)
        raise Broken(
            f"The migration {step} ({step.file}) failed: {error}. The database is as it was before it.",
            remedy="Report this; until then start the version of Steward that ran before.",
        ) from error


def _apply_step_by_step(session: DatabaseSession, engine: Engine, step: Migration, now_ms: int, location: str) -> None:
    where = (step.part, step.version)
    found = session.execute("SELECT done FROM schema_steps WHERE name = ? AND version = ?", where).fetchone()
    done = 0 if found is None else int(found[0])
    if found is None:
        session.execute("INSERT INTO schema_steps (name, version, done) VALUES (?, ?, 0)", where)
    for number, statement in enumerate(statements(step.sql, engine.dialect)):
        if number < done:
            continue
        again = found is not None and number == done
        session.begin(reading=False)
        try:
            _run_again_or_first(session, engine, statement, again=again)
            session.execute("UPDATE schema_steps SET done = ? WHERE name = ? AND version = ?", (number + 1, *where))
            session.commit()
        except Exception as error:
            _roll_back(session)
            _raise_if_unavailable(session, error, location)
            raise Broken(
                f"The migration {step} ({step.file}) failed at its statement {number + 1}: {error}. The statements"
                " before it are done, and the next start continues there.",
                remedy="Report this; to go back, restore the backup made before the upgrade.",
            ) from error
    session.begin(reading=False)
    note_version(session, step, now_ms)
    session.execute("DELETE FROM schema_steps WHERE name = ? AND version = ?", where)
    session.commit()


def _run_again_or_first(session: DatabaseSession, engine: Engine, statement: str, *, again: bool) -> None:
    try:
        session.execute(engine.prepare_ddl(statement))
    except Exception as error:
        # The process was killed after the statement and before its record.
        if not again or not engine.already_applied(error):
            raise
        session.rollback()
    if not session.in_transaction:  # CREATE and ALTER have committed implicitly
        session.begin(reading=False)


def note_version(session: DatabaseSession, step: Migration, now_ms: int) -> None:
    """Record that a migration is done."""
    session.execute(
        "INSERT INTO schema_versions (name, version, file, applied_at) VALUES (?, ?, ?, ?)",
        (step.part, step.version, step.file, now_ms),
    )


def _raise_if_unavailable(session: DatabaseSession, error: Exception, location: str) -> None:
    """Raise if the cause is a full disk or a lost server, not the migration."""
    fault = session.fault_of(error)
    unavailable = None if fault is None else explain(fault, error, location)
    if isinstance(unavailable, StoreUnavailable):
        raise unavailable from error


def _roll_back(session: DatabaseSession) -> None:
    with suppress(Exception):  # the first error is the one to raise; the session is closed next
        session.rollback()
