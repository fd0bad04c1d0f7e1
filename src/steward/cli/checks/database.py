"""Check the database: an SQLite file with its file system, or a server."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from steward.cli.checks.finding import Finding, fail, ok, skipped, warn
from steward.errors import Broken, NeedsOperator, StewardError
from steward.runtime.process.disk import nearest_existing
from steward.store.server.address import Address, server_address
from steward.store.server.engine import Engine, server_engine
from steward.store.server.faults import ServerFault, explain_at_opening
from steward.store.server.session import DatabaseSession, SessionLimits
from steward.store.sqlite.faults import is_held, refuse_lost_database
from steward.store.sqlite.file_system import Mount, file_system_of, is_networked
from steward.store.sqlite.maintenance.backups import existed_before, how_to_restore

SQLITE = "sqlite:///"


def sqlite_path(database: str) -> Path | None:
    """Return the file of an SQLite URL or plain path; None for other databases."""
    if database.startswith(SQLITE):
        return Path(database.removeprefix(SQLITE))
    return None if "://" in database else Path(database)


def check_database(path: Path, *, timeout: float = 5.0) -> Finding:
    """Check the whole file; wait up to `timeout` seconds for a bot that is writing."""
    try:
        refuse_lost_database(path)
    except NeedsOperator as error:
        return fail("database", error.sentence, error.remedy)
    if not path.exists():
        return _not_there_yet(path)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=timeout)) as connection:
            (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if is_held(error):
            return skipped("database", f"{path} is in use by a running Steward, which checks it at every start.")
        return fail("database", f"{path} cannot be read: {error}.", "Check that this user may read and write it.")
    except sqlite3.DatabaseError as error:
        answer = str(error)
    if answer != "ok":
        remedy = "Stop Steward and restore the latest backup."
        return fail("database", f"{path} is damaged: {answer}.", remedy)
    return ok("database", f"{path} is sound ({path.stat().st_size / 1024 / 1024:.1f} MB).")


def _not_there_yet(path: Path) -> Finding:
    folder = nearest_existing(path.parent)
    if existed_before(path):
        return warn("database", f"{path} is gone: the next start creates a new, empty one.", f"{how_to_restore(path)}.")
    if folder.is_dir() and os.access(folder, os.W_OK):
        return ok("database", f"{path} doesn't exist yet; the first start creates it.")
    return fail("database", f"{folder} cannot be written, so {path} cannot be created.", "Make it writable.")


def check_file_system(path: Path, mounts: Iterable[Mount]) -> Finding:
    """Check the file system of `path`, which need not exist."""
    fstype = file_system_of(path, mounts)
    if fstype is None:
        return skipped("file system", "The system doesn't say what is mounted.")
    if is_networked(fstype):
        return warn(
            "file system",
            f"The database is on {fstype}, which doesn't lock files reliably: it can be damaged. Steward keeps a"
            " rollback journal there, which is slower.",
            "Put STEWARD_DATA_DIR on a disk of this machine (with Docker: a named volume, not a shared folder).",
        )
    return ok("file system", f"The database is on {fstype}.")


def check_server(database: str, limits: SessionLimits | None = None) -> Finding:
    """Log in and check version and durability without changing anything; a bot may be using the server."""
    try:
        address = server_address(database)
        if address is None:
            raise Broken("Steward doesn't know the kind of database in the database URL.")
        return _look(address, server_engine(address.engine), limits or SessionLimits())
    except StewardError as error:
        return fail("database", error.sentence, error.remedy)


def _look(address: Address, engine: Engine, limits: SessionLimits) -> Finding:
    try:
        session = engine.connect(address, limits)
    except StewardError:
        raise
    except Exception as error:
        fault = engine.fault(error)
        if fault is ServerFault.NO_DATABASE:
            return ok("database", f"{address.location} doesn't exist yet; the first start creates it.")
        raise explain_at_opening(fault, error, address.location) from error
    try:
        return _check_session(address, engine, session)
    finally:
        session.close()


def _check_session(address: Address, engine: Engine, session: DatabaseSession) -> Finding:
    problem = engine.version_problem(session)
    if problem is not None:
        return fail("database", f"{address.location} {problem}.", "Use another server or database.")
    problem = engine.durability_problem(session)
    if problem is not None:
        remedy = "Fix the server's configuration: confirmed data may be lost in a power failure."
        return warn("database", f"{address.location} answers, but {problem}.", remedy)
    return ok("database", f"{address.location} answers ({engine.size_bytes(session) / 1024 / 1024:.1f} MB).")
