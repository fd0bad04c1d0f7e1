"""F46: a database on a network file system is logged, and uses no write-ahead log."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from steward.store import kv, open_store
from steward.store.sqlite import file_system
from steward.store.sqlite.file_system import Mount, file_system_of, is_networked, mounts_in

MOUNTINFO = """\
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
22 21 0:20 / /proc rw,nosuid - proc proc rw
40 21 0:44 / /srv/our\\040share rw,relatime shared:9 master:1 - nfs4 nas:/export rw,vers=4.2
41 21 0:45 / /srv/our\\040share/local rw,relatime - ext4 /dev/sdb1 rw
42 21 0:46 / /mnt/host rw - virtiofs host rw
43 21 0:47 / /mnt/office rw - cifs //office/data rw
44 21 0:48 / /mnt/twice rw - cifs //office/data rw
45 44 8:2 / /mnt/twice rw - ext4 /dev/sdc1 rw
no line of the kernel's
"""


@pytest.mark.parametrize(
    ("path", "fstype", "networked"),
    [
        ("/var/lib/steward.sqlite3", "ext4", False),
        ("/srv/our share/data/steward.sqlite3", "nfs4", True),
        ("/srv/our share/local/steward.sqlite3", "ext4", False),
        ("/srv/our shares/steward.sqlite3", "ext4", False),
        ("/mnt/host/steward.sqlite3", "virtiofs", True),
        ("/mnt/office/steward.sqlite3", "cifs", True),
        ("/mnt/twice/steward.sqlite3", "ext4", False),
    ],
)
def test_f46_the_databases_file_system_is_found_in_the_mount_table(path, fstype, networked):
    found = file_system_of(Path(path), mounts_in(MOUNTINFO))
    assert (found, is_networked(found)) == (fstype, networked)


def test_without_a_mount_table_nothing_is_assumed():
    assert file_system_of(Path("/x"), []) is None
    assert not is_networked(None)


async def test_f46_on_a_network_file_system_a_rollback_journal_is_used_and_logged(clock, tmp_path, monkeypatch):
    path = tmp_path / "steward.sqlite3"
    async with open_store(path, clock) as store:  # created like on a local disk
        await store.write(lambda tx: kv.put(tx, "a", "1"))
    table = tmp_path / "mountinfo"
    table.write_text(f"{MOUNTINFO}50 21 0:50 / {tmp_path} rw - nfs4 nas:/x rw\n")
    monkeypatch.setattr(file_system, "MOUNTINFO", table)
    with capture_logs() as logs:
        async with open_store(path, clock) as store:
            await store.write(lambda tx: kv.put(tx, "b", "2"))
            assert await store.read(lambda tx: (kv.get(tx, "a"), kv.get(tx, "b"))) == ("1", "2")
            assert not path.with_name(path.name + "-wal").exists()
    assert [line["file_system"] for line in logs if line["event"] == "database_on_network"] == ["nfs4"]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert Mount(str(tmp_path), "nfs4") in mounts_in(table.read_text())
