from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import AsyncExitStack, closing, contextmanager
from pathlib import Path
from threading import Event

import pytest

from steward.errors import NeedsOperator, NotReady
from steward.store import ServerOptions, kv, open_store
from steward.store.opening import sqlite_path
from steward.store.queries.watch import QueryWatch
from steward.store.sqlite.store import SqliteStore


@contextmanager
def not_root():
    """Drop root's right to write everywhere if the tests run as root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///data/a.db", Path.cwd() / "data/a.db"),
        ("sqlite:////srv/a.db", Path("/srv/a.db")),
        ("SQLite:///a.db", Path.cwd() / "a.db"),
        ("a.db", Path.cwd() / "a.db"),
        ("/srv/a b.db", Path("/srv/a b.db")),
        ("~/a.db", Path.home() / "a.db"),
        (Path("/srv/a.db"), Path("/srv/a.db")),
    ],
)
def test_a_url_or_a_path_names_a_file(url, path):
    assert sqlite_path(url) == path


@pytest.mark.parametrize("url", ["", ":memory:", "sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url):
    with pytest.raises(NeedsOperator, match="would be lost when Steward stops"):
        sqlite_path(url)


def test_a_server_url_for_an_sqlite_command_is_refused_without_the_password():
    with pytest.raises(NeedsOperator, match="SQLite files only") as refused:
        sqlite_path("postgresql://u:hunter2@host/db")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("url", ["mongodb://u:hunter2@h/d", "sqlite:a.db", "sqlite://host/a.db"])
def test_an_unknown_url_is_refused_with_an_example(url):
    with pytest.raises(NeedsOperator, match="for example sqlite:///data/steward") as refused:
        sqlite_path(url)
    assert "hunter2" not in str(refused.value)


async def test_an_sqlite_that_is_too_old_is_refused_before_a_file_is_made(tmp_path, clock, monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    with pytest.raises(NeedsOperator, match=r"needs 3\.35 or newer"):
        async with open_store(tmp_path / "a.db", clock):
            pass
    assert not (tmp_path / "a.db").exists()


async def test_a_missing_folder_is_created(tmp_path, clock):
    async with open_store(f"sqlite:///{tmp_path}/new/folder/a.db", clock) as store:
        assert store.location == f"{tmp_path}/new/folder/a.db"
    assert (tmp_path / "new/folder/a.db").exists()


async def test_a_folder_that_cannot_be_created_is_reported(tmp_path, clock):
    (tmp_path / "file").touch()
    with pytest.raises(NeedsOperator, match="can't be created or opened"):
        async with open_store(tmp_path / "file" / "a.db", clock):
            pass


async def test_a_folder_in_place_of_the_file_is_reported(tmp_path, clock):
    with pytest.raises(NeedsOperator, match=r"is a folder.*steward\.sqlite3"):
        async with open_store(tmp_path, clock):
            pass


async def test_a_folder_that_cannot_be_written_is_reported(tmp_path, clock):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    for folder in (tmp_path, *tmp_path.parents):
        if folder == tmp_path or folder.name.startswith(("pytest-", "popen-")):  # pytest's own, which are private
            folder.chmod(0o755)
    with not_root(), pytest.raises(NeedsOperator, match=r"cannot be opened for writing.*right to write"):
        async with open_store(locked / "a.db", clock):
            pass


async def test_a_folder_that_cannot_be_entered_is_reported(tmp_path, clock):
    (tmp_path / "secret").mkdir(mode=0o000)
    with not_root(), pytest.raises(NeedsOperator, match="opened: Permission denied"):
        async with open_store(tmp_path / "secret" / "a.db", clock):
            pass


async def test_a_file_that_is_no_database_is_reported_and_not_changed(tmp_path, clock):
    path = tmp_path / "a.db"
    path.write_text("I am a letter, not a database. " * 100)
    with pytest.raises(NeedsOperator, match="is not an SQLite database"):
        async with open_store(path, clock):
            pass
    assert path.read_text().startswith("I am a letter")


async def test_a_damaged_database_is_reported(tmp_path, clock):
    path = tmp_path / "a.db"
    async with open_store(path, clock) as store:
        await store.write(lambda tx: [kv.put(tx, f"k{n}", "x" * 500) for n in range(200)])
    contents = bytearray(path.read_bytes())
    contents[-20_000:-12_000] = b"\xff" * 8000
    path.write_bytes(contents)
    with pytest.raises(NeedsOperator, match=r"is damaged.*newest backup"):
        async with open_store(path, clock):
            pass


async def test_a_database_of_a_newer_steward_is_refused_and_unchanged(tmp_path, clock):
    path = tmp_path / "a.db"
    async with open_store(path, clock) as store:
        await store.write(lambda tx: tx.execute("UPDATE schema_versions SET version = version + 99"))
    with pytest.raises(NeedsOperator, match="newer Steward"):
        async with open_store(path, clock):
            pass
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT MIN(version) FROM schema_versions").fetchall() == [(100,)]


async def test_a_second_process_is_refused_and_can_retry(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock):
        with pytest.raises(NotReady, match="Another Steward is using") as refused:
            async with open_store(tmp_path / "a.db", clock):
                pass
        assert refused.value.exit_code == 75
    async with open_store(tmp_path / "a.db", clock):
        pass


async def test_after_a_refusal_the_database_is_released(tmp_path, clock):
    path = tmp_path / "a.db"
    path.write_text("not a database, " * 100)
    with pytest.raises(NeedsOperator):
        async with open_store(path, clock):
            pass
    path.unlink()
    async with open_store(path, clock) as store:
        assert await store.integrity_check() == []


async def test_a_cancelled_opening_leaves_nothing_open_and_releases_the_database(tmp_path, clock):
    path, begun, may_end, opened = tmp_path / "a.db", Event(), Event(), []

    def prepare(connection):
        opened.append(connection)
        begun.set()
        may_end.wait()

    opening = asyncio.ensure_future(SqliteStore.open(path, clock, prepare=prepare, readers=1, watch=QueryWatch()))
    await asyncio.to_thread(begun.wait)
    opening.cancel()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await opening
    with pytest.raises(sqlite3.ProgrammingError, match="closed database"):
        opened[0].execute("SELECT 1")
    async with open_store(path, clock) as store:
        assert await store.integrity_check() == []


async def test_a_store_whose_closing_is_cancelled_leaves_its_database_to_the_next(database, clock):
    begun, may_end = Event(), Event()

    def work(tx):
        begun.set()
        assert may_end.wait(10)
        kv.put(tx, "a", "1")

    opened = AsyncExitStack()
    store = await opened.enter_async_context(open_store(database, clock))
    writing = asyncio.create_task(store.write(work))
    await asyncio.to_thread(begun.wait)
    closing = asyncio.create_task(opened.aclose())
    for _ in range(5):
        await asyncio.sleep(0)  # now it waits for the write
    closing.cancel()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await closing
    await writing
    async with open_store(database, clock, server=ServerOptions(lock_wait=0.0)) as again:
        assert await again.read(lambda tx: kv.get(tx, "a")) == "1"
