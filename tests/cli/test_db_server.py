"""`steward db` on a database server."""

from __future__ import annotations

import asyncio
import shutil

import pytest

from steward.runtime.clock import SystemClock
from steward.store import kv, open_store
from tests.cli.test_main import run
from tests.settings.examples import LEAST


async def test_a_database_on_a_server_is_upgraded_checked_and_backed_up(tmp_path, server_database):
    least = LEAST | {"STEWARD_DATABASE": server_database}
    place = server_database.replace("postgres@", "").replace("root@", "")
    done = run("db", "upgrade", cwd=tmp_path, **least)
    assert (done.returncode, f"{place} is up to date." in done.stdout) == (0, True), done.stderr
    async with open_store(server_database, SystemClock()) as store:  # as a running bot has it
        await store.write(lambda tx: kv.put(tx, "a", "precious"))
        done = await asyncio.to_thread(run, "db", "check", cwd=tmp_path, **least)
        assert done.stdout.startswith(f"{place} is sound"), done.stderr
        if not (shutil.which("pg_dump") and (shutil.which("mariadb-dump") or shutil.which("mysqldump"))):
            pytest.skip("the servers' dump programs are not on this machine")
        done = await asyncio.to_thread(run, "db", "backup", cwd=tmp_path, **least)
    assert done.returncode == 0, done.stderr
    (copy,) = (tmp_path / "data" / "backups").iterdir()
    assert "precious" in copy.read_text()
    assert str(copy.relative_to(tmp_path)) in done.stdout


def test_what_works_on_a_file_only_is_said(tmp_path):
    for words in (["db", "restore", "x"], ["db", "export"], ["optimize"]):
        done = run(*words, cwd=tmp_path, **LEAST, STEWARD_DATABASE="postgresql://u:hunter2@127.0.0.1:1/d")
        assert done.returncode == 78
        assert "SQLite file only" in done.stderr
        assert "hunter2" not in done.stderr
