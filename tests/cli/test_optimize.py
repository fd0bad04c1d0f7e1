"""The command as a process, on real databases that were let go."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from steward.app import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.store import open_store
from tests.cli.test_main import run
from tests.settings.examples import LEAST

pytestmark = pytest.mark.real_time


def optimize(folder: Path, *words: str):
    return run("optimize", *words, cwd=folder, **LEAST)


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


def test_a_database_in_order_needs_nothing(tmp_path):
    make(tmp_path)
    done = optimize(tmp_path)
    assert (done.returncode, "Nothing needs to be done." in done.stdout) == (0, True), done.stderr


def test_what_was_let_go_is_found_and_put_right_after_a_backup(tmp_path):
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


async def test_while_a_steward_runs_it_looks_but_does_not_touch(tmp_path):
    await asyncio.to_thread(make, tmp_path, FILLED)
    async with open_store(path_in(tmp_path), SystemClock(), migrations=MIGRATIONS):
        looked = await asyncio.to_thread(optimize, tmp_path)
        assert (looked.returncode, "(--apply does it.)" in looked.stdout) == (0, True), looked.stderr
        refused = await asyncio.to_thread(optimize, tmp_path, "--apply")
        assert (refused.returncode, "Another Steward is using the database" in refused.stderr) == (75, True)


@pytest.mark.parametrize(
    ("content", "words"), [(None, "There is no database"), (b"no database" * 100, "cannot be read")]
)
def test_without_a_sound_database_there_is_a_sentence(tmp_path, content, words):
    if content is not None:
        path_in(tmp_path).parent.mkdir()
        path_in(tmp_path).write_bytes(content)
    done = optimize(tmp_path)
    assert (done.returncode, words in done.stderr, "Traceback" in done.stderr) == (78, True, False)
