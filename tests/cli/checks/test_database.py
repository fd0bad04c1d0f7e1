from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from steward.cli.checks.database import check_database, check_file_system, sqlite_path
from steward.store.sqlite.file_system import Mount


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "it.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (x TEXT)")
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 500,)] * 200)
        connection.commit()
    return path


def test_a_sound_database_is_ok(database):
    assert check_database(database).status == "ok"


def test_a_database_in_use_is_ok(database):
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO t VALUES ('y')")
        assert check_database(database).status == "ok"


def test_a_database_that_a_program_has_alone_is_not_checked(database):
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("INSERT INTO t VALUES ('y')")
        finding = check_database(database, timeout=0.01)
        assert finding.status == "skipped"
        assert "in use" in finding.finding


def test_a_database_that_does_not_exist_yet_is_ok_and_not_created(tmp_path):
    finding = check_database(tmp_path / "data" / "new.sqlite3")
    assert finding.status == "ok"
    assert "first start" in finding.finding
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_cannot_be_created_is_a_failure(tmp_path):
    (tmp_path / "file").write_text("")
    assert check_database(tmp_path / "file" / "new.sqlite3").status == "fail"


def test_a_damaged_database_is_a_failure_with_a_remedy(database):
    with database.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 4)
    finding = check_database(database)
    assert finding.status == "fail"
    assert "backup" in finding.remedy


def test_a_file_that_is_no_database_is_a_failure(tmp_path):
    (tmp_path / "it").write_text("hello " * 1000)
    assert check_database(tmp_path / "it").status == "fail"


def test_addresses_and_plain_paths_name_the_file():
    assert sqlite_path("sqlite:///data/x.sqlite3") == Path("data/x.sqlite3")
    assert sqlite_path("sqlite:////var/x.sqlite3") == Path("/var/x.sqlite3")
    assert sqlite_path("x.sqlite3") == Path("x.sqlite3")
    assert sqlite_path("postgresql://host/x") is None


@pytest.mark.parametrize(
    ("fstype", "status"),
    [("ext4", "ok"), ("btrfs", "ok"), ("nfs4", "warn"), ("cifs", "warn"), ("virtiofs", "warn"), ("fuse.sshfs", "warn")],
)
def test_f46_a_network_file_system_is_a_warning(tmp_path, fstype, status):
    mounts = [Mount("/", "ext4"), Mount(str(tmp_path), fstype)]
    assert check_file_system(tmp_path / "data" / "x.sqlite3", mounts).status == status


def test_an_unknown_file_system_is_skipped(tmp_path):
    assert check_file_system(tmp_path, []).status == "skipped"


def test_f64_a_missing_or_empty_database_is_reported_with_the_way_to_restore_it(tmp_path):
    (tmp_path / "a.sqlite3.lock").touch()
    finding = check_database(tmp_path / "a.sqlite3")
    assert (finding.status, "is gone" in finding.finding) == ("warn", True)
    (tmp_path / "a.sqlite3").touch()
    finding = check_database(tmp_path / "a.sqlite3")
    assert (finding.status, "0 bytes" in finding.finding) == ("fail", True)
    assert "steward db restore" in finding.remedy
