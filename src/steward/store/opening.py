"""Opening the store that a URL names."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from steward.errors import NeedsOperator
from steward.runtime.clock import Clock
from steward.store.dialect import SqliteDialect
from steward.store.instants import to_millis
from steward.store.interface import Store
from steward.store.migrate import load_schema
from steward.store.sqlite.store import SqliteStore
from steward.store.sqlite.upgrade import upgrade

# Two letters at least: `C:\bot\steward.sqlite3` is a path.
_URL = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]+):(?P<rest>.*)", re.DOTALL)
_LATER = {"postgres", "postgresql", "mysql", "mariadb"}


@asynccontextmanager
async def open_store(
    url: str | Path, clock: Clock, *, migrations: Sequence[tuple[str, Path]] = (), readers: int = 2
) -> AsyncIterator[Store]:
    """
    Open the database, bring its tables up to date, and close it at the end of the `async with` block.

    Args:
        url: `sqlite:///relative/path`, `sqlite:////absolute/path`, or simply a path. A missing folder is made.
        clock: the time that transactions carry.
        migrations: (name, folder) of each bot with tables of its own; see `steward.store.migrate.load_schema`.
        readers: reads that may run at the same time, 1 or more, each with a connection of about 0.1 MB.

    Raises:
        NeedsOperator: the URL names no database we can use, the place cannot be written, the file is no database,
            is damaged, or was written by a newer Steward.
        NotReady: another process is using the database, or the backup before an upgrade could not be written.
        Broken: a migration is faulty.

    """
    path = sqlite_path(url)
    schema = load_schema(migrations)

    prepare = partial(upgrade, path=path, schema=schema, dialect=SqliteDialect(), now_ms=to_millis(clock.now()))
    store = await SqliteStore.open(path, clock, prepare=prepare, readers=readers)
    try:
        yield store
    finally:
        await store.close()


def sqlite_path(url: str | Path) -> Path:
    """
    Return the absolute path of the SQLite file that `url` names.

    Raises:
        NeedsOperator: the URL names something else; a password in it is not repeated.

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
    if scheme.partition("+")[0] in _LATER:
        raise NeedsOperator(
            f"The database is a {scheme} URL, but this version of Steward has SQLite only.",
            remedy="Use sqlite:///data/steward.sqlite3; PostgreSQL and MariaDB come in a later version.",
        )
    if scheme != "sqlite" or not rest.startswith("///"):
        raise NeedsOperator(
            f"The database URL begins with {scheme + ':'!r}, which names no database that Steward knows.",
            remedy="Write sqlite:/// and a path, for example sqlite:///data/steward.sqlite3.",
        )
    return Path(rest[3:]).expanduser().absolute()
