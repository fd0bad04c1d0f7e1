from __future__ import annotations

import asyncio
import gzip
import subprocess
import sys

import pytest

from steward.errors import Broken, NeedsOperator
from steward.store import ServerOptions, kv, open_store
from steward.store.server.address import server_address
from steward.store.server.engine import server_engine
from steward.store.server.session import SessionLimits
from tests.databases import table_names

IMPATIENT = ServerOptions(retry_timeout=0.2, lock_wait=2)


@pytest.fixture
def bot(tmp_path):
    folder = tmp_path / "migrations"
    folder.mkdir()
    return folder


def versions(tx):
    return dict(tuple(row) for row in tx.all("SELECT name, MAX(version) FROM schema_versions GROUP BY name"))


async def test_a_bots_migrations_are_applied_once(server_database, clock, bot):
    (bot / "V1__notes.sql").write_text(
        "CREATE TABLE notes (id {auto_key}, text TEXT, more {blob}) {compact};\n-- end\n"
    )
    for number in (1, 2):
        async with open_store(server_database, clock, migrations=[("bot", bot)]) as store:
            await store.write(lambda tx: tx.execute("INSERT INTO notes (text) VALUES ('a; b')"))
            assert await store.read(lambda tx: tx.value("SELECT MAX(id) FROM notes")) == number
            assert (await store.read(versions))["bot"] == 1


async def test_a_failed_migration_is_reported_and_completed_once_corrected(server_database, clock, bot):
    (bot / "V1__good.sql").write_text("CREATE TABLE good (n BIGINT);\n")
    bad = bot / "V2__bad.sql"
    bad.write_text("CREATE TABLE half (n BIGINT);\nINSERT INTO good VALUES (1);\nINSERT INTO nowhere VALUES (1);\n")
    with pytest.raises(Broken, match=r"bot V2 \(V2__bad.sql\) failed.*nowhere"):
        async with open_store(server_database, clock, migrations=[("bot", bot)], server=IMPATIENT):
            pass
    bad.write_text(bad.read_text().replace("nowhere", "half"))
    async with open_store(server_database, clock, migrations=[("bot", bot)]) as store:
        assert (await store.read(versions))["bot"] == 2
        assert await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM good")) == 1  # and not twice
        assert await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM half")) == 1


DIE_AFTER = """
import asyncio, os, pathlib, sys
from steward.runtime.clock import SystemClock
from steward.store import open_store
from steward.store.server.address import server_address

url, folder, deadline = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
session = __import__(f"steward.store.{server_address(url).engine}.session", fromlist=["x"])
kind = next(value for name, value in vars(session).items() if name in ("PostgresSession", "MysqlSession"))
done = 0

def dying(usual):
    def method(self, *arguments, **options):
        global done
        answer = usual(self, *arguments, **options)
        done += 1
        if done == deadline:
            os.kill(os.getpid(), 9)
        return answer
    return method

for name in ("execute", "begin", "commit"):
    setattr(kind, name, dying(getattr(kind, name)))

async def main():
    async with open_store(url, SystemClock(), migrations=[("bot", folder)]):
        print("open", flush=True)
asyncio.run(main())
"""


@pytest.mark.slow
async def test_f48_a_migration_killed_after_any_statement_is_completed_by_the_next_start(server_database, clock, bot):
    """F48: PostgreSQL's schema is old or new; MariaDB's and MySQL's is completed before anything else."""
    (bot / "V1__all.sql").write_text(
        "CREATE TABLE first (n BIGINT);\n"
        "INSERT INTO first VALUES (1);\n"
        "ALTER TABLE first ADD COLUMN more BIGINT;\n"
        "CREATE INDEX first_by_more ON first (more);\n"
        "UPDATE first SET n = n + 1;\n"
    )
    async with open_store(server_database, clock):
        pass
    for deadline in range(1, 200):
        done = subprocess.run(
            [sys.executable, "-c", DIE_AFTER, server_database, str(bot), str(deadline)],
            check=False,
        )
        async with open_store(server_database, clock, migrations=[("bot", bot)]) as store:
            assert (await store.read(versions))["bot"] == 1
            rows = await store.read(lambda tx: [tuple(row) for row in tx.all("SELECT n, more FROM first")])
            assert rows == [(2, None)], f"killed after {deadline}"
            left = {"schema_steps"} & await store.read(table_names)
            assert not left or await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM schema_steps")) == 0
            if done.returncode == 0:
                break
            await store.write(lambda tx: tx.execute("DELETE FROM schema_versions WHERE name = 'bot'"))
        await run_sql(server_database, "DROP TABLE first")
    assert deadline > 12, "hardly anything was killed: this proves nothing"


async def run_sql(url, sql):
    def work():
        address = server_address(url)
        session = server_engine(address.engine).connect(address, SessionLimits())
        session.execute(sql)
        session.close()

    await asyncio.to_thread(work)


async def test_a_database_of_a_newer_steward_is_refused_and_unchanged(server_database, clock):
    async with open_store(server_database, clock) as store:
        await store.write(lambda tx: tx.execute("UPDATE schema_versions SET version = version + 99"))
    with pytest.raises(NeedsOperator, match="newer Steward"):
        async with open_store(server_database, clock, server=IMPATIENT):
            pass


async def test_f48_a_database_in_use_is_backed_up_before_it_is_changed(server_database, clock, bot, tmp_path):
    address = server_address(server_database)
    async with open_store(server_database, clock) as store:
        await store.write(lambda tx: kv.put(tx, "a", "precious"))
    (bot / "V1__ruin.sql").write_text("DELETE FROM kv;\n")
    options = ServerOptions(backups=tmp_path / "backups")
    async with open_store(server_database, clock, migrations=[("bot", bot)], server=options) as store:
        assert await store.read(lambda tx: kv.get(tx, "a")) is None
        await store.backup(tmp_path / "now.jsonl.gz")
    (copy,) = (tmp_path / "backups").iterdir()
    assert copy.name == f"{address.database}.before-bot-V1.jsonl.gz"
    assert b"precious" in gzip.decompress(copy.read_bytes())
    assert b"precious" not in gzip.decompress((tmp_path / "now.jsonl.gz").read_bytes())
