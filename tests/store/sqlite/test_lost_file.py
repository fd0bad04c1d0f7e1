"""The files of an open database deleted, moved, replaced or overwritten (F64): no commit is confirmed and lost."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import stat
import sys
import threading
from contextlib import closing

import pytest
from structlog.testing import capture_logs

from steward.errors import NeedsOperator, NotReady
from steward.store import kv, open_store
from steward.store.migrate import load_schema
from steward.store.sqlite.file_guard import DatabaseFileLost
from steward.store.sqlite.maintenance.backups import newest_backup
from steward.store.sqlite.maintenance.restoring import restore
from steward.store.sqlite.open_files import OpenFiles


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "steward.sqlite3"


def put(key):
    return lambda tx: kv.put(tx, key, "x" * 2000)


def keys_in(path):
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {key for (key,) in connection.execute("SELECT key FROM kv")}


async def keys(store):
    return set(await store.read(lambda tx: kv.under(tx, "")))


def told(logs):
    return [line["event"] for line in logs if line["event"].startswith("database_")]


async def refused(store, words):
    """Check that nothing is confirmed, read or copied, and that it is reported."""
    assert words in str(store.trouble)
    for call in (store.write(put("lost")), store.read(lambda tx: kv.get(tx, "a")), store.integrity_check()):
        with pytest.raises(DatabaseFileLost, match=words):
            await call
    with pytest.raises(DatabaseFileLost, match=words):
        await store.backup(store.path.with_name("copy.sqlite3"))
    assert words in str(store.trouble)


@pytest.mark.parametrize("what", ["steward.sqlite3", "steward.sqlite3*", ""])
async def test_f64_a_deleted_database_confirms_nothing_more_and_confirmed_data_is_saved(path, clock, what):
    async with open_store(path, clock) as store:
        await store.write(put("a"))
        if what:
            for file in path.parent.glob(what):
                file.unlink()
        else:
            shutil.rmtree(path.parent)
        with capture_logs() as logs:
            await refused(store, "was deleted or moved away")
        assert told(logs) == ["database_taken_away"]
        assert not path.exists()
        (rescued,) = path.parent.glob("steward.sqlite3.rescued-*")
        assert str(rescued) in str(store.trouble)
        assert keys_in(rescued) == {"a"}
        assert stat.S_IMODE(rescued.stat().st_mode) == 0o600
    assert not path.exists()
    restore(rescued, path, load_schema())
    assert keys_in(path) == {"a"}


async def test_f64_confirmed_data_that_cannot_be_saved_is_reported_and_retried(path, clock, monkeypatch):
    rescued = path.with_name("steward.sqlite3.rescued-1")
    async with open_store(path, clock) as store:
        await store.write(put("a"))
        with capture_logs() as logs:
            with monkeypatch.context() as patch:
                patch.setattr("steward.store.sqlite.maintenance.backups.sync", no_space)
                path.unlink()
                await refused(store, "is not saved yet")
            with pytest.raises(DatabaseFileLost, match=r"is in .*rescued-1"):
                await store.write(put("lost"))
        assert [str(rescued) in line["error"] for line in logs] == [False, True]
    assert keys_in(rescued) == {"a"}


async def test_f64_a_database_deleted_while_idle_is_noticed_at_once_and_saved_at_the_end(path, clock):
    async with open_store(path, clock) as store:
        await store.write(put("a"))
        path.unlink()
        assert "was deleted or moved away" in str(store.trouble)
    assert keys_in(path.with_name("steward.sqlite3.rescued-1")) == {"a"}


def no_space(path):
    raise OSError(28, "No space left on device")


async def test_f64_a_moved_database_is_complete_and_writing_resumes_once_it_is_moved_back(path, clock):
    away = path.with_name("elsewhere")
    async with open_store(path, clock) as store:
        await store.write(put("a"))
        with capture_logs() as logs:
            path.rename(away)
            await refused(store, "Move it back")
            assert keys_in(away) == {"a"}
            away.rename(path)
            await store.write(put("b"))
        assert told(logs) == ["database_taken_away", "database_back"]
        assert store.trouble is None
        assert await keys(store) == {"a", "b"}
    assert keys_in(path) == {"a", "b"}


async def test_f64_writing_resumes_once_a_moved_folder_is_moved_back(path, clock):
    async with open_store(path, clock) as store:
        await store.write(put("a"))
        path.parent.rename(path.parent.with_name("away"))
        await refused(store, "was deleted or moved away")
        path.parent.with_name("away").rename(path.parent)
        await store.write(put("b"))
        assert await keys(store) == {"a", "b"}
    assert keys_in(path) == {"a", "b"}


async def test_f64_a_file_that_replaced_the_database_is_never_written_to(path, clock):
    other = path.parent.parent / "other.sqlite3"
    async with open_store(other, clock) as store:
        await store.write(put("theirs"))
    content = other.read_bytes()
    async with open_store(path, clock) as store:
        await store.write(put("a"))
        other.replace(path)
        await refused(store, "There's a different file at")
        (rescued,) = path.parent.glob("steward.sqlite3.rescued-*")
        assert keys_in(rescued) == {"a"}
    assert path.read_bytes() == content


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be overwritten there")
@pytest.mark.parametrize("how", ["by another", "by its own backup", "cut short", "emptied", "by no database"])
async def test_f64_an_overwritten_database_confirms_nothing_more_and_is_not_changed(path, clock, how):
    async with open_store(path.with_name("other.sqlite3"), clock) as store:
        await store.write(put("theirs"))
    async with open_store(path, clock) as store:
        await store.write(put("a"))
        await store.backup(path.with_name("copy.sqlite3"))
        await store.write(put("b"))
        match how:
            case "by another":  # in place, like `cp`
                shutil.copyfile(path.with_name("other.sqlite3"), path)
            case "by its own backup":
                shutil.copyfile(path.with_name("copy.sqlite3"), path)
            case "cut short":
                os.truncate(path, 8192)
            case "emptied":
                os.truncate(path, 0)
            case _:
                path.write_bytes(b"not a database" * 10_000)
        content = path.read_bytes()
        with capture_logs() as logs:
            await refused(store, "has overwritten")
            assert f"{path}-wal.aside-1" in str(store.trouble)
        assert told(logs) == ["database_taken_away"]
    assert path.read_bytes() == content
    if how.startswith("by a"):
        expected = {"theirs"}
    elif how == "by its own backup":
        expected = {"a"}
    else:
        return
    aside = path.with_name("steward.sqlite3-wal.aside-1")
    with capture_logs() as logs:
        async with open_store(path, clock) as store:  # and the log of the former file is not applied to it
            assert await store.integrity_check() == []
            assert await keys(store) == expected
            assert f"was opened without {aside}" in store.notice
            assert "rename the log to steward.sqlite3-wal" in store.notice
    assert told(logs) == ["database_log_aside"]
    aside.unlink()
    async with open_store(path, clock) as store:
        assert store.notice is None


async def test_f64_a_file_with_only_a_new_timestamp_is_used_on_and_loses_nothing(path, clock):
    async with open_store(path, clock) as store:
        for number in range(5):
            await store.write(put(f"ours {number}"))
            if number == 2:
                with closing(sqlite3.connect(path)) as other:
                    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            os.utime(path, ns=(0, number))
            assert store.trouble is None
            assert len(await keys(store)) == number + 1
    assert not path.with_name("steward.sqlite3-wal.aside-1").exists()
    assert len(keys_in(path)) == 5


async def test_f64_an_overwritten_database_is_noticed_even_after_a_kill(path, clock, tmp_path):
    async with open_store(path, clock) as store:
        await store.write(put("a"))
        shutil.copytree(path.parent, tmp_path / "killed")
    killed = tmp_path / "killed" / path.name
    async with open_store(killed, clock) as store:
        with killed.open("r+b") as file:
            file.seek(4096)
            file.write(b"x" * 4096)
        await refused(store, "has overwritten")


async def test_f64_a_checkpoint_by_another_program_does_not_count_as_overwriting(path, clock):
    """A browser or Litestream may checkpoint at any time, also during our commit."""
    async with open_store(path, clock) as store:
        await store.write(put("first"))
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", FOLDING, str(path))
        try:
            for number in range(400):
                await store.write(put(f"ours {number}"))
                assert store.trouble is None
        finally:
            process.terminate()
            await process.wait()
        assert len(await keys(store)) == 401
    assert sorted(file.name for file in path.parent.iterdir()) == ["steward.sqlite3", "steward.sqlite3.lock"]


FOLDING = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
# Before 3.51.3, two checkpoints right after each other can damage a file (sqlite.org/wal.html#walresetbug).
pause = 0 if sqlite3.sqlite_version_info >= (3, 51, 3) else 0.005
while True:
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    time.sleep(pause)
"""


