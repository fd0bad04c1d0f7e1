"""`steward db` on database servers, and from one engine to another."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest

from steward.bots.installed import MIGRATIONS
from steward.cli import db_server
from steward.errors import NeedsOperator, NotReady
from steward.runtime.clock import SystemClock
from steward.store import kv, open_store
from steward.store.backup.blueprint import blueprint
from steward.store.backup.portable import Digest, row_line
from steward.store.migrate import load_schema
from steward.store.outbox import outbox
from steward.store.server.address import server_address
from steward.store.server.maintenance import analysis
from steward.store.weakness import Weakness
from tests.cli.in_process import command
from tests.databases import ENGINES, SERVERS, end_sessions
from tests.settings.examples import LEAST

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(300)]

ODD = {"text": "ü \\ ' \" \n é 😀", "empty": "", "long": "x" * 100_000}


def db(folder: Path, url: str, *words: str) -> SimpleNamespace:
    return command(folder, url, "db", *words)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    # A server ends a session some time after it was closed, and its lock with it.
    monkeypatch.setattr(db_server, "WAIT", 2.0)


@pytest.fixture
def another(databases, tmp_path):
    """Return the URL of another database of an engine, which does not exist yet."""
    with ExitStack() as made:

        def make(engine):
            folder = tmp_path / f"another-{engine}"
            folder.mkdir()
            return made.enter_context(databases.fresh(engine, folder))

        yield make


async def fill(url: str) -> None:
    """Insert rows of every kind: odd texts, bytes, NULL, the largest number, a reference to another table."""

    def work(tx):
        for key, value in ODD.items():
            kv.put(tx, key, value)
        outbox.put(
            tx, key="report", channel_id=2**63 - 1, payload={"content": "é"}, files=[("a.png", bytes(range(256)))]
        )
        tx.execute("INSERT INTO jobs (name, since) VALUES ('a job', 0)")
        tx.execute("INSERT INTO job_occurrences (job, occurrence, due_at, state) VALUES ('a job', 'one', 1, 'due')")
        tx.executemany("INSERT INTO identifies (at) VALUES (?)", [(number,) for number in range(2000)])

    async with open_store(url, SystemClock(), migrations=MIGRATIONS) as store:
        await store.write(work)


def exported(folder: Path, url: str) -> list[str]:
    done = db(folder, url, "export")
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if json.loads(line)["table"] != "schema_versions"]
    return sorted(json.dumps(json.loads(line), sort_keys=True) for line in lines)


@pytest.mark.parametrize("target", ENGINES)
async def test_a_backup_of_any_engine_is_the_same_and_usable_in_any_other(new_database, another, tmp_path, target):
    other = another(target)
    await fill(new_database)
    saved = await asyncio.to_thread(db, tmp_path, new_database, "backup", "saved.jsonl.gz")
    assert saved.returncode == 0, saved.stderr
    restored = await asyncio.to_thread(db, tmp_path, other, "restore", "saved.jsonl.gz")
    assert restored.returncode == 0, restored.stderr
    before = await asyncio.to_thread(exported, tmp_path, new_database)
    assert await asyncio.to_thread(exported, tmp_path, other) == before
    assert len(before) > 2000
    async with open_store(other, SystemClock(), migrations=MIGRATIONS) as store:
        assert await store.read(lambda tx: {key: kv.get(tx, key) for key in ODD}) == ODD
        await store.write(lambda tx: tx.execute("INSERT INTO identifies (at) VALUES (1)"))
        newest = await store.read(lambda tx: tx.value("SELECT MAX(id) FROM identifies"))
    assert newest == 2001, "what is new is not numbered after what was restored"


async def test_f47_a_backup_under_load_is_one_committed_point_in_time(another, new_database, tmp_path):
    """Each commit's state is determined by its number, so the hash of the restored rows tells whether it is one."""
    engine = new_database.partition(":")[0]
    window, kept = 50, [(f"kept {number}", "x" * 200) for number in range(20_000)]

    def state(number: int) -> list[tuple[str, str]]:
        return [("number", str(number)), *((f"row {n}", str(n)) for n in range(number - window + 1, number + 1))]

    async def write(store):
        number = window
        while True:
            number += 1

            def work(tx, number=number):
                kv.put(tx, "number", str(number))
                kv.put(tx, f"row {number}", str(number))
                tx.execute('DELETE FROM kv WHERE "key" = ?', (f"row {number - window}",))

            await store.write(work)

    other = another(engine)
    async with open_store(new_database, SystemClock(), migrations=MIGRATIONS) as store:
        rows = [*kept, *state(window)]
        await store.write(lambda tx: tx.executemany('INSERT INTO kv ("key", value) VALUES (?, ?)', rows))
        writing = asyncio.create_task(write(store))
        while (first := await store.read(lambda tx: int(kv.get(tx, "number")))) == window:
            await asyncio.sleep(0)
        saved = await asyncio.to_thread(db, tmp_path, new_database, "backup", "saved.jsonl.gz")
        last = await store.read(lambda tx: int(kv.get(tx, "number")))
        writing.cancel()
        await asyncio.wait([writing])
    assert saved.returncode == 0, saved.stderr
    restored = await asyncio.to_thread(db, tmp_path, other, "restore", "saved.jsonl.gz")
    assert restored.returncode == 0, restored.stderr
    async with open_store(other, SystemClock(), migrations=MIGRATIONS) as store:
        number = await store.read(lambda tx: int(kv.get(tx, "number")))
        found = await store.read(lambda tx: tx.all('SELECT "key", value FROM kv'))
    digests = [Digest(), Digest()]
    for digest, lines in zip(digests, (found, [*kept, *state(number)]), strict=True):
        for line in lines:
            digest.add(row_line(line))
    assert digests[0] == digests[1]
    assert first <= number < last, "nothing was written meanwhile: this proves nothing"


