"""`steward import` as a process on a real database."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from steward.bots.installed import MIGRATIONS
from steward.bots.stats.counts.facts import EventKind, MemberEvent
from steward.bots.stats.counts.store import StatsStore
from steward.runtime.clock import SystemClock
from steward.store import open_store
from tests.cli.test_main import run
from tests.settings.examples import GUILD, LEAST

pytestmark = pytest.mark.real_time

ADA, BOB = 1109436285405368373, 1385606452596441088


def entry(user: int, name: str, at: str) -> dict[str, object]:
    return {"id": user, "username": name, "timestamp": at}


CONTENT = {
    "2025-07-15": {
        "joins": [
            entry(ADA, "ada", "2025-07-15T21:54:14.758212-04:00"),
            entry(BOB, "bob", "2025-07-15T22:00:00-04:00"),
        ],
        "leaves": [entry(BOB, "bob", "2025-07-15T23:56:50-04:00")],
        "bans": [],
    },
    "2025-07-16": {"joins": [], "leaves": [], "bans": [entry(BOB, "bob", "2025-07-16T09:00:00-04:00")], "unbans": []},
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "member_stats.json"
    path.write_text(json.dumps(CONTENT, indent=4))
    return path


def rows(
    folder: Path, sql: str = "SELECT kind, user_id, name FROM member_events ORDER BY at"
) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "data" / "steward.sqlite3")) as database:
        return database.execute(sql).fetchall()


def test_a_file_is_imported_once_however_often_it_is_imported(tmp_path, file):
    done = run("import", "statsbot", str(file), cwd=tmp_path, **LEAST)
    assert (done.returncode, done.stderr.count("error")) == (0, 0), done.stderr
    assert "4 new; 0 already known, 0 repeated" in done.stdout
    expected = [("join", ADA, "ada"), ("join", BOB, "bob"), ("leave", BOB, "bob"), ("ban", BOB, "bob")]
    assert rows(tmp_path) == expected
    again = run("import", "statsbot", str(file), "--json", "--timezone", "Asia/Tokyo", cwd=tmp_path, **LEAST)
    told = json.loads(again.stdout)
    assert (told["new"], told["known"], told["repeated"], told["guild_id"]) == (0, 4, 0, GUILD)
    assert rows(tmp_path) == expected


def test_repeated_events_in_the_file_are_counted_once(tmp_path, file):
    same = entry(ADA, "ada", "2025-07-16T01:54:14.758212Z")
    file.write_text(json.dumps(CONTENT | {"2025-07-17": {"joins": [same, same]}}))
    told = json.loads(run("import", "statsbot", str(file), "--json", cwd=tmp_path, **LEAST).stdout)
    assert (told["new"], told["known"], told["repeated"], told["other_day"]) == (4, 0, 2, 2)


async def test_imported_events_are_in_the_summary_of_their_day(tmp_path, file):
    assert run("import", "statsbot", str(file), cwd=tmp_path, **LEAST).returncode == 0
    begin = datetime(2025, 7, 15, 4, tzinfo=UTC)
    async with open_store(tmp_path / "data/steward.sqlite3", SystemClock(), migrations=MIGRATIONS) as store:
        summary = await StatsStore(store).summary(int(GUILD), begin, begin + timedelta(days=1), names=10)
    assert summary.counts[EventKind.JOIN] == 2
    assert (summary.counts[EventKind.LEAVE], summary.counts[EventKind.BAN]) == (1, 0)
    assert summary.names[EventKind.JOIN] == ["ada", "bob"]


async def test_events_that_steward_recorded_too_are_not_duplicated(tmp_path, file):
    """Both bots ran on that day: each recorded the same join, a second apart."""
    at = datetime(2025, 7, 16, 1, 54, 15, tzinfo=UTC)
    async with open_store(tmp_path / "data/steward.sqlite3", SystemClock(), migrations=MIGRATIONS) as store:
        await StatsStore(store).record([MemberEvent(int(GUILD), EventKind.JOIN, ADA, "ada", at, "join:1")])
    told = json.loads(run("import", "statsbot", str(file), "--json", cwd=tmp_path, **LEAST).stdout)
    assert (told["new"], told["known"]) == (3, 1)


async def test_a_file_is_imported_into_a_server_and_a_dry_run_leaves_nothing_there(tmp_path, file, server_database):
    least = LEAST | {"STEWARD_DATABASE": server_database}
    for arguments, told in ((["--dry-run"], "would add 4 new"), ([], "Imported: 4 new"), ([], "Imported: 0 new")):
        done = run("import", "statsbot", str(file), *arguments, cwd=tmp_path, **least)
        assert (done.returncode, told in done.stdout) == (0, True), done.stderr
    async with open_store(server_database, SystemClock(), migrations=MIGRATIONS):
        done = run("import", "statsbot", str(file), cwd=tmp_path, **least)
    assert done.returncode == 75
    assert "Another Steward is using the database" in done.stderr


async def test_while_the_bot_runs_the_import_says_to_stop_it_and_a_dry_run_works(tmp_path, file):
    async with open_store(tmp_path / "data/steward.sqlite3", SystemClock(), migrations=MIGRATIONS):
        done = run("import", "statsbot", str(file), cwd=tmp_path, **LEAST)
        dry = run("import", "statsbot", str(file), "--dry-run", cwd=tmp_path, **LEAST)
    assert done.returncode == 75
    assert "Another Steward is using the database" in done.stderr
    assert "Stop the bot" in done.stderr
    assert "Dry run, nothing was written. An import would add 4 new" in dry.stdout
    assert rows(tmp_path) == []


def test_a_dry_run_leaves_nothing_behind(tmp_path, file):
    done = run("import", "statsbot", str(file), "--dry-run", "--json", cwd=tmp_path, **LEAST)
    assert json.loads(done.stdout)["new"] == 4
    assert list(tmp_path.iterdir()) == [file]
    assert run("import", "statsbot", str(file), cwd=tmp_path, **LEAST).returncode == 0
    before = sorted((tmp_path / "data").iterdir())
    done = run("import", "statsbot", str(file), "--dry-run", cwd=tmp_path, **LEAST)
    assert "0 new; 4 already known" in done.stdout
    assert [path for path in sorted((tmp_path / "data").iterdir()) if "logs" not in path.name] == before


def test_a_wrong_file_is_refused_with_every_problem_and_nothing_is_written(tmp_path, file):
    text = (
        file.read_text()
        .replace('"id": 1385606452596441088', '"id": "bob"', 1)
        .replace("2025-07-16T09", "2025-07-16T29")
    )
    file.write_text(text)
    done = run("import", "statsbot", str(file), cwd=tmp_path, **LEAST)
    assert (done.returncode, done.stdout) == (78, "")
    assert "2 places need your attention. Nothing was written." in done.stderr
    assert "1. line 10: 2025-07-15 joins[1].id" in done.stderr
    assert "Fix: Write the 17 to 20 digits" in done.stderr
    assert list(tmp_path.iterdir()) == [file]
    done = run("import", "statsbot", str(file), "--json", cwd=tmp_path, **LEAST)
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"], told["more"], len(told["problems"])) == (78, False, 0, 2)
    assert told["problems"][1]["place"] == "2025-07-16 bans[0].timestamp"


def test_bytes_that_are_not_utf8_are_reported_with_their_line(tmp_path, file):
    file.write_bytes(file.read_bytes().replace(b'"ada"', b'"ad\xe4"'))
    done = run("import", "statsbot", str(file), cwd=tmp_path, **LEAST)
    assert done.returncode == 78
    assert "line 6: 2025-07-15 joins[0].username" in done.stderr
    assert "Save the file as UTF-8" in done.stderr


def test_a_missing_file_and_a_missing_server_are_errors_with_a_message(tmp_path, file):
    done = run("import", "statsbot", "nowhere.json", cwd=tmp_path, **LEAST)
    assert (done.returncode, done.stdout) == (78, "")
    assert "nowhere.json cannot be read (No such file or directory)" in done.stderr
    done = run("import", "statsbot", str(file), cwd=tmp_path, BOT_TOKEN=LEAST["BOT_TOKEN"])
    assert done.returncode == 78
    assert "--guild" in done.stderr
    done = run("import", "statsbot", str(file), "--guild", "Penguins", "--timezone", "Berlin", cwd=tmp_path, **LEAST)
    assert done.returncode == 78
    assert "2 settings need" in done.stderr


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path, file):
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert "4 new" in run("import", "statsbot", str(file), cwd=tmp_path, **LEAST).stdout


MANY = 60_000
MIGRATED = 2_000_000  # bytes of the log: more than the migrations write


def large(path: Path) -> None:
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    joins = [entry(ADA + n, "ada", (begin + timedelta(minutes=n)).isoformat()) for n in range(MANY)]
    path.write_text(json.dumps({"2020-01-01": {"joins": joins}}))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_an_interrupted_import_writes_nothing_and_the_next_one_everything(tmp_path, file, number):
    large(file)
    command = [sys.executable, "-m", "steward", "import", "statsbot", str(file)]
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    log = tmp_path / "data" / "steward.sqlite3-wal"
    # A test run in a script's background ignores SIGINT, and so would its children.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            command, cwd=tmp_path, env=kept | LEAST, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        deadline = time.monotonic() + 100
        while not (log.exists() and log.stat().st_size > MIGRATED):  # until some of the rows are in the log
            assert process.poll() is None, "it ended before it could be ended"
            assert time.monotonic() < deadline
            time.sleep(0.002)
        process.send_signal(number)
        said = process.communicate(timeout=60)[1]
    assert process.returncode == (130 if number == signal.SIGINT else -number), said
    assert b"Traceback" not in said
    assert rows(tmp_path, "SELECT COUNT(*) FROM member_events") == [(0,)]
    told = json.loads(run("import", "statsbot", str(file), "--json", cwd=tmp_path, **LEAST).stdout)
    assert (told["new"], told["known"], told["repeated"]) == (MANY, 0, 0)
    assert rows(tmp_path, "SELECT COUNT(*), COUNT(DISTINCT user_id) FROM member_events") == [(MANY, MANY)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("words", [("import", "statsbot"), ("db", "restore")])
def test_a_pipe_is_refused_without_waiting(tmp_path, words):
    os.mkfifo(tmp_path / "pipe")
    done = run(*words, "pipe", cwd=tmp_path, **LEAST)
    assert (done.returncode, "isn't a file" in done.stderr) == (78, True)