async def test_f64_files_on_a_network_are_never_checked_on_the_event_loop(path, clock, monkeypatch):
    monkeypatch.setattr("steward.store.sqlite.store.is_networked", lambda _: True)
    monkeypatch.setattr("steward.store.sqlite.file_lock.is_networked", lambda _: True)
    async with open_store(path, clock) as store:
        loss, loop = OpenFiles.loss, threading.get_ident()

        def look(files):
            assert threading.get_ident() != loop
            return loss(files)

        monkeypatch.setattr(OpenFiles, "loss", look)
        await store.write(put("a"))
        assert await keys(store) == {"a"}
        assert await store.integrity_check() == []
        await store.backup(path.with_name("copy.sqlite3"))
        assert store.trouble is None
        path.rename(path.with_name("away"))
        with pytest.raises(DatabaseFileLost):
            await keys(store)
        assert "was deleted or moved away" in str(store.trouble)
        path.with_name("away").rename(path)
        await store.write(put("b"))
        assert store.trouble is None


@pytest.mark.parametrize("when", ["while it runs", "at its end"])
async def test_f64_a_foreign_log_in_place_of_ours_is_set_aside(path, clock, when):
    logs, aside = (path.with_name(f"steward.sqlite3-wal{end}") for end in ("", ".aside-1"))
    async with open_store(path, clock) as store:
        await store.write(put("a"))
        logs.unlink()
        logs.write_bytes(b"theirs")
        if when == "while it runs":
            await store.write(put("b"))
            assert aside.read_bytes() == b"theirs"
    assert aside.read_bytes() == b"theirs"
    assert "a" in keys_in(path)


