"""`steward bets audit` on each engine, beside the bot, and where there is nothing to audit."""

import asyncio
import json
import os
import pty
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from steward.bots.bets.feeds.budget import FeedBudget
from steward.bots.bets.feeds.keeping import note_failure, reserve
from steward.bots.bets.feeds.provider import CallKind
from steward.bots.bets.fixtures.fixture import FeedAnswer, FeedFixture, FeedResult
from steward.bots.bets.fixtures.intake import take_in
from steward.bots.bets.fixtures.leagues import CATALOGUE, keep_leagues
from steward.bots.bets.grading.results import GameResult, GameStatus
from steward.bots.bets.settling.finals import told_of_result
from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.store import open_store, opening
from tests.bots.bets.ledger.test_audit import used
from tests.cli.in_process import command
from tests.cli.test_main import run
from tests.settings.examples import LEAST

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(120)]
SOUND = "The ledger adds up: 14 entries of 6 transactions in 7 accounts of 2 servers.\n"


def audited(folder, url, *words):
    return asked(folder, url, "audit", *words)


def asked(folder, url, *words):
    return command(folder, url, "bets", *words)


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


def told(ref, home="Arsenal", provider="csv", **more):
    def work(tx):
        number = keep_leagues(tx, [CATALOGUE["epl"]])["epl"]
        fixture = FeedFixture(ref, home, "Chelsea", tx.now_ms - 7_200_000, "FT", tells_results=True, **more)
        take_in(tx, CATALOGUE["epl"], number, provider, FeedAnswer((fixture,)), told_of_result)

    return work


def test_the_operator_sees_what_waits_and_decides(new_database, tmp_path):
    awarded = FeedResult(GameResult(GameStatus.AWARDED))
    written(new_database, told("a", result=awarded), told("x", "Gunners", "api"))
    assert "No feed is set up" in asked(tmp_path, new_database, "feeds").stdout
    shown = asked(tmp_path, new_database, "waiting")
    assert "which team is “Gunners”? Gunners v Chelsea" in shown.stdout, shown.stderr
    assert "It was decided elsewhere than on the pitch.\n- csv: awarded" in shown.stdout
    facts = json.loads(asked(tmp_path, new_database, "waiting", "--json").stdout)
    (item,), (game,) = facts["items"], facts["results"]
    done = asked(tmp_path, new_database, "decide", str(item["id"]), "--team", "1")
    assert (done.returncode, done.stdout) == (0, f"{item['id']} is the team 1.\n"), done.stderr
    again = asked(tmp_path, new_database, "decide", str(item["id"]), "--ignore")
    assert again.returncode
    assert "Somebody has decided that already" in again.stderr
    assert "There is no game 99" in asked(tmp_path, new_database, "result", "99", "--void").stderr
    settled = asked(tmp_path, new_database, "result", str(game["game"]), "--score", "2-1", "--half", "1:0")
    assert settled.stdout.startswith("Bets on Arsenal v Chelsea are settled by that;"), settled.stderr
    assert asked(tmp_path, new_database, "waiting").stdout == "Nothing waits.\n"


def test_what_is_logged_meanwhile_is_not_among_what_was_asked_for(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path}/db"
    written(url)
    watch = opening.QueryWatch
    monkeypatch.setattr(opening, "QueryWatch", lambda _, **rest: watch(0.0, **rest))  # every query is slow
    done = asked(tmp_path, url, "decide", "99", "--ignore")
    assert ("slow_query" in done.stderr, done.stdout) == (True, "")


def test_how_feeds_are_is_said_with_what_is_wrong_and_what_is_left(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path}/db"
    monkeypatch.setenv("STEWARD_ODDS_API_KEY", "0123456789abcdef0123456789abcdef")
    written(
        url,
        lambda tx: reserve(tx, "the_odds_api", CallKind.PRICES, 3, FeedBudget(16, 10)),
        lambda tx: note_failure(tx, "the_odds_api", 0, "The Odds API refuses the key (INVALID_KEY)."),
    )
    shown = asked(tmp_path, url, "feeds")
    assert shown.stdout.splitlines() == [
        "The Odds API: never answered, 3 of 16 requests today, 0 names to decide about.",
        "- The Odds API refuses the key (INVALID_KEY).",
    ], shown.stderr
    (facts,) = json.loads(asked(tmp_path, url, "feeds", "--json").stdout)["feeds"]
    assert facts["spent"] == {"prices": 3}


@pytest.mark.parametrize("score", ["2", "2-", "-1-0", "two-one", "1000-0"])
def test_what_is_no_score_is_said(tmp_path, score):
    with pytest.raises(SystemExit):
        asked(tmp_path, f"sqlite:///{tmp_path}/db", "result", "1", "--score", score)