async def test_a_database_with_rows_is_overwritten_only_with_force_and_after_a_copy(server_database, tmp_path):
    async def put(value):
        async with open_store(server_database, SystemClock(), migrations=MIGRATIONS) as store:
            await store.write(lambda tx: kv.put(tx, "it", value))

    async def value():
        async with open_store(server_database, SystemClock(), migrations=MIGRATIONS) as store:
            return await store.read(lambda tx: kv.get(tx, "it"))

    async def restore(*words):
        return await asyncio.to_thread(db, tmp_path, server_database, "restore", *words)

    await put("old")
    await asyncio.to_thread(db, tmp_path, server_database, "backup", "saved.jsonl.gz")
    await put("new")
    refused = await restore("saved.jsonl.gz")
    assert (refused.returncode, "has rows already" in refused.stderr) == (78, True), refused.stderr
    assert await value() == "new"
    done = await restore("saved.jsonl.gz", "--force")
    assert done.returncode == 0, done.stderr
    assert await value() == "old"
    (kept,) = (tmp_path / "data" / "backups").glob("*.before-restore-*")
    assert (await restore(str(kept), "--force")).returncode == 0
    assert await value() == "new"
    async with open_store(server_database, SystemClock(), migrations=MIGRATIONS):
        used = await restore("saved.jsonl.gz", "--force")
    assert (used.returncode, "Another Steward is using the database" in used.stderr) == (75, True)


KILLED_MIDWAY = """
import os, sys
from steward.store.server.maintenance import restoring
filling = restoring._fill
def dying(*arguments):
    filling(*arguments)
    os.kill(os.getpid(), 9)
restoring._fill = dying
from steward.cli import db_server
from steward.cli.main import main
main(sys.argv[1:])
"""