async def test_f64_a_foreign_log_of_an_overwritten_database_is_not_changed(path, clock):
    logs = path.with_name("steward.sqlite3-wal")
    async with open_store(path, clock) as store:
        await store.write(put("a"))
        logs.unlink()
        logs.write_bytes(b"theirs")
        path.write_bytes(b"theirs")
        await refused(store, "has overwritten")
    assert (path.read_bytes(), logs.read_bytes()) == (b"theirs", b"theirs")


@pytest.mark.skipif(sys.platform != "linux", reason="shows what happens elsewhere")
async def test_f64_without_a_lock_against_checkpoints_the_connection_to_an_overwritten_file_stays_open(
    path, clock, monkeypatch
):
    left: list[sqlite3.Connection] = []
    monkeypatch.setattr("steward.store.sqlite.file_guard._left_open", left)
    async with open_store(path, clock) as store:
        await store.write(put("a"))
        path.write_bytes(b"theirs")
        monkeypatch.setattr("steward.store.sqlite.open_files.sys.platform", "darwin")
        await refused(store, "has overwritten")
    monkeypatch.undo()
    assert path.read_bytes() == b"theirs"
    (connection,) = left
    connection.close()


@pytest.mark.parametrize("suffixes", [["-wal"], ["-shm"], ["-wal", "-shm"]])
async def test_f64_a_deleted_log_is_recreated_and_nothing_confirmed_is_lost(path, clock, tmp_path, suffixes):
    async with open_store(path, clock) as store:
        await store.write(put("a"))
        assert await keys(store) == {"a"}
        for suffix in suffixes:
            path.with_name(path.name + suffix).unlink()
        with capture_logs() as logs:
            assert await keys(store) == {"a"}
            await store.write(put("b"))
            assert await keys(store) == {"a", "b"}
        assert told(logs) == ["database_log_made_anew"]
        assert store.trouble is None
        shutil.copytree(path.parent, tmp_path / "killed")  # what a process killed now would leave
    assert keys_in(tmp_path / "killed" / path.name) == {"a", "b"}


