"""Real disks that are full, have no inodes left, or are read-only (F44, F76): small ones in memory."""

from __future__ import annotations

import errno
import sqlite3

import pytest

from steward.errors import NeedsOperator, NotReady
from steward.runtime.process.disk import disk_usage, write_fault
from steward.store import kv, open_store
from steward.store.sqlite.faults import explain
from tests.small_disk import fill, mounted, remount


@pytest.fixture
def disk(tmp_path):
    """A disk of 4 MB."""
    with mounted(tmp_path, "size=4m,nr_inodes=50") as folder:
        yield folder


async def test_f44_a_full_disk_is_reported_as_trouble_until_there_is_space_again(disk, clock):
    async with open_store(disk / "a.db", clock) as store:
        await store.write(lambda tx: kv.put(tx, "promise", "kept"))
        assert store.trouble is None
        fill(disk)
        with pytest.raises(NotReady, match=r"disk is full \(\d\.\d MB are free\)"):
            await store.write(lambda tx: kv.put(tx, "big", "x" * 3_000_000))
        assert "disk is full" in str(store.trouble)
        (disk / "filling").unlink()
        await store.write(lambda tx: kv.put(tx, "after", "kept"))
        assert store.trouble is None
        assert await store.read(lambda tx: [kv.get(tx, key) for key in ("promise", "big", "after")]) == [
            "kept",
            None,
            "kept",
        ]


async def test_a_full_disk_at_the_start_is_reported_with_free_and_needed_space(disk, clock):
    fill(disk)
    with pytest.raises(NotReady, match=r"The disk is full \(0\.0 MB are free\).*Free 10 MB, then start again"):
        async with open_store(disk / "a.db", clock):
            pass


async def test_a_full_disk_during_a_migration_is_not_a_faulty_migration(disk, clock):
    """Exit code 75, not 70: the next start continues."""
    migrations = disk / "migrations"
    migrations.mkdir()
    (migrations / "V1__big.sql").write_text(
        "CREATE TABLE big (x BLOB);\nINSERT INTO big VALUES (zeroblob(3900000));\nINSERT INTO big SELECT x FROM big;\n"
    )
    with pytest.raises(NotReady, match="disk is full"):
        async with open_store(disk / "a.db", clock, migrations=[("bot", migrations)]):
            pass
    remount(disk, "size=32m")
    async with open_store(disk / "a.db", clock, migrations=[("bot", migrations)]) as store:
        assert await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM big")) == 2


async def test_a_disk_without_free_inodes_is_reported_as_full(disk, clock):
    for number in range(60):
        try:
            (disk / f"small-{number}").touch()
        except OSError:
            break
    assert disk_usage(disk).files == 0
    with pytest.raises(NotReady, match="no room for one more file"):
        async with open_store(disk / "a.db", clock):
            pass


async def test_a_disk_that_becomes_read_only_is_reported_and_writing_resumes_once_it_is_writable(disk, clock):
    async with open_store(disk / "a.db", clock) as store:
        await store.write(lambda tx: kv.put(tx, "a", "1"))
    remount(disk, "ro")
    with pytest.raises(NeedsOperator, match="read-only file system"):
        async with open_store(disk / "a.db", clock):
            pass
    remount(disk, "rw")
    async with open_store(disk / "a.db", clock) as store:
        assert await store.read(lambda tx: kv.get(tx, "a")) == "1"


def test_a_used_up_quota_is_reported(tmp_path, monkeypatch):
    spent = OSError(errno.EDQUOT, "Disk quota exceeded")
    monkeypatch.setattr("steward.store.sqlite.faults.write_fault", lambda folder: spent)
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
    assert "this user's quota is used up" in str(explain(error, tmp_path / "a.db"))


def test_the_probe_leaves_nothing_behind(tmp_path):
    assert write_fault(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
    assert write_fault(tmp_path / "missing").errno == errno.ENOENT
