"""`steward db` as a process on a real database, partly beside a running writer."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.store import kv, open_store
from tests.cli.test_db_server import db as db_within
from tests.cli.test_main import run
from tests.settings.examples import LEAST

pytestmark = pytest.mark.real_time


def db(folder: Path, *words: str):
    return run("db", *words, cwd=folder, **LEAST)


def path_in(folder: Path) -> Path:
    return folder / "data" / "steward.sqlite3"


def put(folder: Path, value: str) -> None:
    async def write() -> None:
        async with open_store(path_in(folder), SystemClock(), migrations=MIGRATIONS) as store:
            await store.write(lambda tx: kv.put(tx, "it", value))

    asyncio.run(write())


def value_in(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        ((value,),) = connection.execute("SELECT value FROM kv WHERE key = 'it'").fetchall()
    return str(value)


def test_a_restored_database_equals_its_backup_and_the_former_one_is_kept(tmp_path):
    put(tmp_path, "old")
    saved = db(tmp_path, "backup", "saved.sqlite3")
    assert saved.returncode == 0, saved.stderr
    assert "and the copy is sound" in saved.stdout
    put(tmp_path, "new")
    restored = db(tmp_path, "restore", "saved.sqlite3")
    assert restored.returncode == 0, restored.stderr
    assert value_in(path_in(tmp_path)) == "old"
    assert value_in(tmp_path / "data" / "steward.sqlite3.before-restore") == "new"
    put(tmp_path, "newer")  # the restored database is usable
    assert value_in(path_in(tmp_path)) == "newer"


def test_a_damaged_database_is_kept_unchanged_and_replaced(tmp_path):
    put(tmp_path, "old")
    db(tmp_path, "backup", "saved.sqlite3")
    path_in(tmp_path).write_bytes(b"all of it lost" * 1000)
    checked = db(tmp_path, "check")
    assert (checked.returncode, "is damaged" in checked.stderr) == (78, True)
    assert db(tmp_path, "restore", "saved.sqlite3").returncode == 0
    assert value_in(path_in(tmp_path)) == "old"
    assert (tmp_path / "data" / "steward.sqlite3.before-restore").read_bytes().startswith(b"all of it lost")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "There is no file"),
        (b"no database at all", "is damaged"),
        ("CREATE TABLE other (a)", "not one of Steward's"),
        (
            "CREATE TABLE schema_versions (name, version); INSERT INTO schema_versions VALUES ('core', 99)",
            "newer Steward",
        ),
    ],
)
def test_a_file_that_is_no_backup_is_refused_and_nothing_changes(tmp_path, content, words):
    put(tmp_path, "present")
    bad = tmp_path / "bad.sqlite3"
    if isinstance(content, bytes):
        bad.write_bytes(content)
    elif content is not None:
        with closing(sqlite3.connect(bad)) as connection:
            connection.executescript(content)
    refused = db(tmp_path, "restore", "bad.sqlite3")
    assert (refused.returncode, words in refused.stderr, "Traceback" in refused.stderr) == (78, True, False)
    assert value_in(path_in(tmp_path)) == "present"


async def test_while_a_steward_runs_it_is_backed_up_checked_and_exported_but_not_replaced(tmp_path):
    async with open_store(path_in(tmp_path), SystemClock(), migrations=MIGRATIONS) as store:
        await store.write(lambda tx: kv.put(tx, "it", "live"))
        for words in (("backup",), ("check",), ("export", "all.jsonl")):
            done = await asyncio.to_thread(db, tmp_path, *words)
            assert done.returncode == 0, done.stderr
        (backup,) = (tmp_path / "data" / "backups").iterdir()
        assert value_in(backup) == "live"
        refused = await asyncio.to_thread(db, tmp_path, "restore", str(backup))
        assert (refused.returncode, "Another Steward is using the database" in refused.stderr) == (75, True)


def test_an_export_has_every_row_of_every_table(tmp_path):
    put(tmp_path, "ü")
    with closing(sqlite3.connect(path_in(tmp_path))) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        total = sum(
            connection.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0]
            for name in tables
            if not name.startswith("sqlite_")
        )
    rows = [json.loads(line) for line in db(tmp_path, "export").stdout.splitlines()]
    assert len(rows) == total > 5
    assert {"table": "kv", "key": "it", "value": "ü"} in rows


def test_an_upgrade_makes_the_tables_and_a_second_one_does_nothing(tmp_path):
    for _ in range(2):
        done = db(tmp_path, "upgrade")
        assert (done.returncode, "is up to date" in done.stdout) == (0, True), done.stderr
    assert db(tmp_path, "check").returncode == 0


@pytest.mark.parametrize("words", [("backup",), ("check",), ("export",)])
def test_a_missing_database_is_an_error_with_a_message(tmp_path, words):
    done = db(tmp_path, *words)
    assert (done.returncode, "There is no database" in done.stderr) == (78, True)


def test_no_file_is_overwritten(tmp_path):
    put(tmp_path, "it")
    (tmp_path / "mine").write_text("precious")
    for words in (("backup", "mine"), ("export", "mine")):
        done = db(tmp_path, *words)
        assert (done.returncode, "exists already" in done.stderr) == (78, True)
    assert (tmp_path / "mine").read_text() == "precious"


def test_every_action_prints_its_result_as_json(tmp_path):
    put(tmp_path, "it")
    place = str(path_in(tmp_path))

    def told(*words: str):
        done = db(tmp_path, *words, "--json")
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        assert found.pop("ok") is True
        return found

    assert told("upgrade") == {"database": place}
    size = path_in(tmp_path).stat().st_size
    assert told("check") == {"database": place, "bytes": size}
    assert told("backup", "copy.sqlite3")["backup"] == "copy.sqlite3"
    assert told("export", "rows.jsonl")["rows"] > 1
    restored = told("restore", "copy.sqlite3")
    assert restored == {"database": place, "backup": "copy.sqlite3", "kept": f"{place}.before-restore"}


def test_f64_an_empty_or_missing_database_is_reported_with_the_command_that_restores_it(tmp_path):
    """Run the commands in this process: a new one takes a second to start, and there are many commands."""
    database, url = path_in(tmp_path), f"sqlite:///{path_in(tmp_path)}"
    for words in (("upgrade",), ("backup",)):
        assert db_within(tmp_path, url, *words).returncode == 0
    (backup,) = (tmp_path / "data" / "backups").iterdir()
    os.truncate(database, 0)
    for words in (("check",), ("upgrade",), ("backup",), ("export",)):
        done = db_within(tmp_path, url, *words)
        assert (done.returncode, "0 bytes" in done.stderr) == (78, True), done.stderr
        assert f"steward db restore {backup}" in done.stderr
    restored = db_within(tmp_path, url, "restore", str(backup))
    assert restored.returncode == 0, restored.stderr
    assert db_within(tmp_path, url, "check").returncode == 0
    database.unlink()
    done = db_within(tmp_path, url, "check")
    assert (done.returncode, f"steward db restore {backup}" in done.stderr) == (78, True), done.stderr


def test_the_bare_word_shows_its_help(tmp_path):
    done = run("db", cwd=tmp_path)
    assert (done.returncode, "restore" in done.stdout) == (0, True)