async def test_f64_writes_are_refused_until_a_deleted_log_can_be_recreated(path, clock, monkeypatch):
    monkeypatch.setattr("steward.store.sqlite.connections.BUSY_SECONDS", 0.05)
    async with open_store(path, clock) as store:
        await store.write(put("a"))
        with closing(sqlite3.connect(path, isolation_level=None)) as browser:
            browser.execute("BEGIN")
            browser.execute("SELECT * FROM kv").fetchall()
            await store.write(put("b"))
            path.with_name(path.name + "-wal").unlink()
            with pytest.raises(Exception, match="another program still reads it"):
                await store.write(put("c"))
        await store.write(put("d"))
        assert await keys(store) == {"a", "b", "d"}
    assert keys_in(path) == {"a", "b", "d"}


async def test_f64_writes_of_another_program_through_sqlite_do_not_count_as_overwriting(path, clock):
    async with open_store(path, clock) as store:
        for number in range(20):
            with closing(sqlite3.connect(path, isolation_level=None)) as other:
                if number % 2:
                    other.execute("INSERT INTO kv (key, value) VALUES (?, 'x')", (f"foreign {number}",))
                other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            await store.write(put(f"ours {number}"))
        assert len(await keys(store)) == 30


async def test_f64_a_first_start_is_quiet_and_a_start_with_a_missing_database_is_reported(path, clock):
    with capture_logs() as logs:
        async with open_store(path, clock) as store:
            await store.write(put("a"))
            assert store.notice is None
            await store.backup(path.parent / "backups" / "steward-20260101-000000.sqlite3")
    assert told(logs) == ["database_created"]
    path.unlink()
    with capture_logs() as logs:
        async with open_store(path, clock) as store:
            assert "a new one was created" in store.notice
            assert f"steward db restore {path.parent / 'backups' / 'steward-20260101-000000.sqlite3'}" in store.notice
    assert told(logs) == ["database_created", "database_made_anew"]
    with capture_logs() as logs:
        async with open_store(path, clock) as store:
            assert store.notice is None
    assert told(logs) == []


async def test_f64_a_failed_first_start_leaves_no_sign_of_a_former_database(path, clock, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("steward.store.sqlite.connections.sync", no_space)
        with pytest.raises(NotReady):
            async with open_store(path, clock):
                pass
    assert list(path.parent.iterdir()) == []
    async with open_store(path, clock) as store:
        assert store.notice is None
        path.unlink()
    async with open_store(path, clock) as store:
        assert "a new one was created" in store.notice


async def test_f64_the_backups_of_another_database_do_not_count(path, clock):
    (path.parent / "backups").mkdir(parents=True)
    (path.parent / "backups" / "steward-test-20260101-000000.sqlite3").write_bytes(b"theirs")
    (path.parent / "backups" / "steward-2-20260101-000000.jsonl.gz").write_bytes(b"theirs")
    assert newest_backup(path) is None
    async with open_store(path, clock) as store:
        assert store.notice is None


async def test_f64_an_empty_file_is_not_accepted_as_a_new_database(path, clock):
    async with open_store(path, clock):
        pass
    os.truncate(path, 0)
    with pytest.raises(NeedsOperator, match=r"0 bytes.*none was found"):
        async with open_store(path, clock):
            pass
    assert path.stat().st_size == 0
    path.unlink()
    async with open_store(path, clock) as store:
        await store.write(put("a"))


async def test_f64_a_log_without_its_database_is_not_deleted(path, clock, tmp_path):
    async with open_store(path, clock) as store:
        await store.write(put("a"))
        shutil.copytree(path.parent, tmp_path / "killed")
    killed = tmp_path / "killed" / path.name
    killed.rename(killed.with_name("away"))
    with pytest.raises(NeedsOperator, match=r"is gone, but its log steward\.sqlite3-wal is there"):
        async with open_store(killed, clock):
            pass
    killed.with_name("away").rename(killed)
    async with open_store(killed, clock) as store:
        assert await keys(store) == {"a"}


@pytest.mark.skipif(os.name == "nt", reason="files have no such rights there")
async def test_f72_only_the_owner_can_read_a_databases_files_whatever_the_umask(path, clock):
    before = os.umask(0)
    try:
        async with open_store(path, clock) as store:
            await store.write(put("a"))
            await store.backup(path.with_name("copy.sqlite3"))
            files = [file for file in path.parent.iterdir() if file.is_file()]
            assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
            assert {file.name.removeprefix(path.name) for file in files} >= {
                "",
                "-wal",
                "-shm",
                ".lock",
                "copy.sqlite3",
            }
    finally:
        os.umask(before)
