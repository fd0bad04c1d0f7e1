"""Open the store that a URL names."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from steward.errors import NeedsOperator
from steward.runtime.clock import Clock
from steward.store.dialect import SqliteDialect
from steward.store.instants import to_millis
from steward.store.interface import Store
from steward.store.migrate import Schema, load_schema
from steward.store.queries.watch import Around, QueryWatch, nothing_around
from steward.store.server.address import ENGINES, Address, server_address
from steward.store.server.options import ServerOptions
from steward.store.sqlite.maintenance.upgrade import upgrade
from steward.store.sqlite.store import SqliteStore

OLDEST_SQLITE = (3, 35)  # the first with RETURNING and DROP COLUMN

# Two letters at least: `C:\bot\steward.sqlite3` is a path.
_URL = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]+):(?P<rest>.*)", re.DOTALL)


@asynccontextmanager
async def open_store(
    url: str | Path,
    clock: Clock,
    *,
    migrations: Sequence[tuple[str, Path]] = (),
    readers: int = 2,
    server: ServerOptions | None = None,
    slow_query: float = 1.0,
    wait: float = 0.0,
    around: Around = nothing_around,
) -> AsyncIterator[Store]:
    """
    Open the database, bring its tables up to date, and close it at the end of the `async with` block.

    Args:
        url: `sqlite:///relative/path`, `sqlite:////absolute/path`, or simply a path; a missing folder is created.
            `postgresql://user:password@host/database` or `mysql://...`; a missing database is created.
        migrations: (name, folder) of each bot with tables of its own; see `steward.store.migrate.load_schema`.
        readers: concurrent reads of an SQLite file, 1 or more; each has a connection of 0.1 MB.
        server: how to use a database server; ignored for SQLite.
        wait: seconds to wait for another process to release an SQLite file; for a server see `ServerOptions`.
        around: wraps each call of `read` and `write`, such as a timer.
        slow_query: seconds from which a statement is logged as slow.

    Raises:
        NeedsOperator: the URL names no usable database, the folder is not writable, the file is no database,
            is damaged, or was written by a newer Steward; the server refuses us, or its driver is not installed.
        NotReady: another process uses the database, the server does not answer, or the backup before an upgrade
            could not be written.
        Broken: a migration is faulty.

    """
    schema = load_schema(migrations)
    address = server_address(str(url))
    watch = QueryWatch(slow_query, around=around)
    if address is not None:
        store = await _open_server(address, clock, schema, server or ServerOptions(), watch)
    else:
        store = await _open_sqlite(sqlite_path(url), clock, schema, readers, watch, wait)
    try:
        yield store
    finally:
        await store.close()


async def _open_sqlite(path: Path, clock: Clock, schema: Schema, readers: int, watch: QueryWatch, wait: float) -> Store:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise NeedsOperator(
            f"This Python comes with SQLite {sqlite3.sqlite_version}; Steward needs 3.35 or newer.",
            remedy="Use a Python of 2022 or later with its own SQLite, or a database server.",
        )
    prepare = partial(upgrade, path=path, schema=schema, dialect=SqliteDialect(), now_ms=to_millis(clock.now()))
    return await SqliteStore.open(path, clock, prepare=prepare, readers=readers, watch=watch, wait=wait)


async def _open_server(
    address: Address, clock: Clock, schema: Schema, options: ServerOptions, watch: QueryWatch
) -> Store:
    from steward.store.server.engine import server_engine  # not needed for SQLite
    from steward.store.server.store import ServerStore

    return await ServerStore.open(address, server_engine(address.engine), clock, schema, options, watch)


def location(url: str | Path) -> str:
    """
    Return where the database of `url` is, for display: a path, or a server without user and password.

    Raises:
        NeedsOperator: the URL names no database that Steward supports.

    """
    address = server_address(str(url))
    return str(sqlite_path(url)) if address is None else address.location


def sqlite_path(url: str | Path) -> Path:
    """
    Return the absolute path of the SQLite file that `url` names.

    Raises:
        NeedsOperator: the URL names something else; the message repeats no password.

    """
    text = str(url).strip()
    if not text or text == ":memory:" or text in {"sqlite://", "sqlite:///", "sqlite:///:memory:"}:
        raise NeedsOperator(
            f"The database {text or '(empty)'!r} would be lost when Steward stops.",
            remedy="Name a file, for example sqlite:///data/steward.sqlite3.",
        )
    match = _URL.fullmatch(text)
    if match is None:
        return Path(text).expanduser().absolute()
    scheme, rest = match["scheme"].lower(), match["rest"]
    if scheme.partition("+")[0] in ENGINES:
        raise NeedsOperator(
            f"The database is a {scheme} URL, but this works on SQLite files only.",
            remedy="Use the server's own programs, or name a file, for example sqlite:///data/steward.sqlite3.",
        )
    if scheme != "sqlite" or not rest.startswith("///"):
        raise NeedsOperator(
            f"The database URL begins with {scheme + ':'!r}, which names no database that Steward knows.",
            remedy="Write sqlite:/// and a path, for example sqlite:///data/steward.sqlite3; or a postgresql:// or"
            " mysql:// URL.",
        )
    return Path(rest[3:]).expanduser().absolute()
