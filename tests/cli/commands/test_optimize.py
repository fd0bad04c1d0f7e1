"""`steward optimize` as a process, on real databases with problems."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from steward.bots.installed import MIGRATIONS
from steward.cli.commands import optimize as optimize_command
from steward.errors import NotReady
from steward.runtime.clock import SystemClock
from steward.store import open_store
from steward.store.server.address import server_address
from steward.store.weakness import Weakness
from tests.cli.test_main import run
from tests.databases import administration
from tests.settings.examples import LEAST

pytestmark = pytest.mark.real_time


def optimize(folder: Path, *words: str, **settings: str):
    return run("optimize", *words, cwd=folder, **LEAST, STEWARD_HEALTH_PORT="0", **settings)


def path_in(folder: Path) -> Path:
    return folder / "data" / "steward.sqlite3"


def make(folder: Path, *statements: str) -> None:
    async def open_and_close() -> None:
        async with open_store(path_in(folder), SystemClock(), migrations=MIGRATIONS):
            pass

    asyncio.run(open_and_close())
    with closing(sqlite3.connect(path_in(folder), isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


FILLED = """
    INSERT INTO member_events (guild_id, kind, user_id, name, at, origin)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
    SELECT 1, 'join', i, 'somebody with a name', i, 'origin ' || i FROM n
"""


def findings(folder: Path, *words: str) -> dict[str, dict[str, object]]:
    done = optimize(folder, "--json", *words)
    assert done.returncode == 0, done.stderr
    return {one["name"]: one for one in json.loads(done.stdout)["findings"]}


def test_a_full_disk_during_the_fixes_is_an_error_with_a_message(tmp_path, monkeypatch):
    make(tmp_path, FILLED)
    filling = ("PRAGMA max_page_count = 1", "CREATE TABLE more AS SELECT * FROM member_events")
    found = Weakness("Wasted space", "", "", 1.0, filling)
    monkeypatch.setattr(optimize_command, "analyse", lambda *_: [found])
    with pytest.raises(NotReady, match="disk is full"):
        optimize_command._file(path_in(tmp_path), apply=True)


def test_a_sound_database_needs_no_fix(tmp_path):
    make(tmp_path)
    done = optimize(tmp_path)
    assert (done.returncode, "Nothing needs to be done." in done.stdout) == (0, True), done.stderr


def test_problems_are_found_and_fixed_after_a_backup(tmp_path):
    make(tmp_path, FILLED, "DELETE FROM member_events WHERE id > 15000", "DROP INDEX member_events_by_time")
    found = findings(tmp_path)
    assert {name for name, one in found.items() if one["safe"]} == {
        "Missing index",
        "Missing statistics",
        "Wasted space",
    }
    assert "member_events_by_time of member_events is missing: each search reads 15,000 rows" in str(
        found["Missing index"]["figure"]
    )
    before = path_in(tmp_path).stat().st_size
    done = optimize(tmp_path, "--apply")
    assert done.stdout.count("Done.") == 3, done.stdout + done.stderr
    assert path_in(tmp_path).stat().st_size < before * 0.7
    (backup,) = (tmp_path / "data").glob("*.before-optimize-*")
    assert backup.stat().st_size > before * 0.9
    assert not any(one["safe"] for one in findings(tmp_path).values())
    with closing(sqlite3.connect(path_in(tmp_path))) as connection:
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT * FROM member_events WHERE guild_id = 1 AND at > 5"
        ).fetchall()
        assert "member_events_by_time" in plan[0][3]
        assert connection.execute("SELECT COUNT(*) FROM member_events").fetchone() == (15000,)


async def test_while_a_steward_runs_nothing_is_changed(tmp_path):
    await asyncio.to_thread(make, tmp_path, FILLED)
    async with open_store(path_in(tmp_path), SystemClock(), migrations=MIGRATIONS):
        looked = await asyncio.to_thread(optimize, tmp_path)
        assert (looked.returncode, "(--apply does it.)" in looked.stdout) == (0, True), looked.stderr
        refused = await asyncio.to_thread(optimize, tmp_path, "--apply")
        assert (refused.returncode, "Another Steward is using the database" in refused.stderr) == (75, True)


@pytest.mark.parametrize(
    ("content", "words"), [(None, "There is no database"), (b"no database" * 100, "cannot be read")]
)
def test_a_missing_or_damaged_database_is_an_error_with_a_message(tmp_path, content, words):
    if content is not None:
        path_in(tmp_path).parent.mkdir()
        path_in(tmp_path).write_bytes(content)
    done = optimize(tmp_path)
    assert (done.returncode, words in done.stderr, "Traceback" in done.stderr) == (78, True, False)


async def test_problems_on_a_server_are_found_and_fixed_after_a_backup(server_database, tmp_path):
    async with open_store(server_database, SystemClock(), migrations=MIGRATIONS) as store:
        rows = [(number, number, f"origin {number}") for number in range(20_000)]
        sql = "INSERT INTO member_events (guild_id, kind, user_id, name, at, origin) VALUES (1, 'join', ?, 'x', ?, ?)"
        await store.write(lambda tx: tx.executemany(sql, rows))
    postgresql = server_database.startswith("postgresql")
    drop = "DROP INDEX member_events_by_time" + ("" if postgresql else " ON member_events")
    await asyncio.to_thread(on_server, server_database, drop)

    async def look(*words):
        done = await asyncio.to_thread(optimize, tmp_path, "--json", *words, STEWARD_DATABASE=server_database)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    told = await look()
    (missing,) = [one for one in told["findings"] if one["name"] == "Missing index"]
    assert "member_events_by_time of member_events is missing" in missing["figure"]
    assert any(one["figure"].startswith("member_events: ") for one in told["findings"] if one["name"] == "Large table")
    async with open_store(server_database, SystemClock(), migrations=MIGRATIONS):
        used = await asyncio.to_thread(optimize, tmp_path, "--apply", STEWARD_DATABASE=server_database)
        assert (used.returncode, "Another Steward is using the database" in used.stderr) == (75, True)
    applied = await look("--apply")
    assert Path(tmp_path, applied["backup"]).stat().st_size > 10_000
    assert not [one for one in (await look())["findings"] if one["name"] == "Missing index"]


def on_server(url: str, sql: str) -> None:
    address = server_address(url)
    assert address is not None
    with administration(address.engine, address.database) as session:
        session.execute(sql)
