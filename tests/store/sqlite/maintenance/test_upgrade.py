from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from random import Random

import pytest
from structlog.testing import capture_logs

from steward.errors import Broken
from steward.store import kv, open_store
from steward.store.migrate import load_schema

OPEN = """
import asyncio, pathlib, sys
from steward.runtime.clock import SystemClock
from steward.store import open_store
async def main():
    print("begin", flush=True)
    async with open_store(sys.argv[1], SystemClock(), migrations=[("bot", pathlib.Path(sys.argv[2]))]):
        print("open", flush=True)
asyncio.run(main())
"""

CORE_VERSION = max(step.version for step in load_schema().migrations)


def versions(path):
    with closing(sqlite3.connect(path)) as database:
        return dict(database.execute("SELECT name, MAX(version) FROM schema_versions GROUP BY name").fetchall())


def tables(path):
    with closing(sqlite3.connect(path)) as database:
        return {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


async def test_a_bots_migrations_are_applied_once(tmp_path, clock):
    migrations = tmp_path / "migrations"
    migrations.mkdir()
    (migrations / "V1__notes.sql").write_text("CREATE TABLE notes (id {auto_key}, text TEXT);\n")
    path = tmp_path / "a.db"
    for _ in range(2):
        async with open_store(path, clock, migrations=[("bot", migrations)]) as store:
            await store.write(lambda tx: tx.execute("INSERT INTO notes (text) VALUES ('a; b')"))
    assert versions(path) == {"core": CORE_VERSION, "bot": 1}
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT id, text FROM notes").fetchall() == [(1, "a; b"), (2, "a; b")]


async def test_statements_are_split_as_sqlite_parses_them(tmp_path, clock):
    (tmp_path / "V1__all.sql").write_text(
        "-- Reason: strings; comments; triggers\n"
        "CREATE TABLE a (n, t TEXT DEFAULT 'x;y');  /* a; b */\n"
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  UPDATE a SET n = n + 1;\n  UPDATE a SET n = n * 2;\nEND;\n"
        "INSERT INTO a (n) VALUES (1); INSERT INTO a (n) VALUES (0);\n"
        "CREATE TABLE b (n)  -- no semicolon at the end\n-- and a comment\n"
    )
    async with open_store(tmp_path / "a.db", clock, migrations=[("bot", tmp_path)]) as store:
        rows = await store.read(lambda tx: [tuple(row) for row in tx.all("SELECT n, t FROM a")])
    assert rows == [(10, "x;y"), (2, "x;y")]
    assert "b" in tables(tmp_path / "a.db")


async def test_f48_a_database_in_use_is_backed_up_before_it_is_changed(tmp_path, clock):
    path, migrations = tmp_path / "a.db", tmp_path / "migrations"
    migrations.mkdir()
    async with open_store(path, clock) as store:
        await store.write(lambda tx: kv.put(tx, "a", "precious"))
    assert not list(tmp_path.glob("a.db.before*"))  # a new database has nothing to lose
    (migrations / "V1__ruin.sql").write_text("DELETE FROM kv;\n")
    async with open_store(path, clock, migrations=[("bot", migrations)]) as store:
        assert await store.read(lambda tx: kv.get(tx, "a")) is None
    async with open_store(tmp_path / "a.db.before-bot-V1", clock) as store:
        assert await store.read(lambda tx: kv.get(tx, "a")) == "precious"


async def test_a_failed_migration_is_rolled_back_and_the_earlier_ones_stay(tmp_path, clock):
    (tmp_path / "V1__good.sql").write_text("CREATE TABLE good (n);\n")
    (tmp_path / "V2__bad.sql").write_text("CREATE TABLE half (n);\nINSERT INTO nowhere VALUES (1);\n")
    with pytest.raises(Broken, match=r"bot V2 \(V2__bad.sql\) failed: no such table: nowhere"):
        async with open_store(tmp_path / "a.db", clock, migrations=[("bot", tmp_path)]):
            pass
    assert versions(tmp_path / "a.db") == {"core": CORE_VERSION, "bot": 1}
    assert "half" not in tables(tmp_path / "a.db")


def test_f48_after_a_kill_during_a_migration_the_schema_is_old_or_new_never_between(tmp_path):
    migrations = tmp_path / "migrations"
    migrations.mkdir()
    (migrations / "V1__slow.sql").write_text(
        "CREATE TABLE first (n);\n"
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 300000)"
        " INSERT INTO first SELECT n FROM c;\n"
        "CREATE TABLE second AS SELECT n FROM first;\n"
    )
    random = Random(48)
    seen, span = set(), 0.4
    for turn in range(60):
        if turn >= 12 and len(seen) > 1:
            break
        path = tmp_path / f"{turn}.db"
        with subprocess.Popen(
            [sys.executable, "-c", OPEN, str(path), str(migrations)], stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout.readline() == "begin\n"
            time.sleep(random.uniform(0, span) if turn else 0.05)  # a real process runs in real time
            child.send_signal(signal.SIGKILL)
        if not path.exists() or "schema_versions" not in tables(path):
            seen.add("none")
            assert not {"first", "second"} & (tables(path) if path.exists() else set())
            span *= 1.2  # the machine is slow: kill later
            continue
        migrated = versions(path).get("bot", 0)
        seen.add(migrated)
        span *= 0.8 if migrated else 1.2
        assert ({"first", "second"} & tables(path)) == ({"first", "second"} if migrated else set())
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(seen) > 1, "each kill came at the same stage: the test proves nothing on this machine"


async def test_a_new_database_and_an_upgrade_are_logged_in_one_line_each(tmp_path, clock):
    migrations = tmp_path / "migrations"
    migrations.mkdir()
    for number in range(1, 4):
        (migrations / f"V{number}__t.sql").write_text(f"CREATE TABLE t{number} (x INTEGER);\n")
        with capture_logs() as lines:
            async with open_store(tmp_path / "a.db", clock, migrations=[("bot", migrations)]):
                pass
        done = [line["event"] for line in lines if line["event"] != "database_backed_up"]
        assert done == ["database_created" if number == 1 else "database_migrated"]
    assert lines[-1]["now"] == "bot V3"
