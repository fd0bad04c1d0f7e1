"""`steward bets audit` on each engine, beside the bot, and where there is nothing to audit."""

import asyncio
import json
import os
import pty
import sqlite3
import subprocess
import sys
from contextlib import closing, redirect_stderr, redirect_stdout
from io import StringIO
from types import SimpleNamespace

import pytest

from steward.bots.installed import MIGRATIONS
from steward.cli.main import main
from steward.runtime.clock import SystemClock
from steward.store import open_store
from tests.bots.bets.ledger.test_audit import used
from tests.cli.test_main import run
from tests.settings.examples import LEAST

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(120)]
SOUND = "The ledger adds up: 14 entries of 6 transactions in 7 accounts of 2 servers.\n"


def audited(folder, url, *words):
    """Run the command in this process, as those of `steward db` are."""
    out, said = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(said):
        patch.chdir(folder)
        for name, value in {**LEAST, "STEWARD_DATABASE": url}.items():
            patch.setenv(name, value)
        code = main(["bets", "audit", *words])
    return SimpleNamespace(returncode=code, stdout=out.getvalue(), stderr=said.getvalue())


def written(url, *works):
    async def write():
        async with open_store(url, SystemClock(), migrations=MIGRATIONS) as store:
            for work in works:
                await store.write(work)

    asyncio.run(write())


def test_what_adds_up_and_what_does_not_is_said_with_the_place_and_the_exit_code(new_database, tmp_path):
    written(new_database, used)
    done = audited(tmp_path, new_database)
    assert (done.returncode, done.stdout) == (0, SOUND), done.stderr
    written(new_database, lambda tx: tx.execute("UPDATE bet_accounts SET balance = 5 WHERE kind = 'escrow'"))
    done = audited(tmp_path, new_database)
    assert done.returncode == 1
    assert "found 2 flaws:\n- The balances of the guild 1 sum to -95, not to 0." in done.stdout
    assert "(escrow:7) of the guild 1 has 5, and its entries say 100." in done.stdout
    done = audited(tmp_path, new_database, "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert (told["ok"], told["found"], told["entries"]) == (False, 2, 14)
    assert [flaw["guild_id"] for flaw in told["flaws"]] == [1, 1]
    assert told["flaws"][1]["account_id"] > 0


def test_the_bot_can_keep_running_and_the_progress_is_shown_on_a_terminal_only(tmp_path):
    path = tmp_path / "data" / "steward.sqlite3"

    async def audit_beside_the_bot():
        async with open_store(path, SystemClock(), migrations=MIGRATIONS) as store:
            await store.write(used)
            done = await asyncio.to_thread(run, "bets", "audit", cwd=tmp_path, **LEAST)
            assert (done.returncode, done.stdout) == (0, SOUND), done.stderr

    asyncio.run(audit_beside_the_bot())
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "steward", "bets", "audit"],
        stdout=theirs,
        cwd=tmp_path,
        env={**os.environ, **LEAST, "TERM": "xterm", "COLUMNS": "100"},
    ) as child:
        assert child.wait(60) == 0
    os.close(theirs)
    said = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert "Auditing" in said
    assert "The ledger adds up" in said


def test_where_there_is_nothing_to_audit_it_is_said(tmp_path):
    done = run("bets", "audit", cwd=tmp_path, **LEAST)
    assert (done.returncode, "There is no database" in done.stderr) == (78, True)
    path = tmp_path / "data" / "steward.sqlite3"
    written(path, *())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM schema_versions WHERE name = 'bets'")
    done = run("bets", "audit", cwd=tmp_path, **LEAST)
    assert (done.returncode, "older than the ledger" in done.stderr) == (78, True)
    path.write_bytes(b"no database" * 1000)
    done = run("bets", "audit", cwd=tmp_path, **LEAST)
    assert (done.returncode, "Traceback" in done.stderr) == (78, False)
    assert run("bets", cwd=tmp_path).stdout.startswith("usage: steward bets")