async def test_a_restore_killed_halfway_leaves_the_database_unchanged_or_marked_incomplete(server_database, tmp_path):
    await fill(server_database)
    before = await asyncio.to_thread(exported, tmp_path, server_database)
    await asyncio.to_thread(db, tmp_path, server_database, "backup", "saved.jsonl.gz")
    words = [sys.executable, "-c", KILLED_MIDWAY, "db", "restore", "saved.jsonl.gz", "--force"]
    environment = {**os.environ, **LEAST, "STEWARD_DATABASE": server_database}
    killed = await asyncio.to_thread(
        subprocess.run, words, cwd=tmp_path, env=environment, capture_output=True, check=False
    )
    assert killed.returncode == -9, killed.stderr
    if server_database.startswith("postgresql"):
        assert await asyncio.to_thread(exported, tmp_path, server_database) == before
        return
    with pytest.raises(NeedsOperator, match="was interrupted"):
        async with open_store(server_database, SystemClock(), migrations=MIGRATIONS):
            pass
    again = await asyncio.to_thread(db, tmp_path, server_database, "restore", "saved.jsonl.gz")
    assert again.returncode == 0, again.stderr
    assert await asyncio.to_thread(exported, tmp_path, server_database) == before


@pytest.mark.parametrize("harm", ["cut", "altered", "no backup", "absent", "newer", "foreign"])
async def test_an_incomplete_backup_is_refused_and_nothing_changes(server_database, tmp_path, harm):
    await fill(server_database)
    before = await asyncio.to_thread(exported, tmp_path, server_database)
    await asyncio.to_thread(db, tmp_path, server_database, "backup", "saved.jsonl.gz")
    file = tmp_path / "saved.jsonl.gz"
    text = gzip.decompress(file.read_bytes()).decode()
    words = {
        "cut": "not a complete backup",
        "altered": "do not match its checksums",
        "no backup": "isn't a backup for a database server",
        "absent": "There is no file",
        "newer": "newer Steward",
        "foreign": "does not know: elsewhere",
    }[harm]
    if harm == "cut":
        file.write_bytes(file.read_bytes()[:-200])
    elif harm == "altered":
        file.write_bytes(gzip.compress(text.replace('["empty",""]', '["empty","."]').encode()))
    elif harm == "no backup":
        file.write_text("SELECT 1;")
    elif harm == "absent":
        file.unlink()
    elif harm == "newer":
        file.write_bytes(gzip.compress(text.replace('"core":', '"core":9').encode()))
    else:
        file.write_bytes(gzip.compress(text.replace('"outbox_files"', '"elsewhere"').encode()))
    refused = await asyncio.to_thread(db, tmp_path, server_database, "restore", "saved.jsonl.gz", "--force")
    assert (refused.returncode, words in refused.stderr, "Traceback" in refused.stderr) == (78, True, False), (
        refused.stderr
    )
    assert await asyncio.to_thread(exported, tmp_path, server_database) == before


HOSTILE = {
    "missing table": ('"outbox_files":', None, "lacks tables"),
    "missing column": ('["key","value"]', '["key"]', "makes no sense"),
    "odd column": ('["key","value"]', '["key","value) SELECT"]', "lacks tables or columns"),
    "missing row": ('["a job",0,null]\n', "", "contradict"),
    "twice the same": ('["empty",""]\n', '["empty",""]\n["empty","again"]\n', "contradict"),
    "text for a number": ('["a job",0,null]', '["a job","x",null]', "no server accepts"),
    "text too long": ('["empty",""]', '["' + "e" * 300 + '",""]', "no server accepts"),
    "number too large": ('["a job",0,null]', '["a job",18446744073709551616,null]', "makes no sense"),
}


def forged(text: str, old: str, new: str | None) -> bytes:
    """Change a backup's content, with a matching hash."""
    assert old in text
    head, *lines, end = text.splitlines()
    promised = json.loads(end)["end"]
    if new is None:
        del promised[old.strip('":')]
        first = next(number for number, line in enumerate(lines) if line.startswith(f'{{"table":{old.strip(":")}'))
        behind = [number for number, line in enumerate(lines) if line.startswith('{"table"') and number > first]
        del lines[first : min(behind, default=len(lines))]
    else:
        lines = "".join(f"{line}\n" for line in lines).replace(old, new).splitlines()
        table = ""
        promised = {name: Digest() for name in promised}
        for line in lines:
            if line.startswith('{"table"'):
                table = json.loads(line)["table"]
            else:
                promised[table].add(f"{line}\n")
        promised = {name: digest.as_data() for name, digest in promised.items()}
    return gzip.compress("\n".join([head, *lines, json.dumps({"end": promised}), ""]).encode())


