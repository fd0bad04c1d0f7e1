"""`steward demo` as a user runs it: real processes, real output."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import re
import subprocess
import sys
from contextlib import closing
from types import SimpleNamespace

import pytest

from steward.cli.demo.bets.bet_figures import BetFigures
from steward.cli.demo.event_figures import EventFigures
from steward.cli.demo.figures import CounterFigure, Figures
from steward.cli.demo.music.music_figures import MusicFigures
from tests.sim.page.tab import Browser
from tests.terminal import Terminal

HONEST = Figures(
    source="a test",
    virtual_seconds=87300,
    wall_seconds=8,
    speed=10900,
    guilds=1,
    members=5001,
    messages_sent=10,
    joins_sent=2,
    joins_recorded=2,
    leaves_sent=1,
    leaves_recorded=1,
    bans_sent=1,
    bans_recorded=1,
    unbans_sent=0,
    unbans_recorded=0,
    renames=3,
    rename_429=0,
    http_429=0,
    rest_calls=20,
    identifies=1,
    reports=1,
    heartbeat_edits=5,
    rss_mb=90,
    errors=0,
    counters=[CounterFigure("Members: 5001", 5001, 5001)],
    events=EventFigures(),
    bets=BetFigures(),
    music=MusicFigures(),
)


def demo(*words, cwd, **environ):
    return subprocess.run(
        [sys.executable, "-m", "steward", "demo", *words],
        cwd=cwd,
        env={"STEWARD_SHARED": str(cwd / "nowhere"), **environ},
        capture_output=True,
        text=True,
        timeout=800,
        check=False,
    )


@pytest.mark.timeout(900)
@pytest.mark.slow
def test_a_run_exits_0_with_everything_recorded_true_counters_and_a_report_a_day(tmp_path):
    ran = demo("--days", "2", "--members", "5000", "--json", "out.json", cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    figures = json.loads((tmp_path / "out.json").read_text())
    for kind in ("joins", "leaves", "bans", "unbans"):
        assert figures[f"{kind}_sent"] == figures[f"{kind}_recorded"] > 0
    assert figures["http_429"] == figures["rename_429"] == figures["errors"] == 0
    assert (figures["reports"], figures["identifies"]) == (5, 1)  # four days, and a week
    assert figures["virtual_seconds"] >= 2 * 86400
    assert figures["heartbeat_edits"] > 560
    assert len(figures["counters"]) == 3
    assert all(counter["shown"] == counter["true_value"] for counter in figures["counters"])
    events = figures["events"]
    for kind in ("posts", "answers", "seats", "moved_up", "reminders", "attendance"):
        assert events[kind]["due"] == events[kind]["kept"] > 0
    assert events["answers"]["due"] > 2 * 200
    assert events["edits"] > 0
    assert events["unanswered"] == events["misfilled"] == events["hasty_edits"] == 0
    bets = figures["bets"]
    for kind in ("placed", "settled", "refunded", "corrected", "market", "posts", "wallets"):
        assert bets[kind]["due"] == bets[kind]["kept"] > 0
        assert bets[kind]["surplus"] == 0
    assert (bets["asked_again"], bets["flaws"], bets["failed"]) == (1, 0, [])
    assert min(bets["parlays"], bets["staked"], bets["paid"], bets["entries"]) > 0
    music = figures["music"]
    assert (music["answers"], music["while_down"], music["refused"], music["weekly"]) == (25, 8, 8, 1)
    assert music["late"] == music["shown_again"] == music["repeated"] == 0
    assert music["failed"] == []
    assert "#bets: Corrected: Iceberg Rovers v Fjord United 2-2: 12 bets settled anew: 4 won, 8 lost" in ran.stdout
    assert "sums to zero, every rule holds" in ran.stdout
    assert "#events: 200 click Yes at Raid night at once: 12 are in, 188 wait" in ran.stdout
    assert "Raid night (ended)" in ran.stdout
    assert "Daily report: Tuesday, 6 January 2026" in ran.stdout
    assert (
        "Every join, leave, ban and answer recorded, every counter and post correct, every bet paid as its games ended,"
        " the ledger sums to zero, no request refused."
    ) in " ".join(ran.stdout.split())


def test_json_on_standard_output_is_json_and_nothing_else(tmp_path):
    ran = demo("--days", "0.02", "--json", "-", cwd=tmp_path)
    assert ran.returncode == 0
    assert json.loads(ran.stdout)["virtual_seconds"] == pytest.approx(0.02 * 86400 + 900, abs=5)


def test_a_named_trace_is_replayed(tmp_path):
    lines = [{"t": "00:01", "kind": "join", "user": "ada"}, {"t": "00:02", "kind": "leave", "user": "ada"}]
    (tmp_path / "mine.jsonl").write_text("\n".join(map(json.dumps, lines)))
    ran = demo("--days", "0.01", "--trace", "mine.jsonl", "--json", "-", cwd=tmp_path)
    figures = json.loads(ran.stdout)
    assert (figures["source"], figures["joins_sent"], figures["leaves_sent"]) == ("the trace mine.jsonl", 1, 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--days", "soon"], "'soon' is not a number"),
        (["--days", "-1"], "must be greater than 0"),
        (["--days", "1000"], "more than a year"),
        (["--members", "3"], "whole number from 10"),
        (["--speed", "nan"], "must be greater than 0"),
        (["--trace", "nowhere.jsonl"], "nowhere.jsonl cannot be read"),
        (["--trace", "."], "holds no traces"),
        (["--days", "0.01", "--json", "no/such/folder.json"], "cannot be written to no/such/folder.json"),
    ],
)
def test_bad_input_is_an_error_with_a_message(tmp_path, words, said):
    ran = demo(*words, cwd=tmp_path)
    assert ran.returncode not in (0, 1)
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_broken_line_of_a_trace_is_named(tmp_path):
    (tmp_path / "mine.jsonl").write_text('{"t": "00:01", "kind": "join", "user": "ada"}\n{"t": "25:99"}\n')
    ran = demo("--trace", "mine.jsonl", cwd=tmp_path)
    assert ran.returncode == 78
    assert "line 2" in ran.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        {"joins_recorded": 1},
        {"leaves_recorded": 2},
        {"bans_recorded": 0},
        {"unbans_recorded": 1},
        {"http_429": 1},
        {"errors": 1},
        {"events": EventFigures(misfilled=1)},
        {"bets": BetFigures(flaws=1)},
        {"music": MusicFigures(late=1)},
        {"counters": [CounterFigure("Members: 1", 1, 2)]},
        {"counters": [CounterFigure("Members", None, 2)]},
    ],
)
def test_any_fault_shows_in_the_exit_code(wrong):
    assert HONEST.kept_its_promises
    assert not dataclasses.replace(HONEST, **wrong).kept_its_promises


def on_a_terminal(*words):
    """Start a demo of half an hour on a terminal, slowly enough to open its page meanwhile."""
    days = ["--days", "0.02", "--speed", "200", "--no-open"]
    return Terminal([sys.executable, "-m", "steward", "demo", *days, *words])


@pytest.mark.real_time
async def test_a_visitor_is_alice_among_people_who_talk_and_the_demo_stays_up_for_her(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with closing(on_a_terminal()) as terminal:
        address = await asyncio.to_thread(terminal.until, re.compile(r"Open (http://\S+) to see this Discord"))
        browser = Browser(SimpleNamespace(address=address))
        try:
            tab = await browser.tab()
            place = {one["id"]: one["name"] for one in tab.seen["channels"]}[tab.seen["channel"]]
            assert (tab.seen["guild"]["name"], place, tab.seen["me"]["name"]) == ("Penguins", "general", "alice")
            await tab.sees(lambda seen: {"event", "stats", "bet"} <= {command["name"] for command in seen["commands"]})
            refused = {command["name"]: command["refused"] for command in tab.seen["commands"]}
            assert (refused["event"], refused["stats"]) == (None, None)
            await tab.act("say", content="hello")
            await tab.act("run", command="stats overview", options={})
            staying = re.compile(r"(Somebody is on the page: the community goes on in real time)")
            real_time = tab.sees(lambda seen: seen["time"]["speed"] == 1)  # reads on: a silent tab counts as gone
            await asyncio.gather(asyncio.to_thread(terminal.until, staying), real_time)
        finally:
            await browser.close()
        terminal.interrupt()
        assert await asyncio.to_thread(terminal.ended) == 0


@pytest.mark.real_time
async def test_a_demo_that_is_to_exit_does_so_and_one_without_visitors_goes_on_fast(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with closing(on_a_terminal("--exit")) as exits, closing(on_a_terminal()) as stays:
        assert await asyncio.to_thread(exits.ended) == 0
        await asyncio.to_thread(stays.until, re.compile(r"(The community goes on; Ctrl-C ends it)"))
        stays.interrupt()
        assert await asyncio.to_thread(stays.ended) == 0


def test_what_a_visitor_did_is_no_fault_of_the_bot(capsys):
    from steward.cli.demo.view import _verdict

    wrong = dataclasses.replace(HONEST, http_429=1)
    assert "Failed" in _verdict(wrong, judged=True).plain
    assert _verdict(wrong, judged=False).plain == (
        "You took part on the page, which the figures don't know of: 1 requests were rate limited (429)."
    )
    assert "Every join" in _verdict(HONEST, judged=False).plain
