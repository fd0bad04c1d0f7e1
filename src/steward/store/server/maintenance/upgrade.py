"""Applying migrations to a database on a server; with the guard's lock held, so that no two processes do it at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from steward.errors import Broken, NeedsOperator
from steward.store.migrate import VERSIONS_TABLE, Migration, Schema, log_upgrade, statements
from steward.store.server.engine import Engine
from steward.store.server.faults import explain
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
"""A table that is there while a backup is being restored, where that is not one transaction."""

Backup = Callable[[str], None]
"""Writes a backup before an upgrade, given what is to be applied, such as `core-V4-stats-V2`."""


def upgrade(
    session: DatabaseSession, engine: Engine, schema: Schema, now_ms: int, backup: Backup, location: str
) -> None:
    """
    Apply what the database does not have yet, with a backup first where it has tables.

    Where CREATE and ALTER are undone with their transaction (PostgreSQL), each migration is one transaction. Where
    they are not (MariaDB, MySQL), each statement is noted when it is done, and a process killed in between is
    followed by one that goes on at that statement before anything else.

    Raises:
        NeedsOperator: the database was written by a newer Steward, or a backup was restored by half.
        NotReady: the backup could not be written; nothing was changed.
        StoreUnavailable: the server was lost, or its disk is full; the next start goes on.
        Broken: a migration failed.

    """
    tables = engine.tables(session)
    if UNFINISHED in tables:
        raise NeedsOperator(
            "Restoring a backup into this database was interrupted, so it is incomplete.",
            remedy="Restore it again: steward db restore FILE.",
        )
    applied: dict[str, int] = {}
    if "schema_versions" in tables:
        rows = session.execute("SELECT name, MAX(version) FROM schema_versions GROUP BY name").fetchall()
        applied = {row[0]: int(row[1]) for row in rows}
    pending = schema.pending(applied)
    if not pending:
        return
    if applied:
        backup("-".join(f"{step.part}-V{step.version}" for step in pending[:3]))
    usual, session.limits.statement = session.limits.statement, None
    if "schema_versions" not in tables:
        session.execute(engine.prepare_ddl(VERSIONS_TABLE))
    if not engine.transactional_ddl and "schema_steps" not in tables:
        session.execute(engine.prepare_ddl(STEPS_TABLE))
    apply = _apply_at_once if engine.transactional_ddl else _apply_step_by_step
    for step in pending:
        apply(session, engine, step, now_ms, location)
    log_upgrade(location, pending, new=not applied)
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
                remedy="Report this; to go back, put the backup made before the upgrade in the database's place.",
            ) from error
    session.begin(reading=False)
    note_version(session, step, now_ms)
    session.execute("DELETE FROM schema_steps WHERE name = ? AND version = ?", where)
    session.commit()


def _run_again_or_first(session: DatabaseSession, engine: Engine, statement: str, *, again: bool) -> None:
    try:
        session.execute(engine.prepare_ddl(statement))
    except Exception as error:
        # Killed between the statement and the note that it was done.
        if not again or not engine.done_before(error):
            raise
        session.rollback()
    if not session.in_transaction:  # CREATE and ALTER have committed by themselves
        session.begin(reading=False)


def note_version(session: DatabaseSession, step: Migration, now_ms: int) -> None:
    """Write down that a migration is done."""
    session.execute(
        "INSERT INTO schema_versions (name, version, file, applied_at) VALUES (?, ?, ?, ?)",
        (step.part, step.version, step.file, now_ms),
    )


def _raise_if_unavailable(session: DatabaseSession, error: Exception, location: str) -> None:
    """Tell a full disk or a lost server from a fault of the migration."""
    fault = session.fault_of(error)
    unavailable = None if fault is None else explain(fault, error, location)
    if isinstance(unavailable, StoreUnavailable):
        raise unavailable from error


def _roll_back(session: DatabaseSession) -> None:
    with suppress(Exception):  # the first error is the one to be told; the session is closed next
        session.rollback()