async def test_f77_a_hostile_backup_restores_nothing_into_a_server(server_database, tmp_path):
    await fill(server_database)
    before = await asyncio.to_thread(exported, tmp_path, server_database)
    await asyncio.to_thread(db, tmp_path, server_database, "backup", "saved.jsonl.gz")
    text = gzip.decompress((tmp_path / "saved.jsonl.gz").read_bytes()).decode()
    for harm, (old, new, words) in HOSTILE.items():
        (tmp_path / "forged.jsonl.gz").write_bytes(forged(text, old, new))
        refused = await asyncio.to_thread(db, tmp_path, server_database, "restore", "forged.jsonl.gz", "--force")
        assert (refused.returncode, words in refused.stderr) == (78, True), (harm, refused.stderr)
        assert "Traceback" not in refused.stderr
    assert await asyncio.to_thread(exported, tmp_path, server_database) == before
    assert [file.name for file in (tmp_path / "data" / "backups").glob(".trial*")] == []


@pytest.mark.parametrize("engine", SERVERS)
@pytest.mark.parametrize("words", [("backup",), ("check",), ("export",), ("restore", "saved.jsonl.gz")])
def test_a_server_that_is_unreachable_refuses_or_lacks_the_database_is_an_error_with_a_message(
    databases, tmp_path, engine, words
):
    with databases.fresh(engine, tmp_path) as url:
        versions = {"core": 1}
        empty = {table: Digest().as_data() for table in blueprint(load_schema().up_to(versions)).tables}
        lines = [{"steward_backup": 1, "versions": versions}, {"end": empty}]
        (tmp_path / "saved.jsonl.gz").write_bytes(
            gzip.compress("".join(f"{json.dumps(it)}\n" for it in lines).encode())
        )
        place = SERVERS[engine].partition("@")[2]
        away = f"{engine}://u:hunter2@127.0.0.1:1/d"
        stranger = f"{engine}://nobody_at_all:hunter2@{place}{url.rpartition('/')[2]}"
        cases = [(away, 75, "does not answer"), (stranger, 78, "refuses")]
        if words[0] != "restore":  # which creates it
            cases.append((url, 78, "There is no database"))
        for address, code, said in cases:
            done = db(tmp_path, address, *words)
            assert (done.returncode, said in done.stderr) == (code, True), done.stderr
            assert "Traceback" not in done.stderr
            assert "hunter2" not in done.stderr


async def test_a_server_lost_during_an_export_or_an_optimization_is_an_error_with_a_message(
    server_database, tmp_path, monkeypatch
):
    await fill(server_database)
    ended = []

    def losing(work):
        def lost(*args):
            if not ended:
                ended.append(end_sessions(server_database))
            return work(*args)

        return lost

    monkeypatch.setattr(db_server, "read_table", losing(db_server.read_table))
    done = await asyncio.to_thread(db, tmp_path, server_database, "export", "rows.jsonl")
    assert (done.returncode, "does not answer" in done.stderr) == (75, True), done.stderr
    ended.clear()
    fix = Weakness("Wasted space", "", "", 1.0, ('DELETE FROM "kv"',))
    monkeypatch.setattr(db_server, "analyse", lambda *_: [fix])
    monkeypatch.setattr(analysis, "copy_database", losing(analysis.copy_database))
    with pytest.raises(NotReady, match="does not answer"):
        await asyncio.to_thread(
            db_server.analyse_server, server_address(server_database), apply=True, backups=tmp_path, clock=SystemClock()
        )


async def test_a_database_on_a_server_is_upgraded_and_checked(tmp_path, server_database):
    place = server_database.replace("postgres@", "").replace("root@", "")
    done = await asyncio.to_thread(db, tmp_path, server_database, "upgrade")
    assert (done.returncode, f"{place} is up to date." in done.stdout) == (0, True), done.stderr
    async with open_store(server_database, SystemClock(), migrations=MIGRATIONS):  # like a running bot
        done = await asyncio.to_thread(db, tmp_path, server_database, "check")
    assert done.stdout.startswith(f"{place} is sound"), done.stderr
