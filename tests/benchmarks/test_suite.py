from __future__ import annotations

import asyncio
import json

import pytest

from benchmarks import suite
from benchmarks.suite import run_suite
from steward.errors import NeedsOperator, NotReady


async def fine(run):
    run.progress("looking")
    run.found("fine.wall", 1.0, "s", better="lower")


async def broken(run):
    run.found("broken.first", 2.0, "s")
    raise NotReady("The bot did not start.")


async def endless(run):
    await asyncio.sleep(3600)


@pytest.fixture(autouse=True)
def three(monkeypatch):
    """Benchmarks that take no time."""
    monkeypatch.setattr(suite, "BENCHMARKS", {"fine": (fine, 5), "broken": (broken, 5), "endless": (endless, 0.05)})


def test_the_figures_are_printed_and_written_with_the_machine(tmp_path, capsys):
    assert run_suite(["fine"], output=tmp_path / "f.json") == 0
    assert "fine.wall" in capsys.readouterr().out
    whole = json.loads((tmp_path / "f.json").read_text())
    assert [figure["name"] for figure in whole["figures"]] == ["fine.wall"]
    assert {"date", "python", "cpus", "sqlite", "discord.py"} <= whole["facts"].keys()


def test_a_benchmark_that_fails_or_hangs_is_reported_and_the_others_run(capsys):
    assert run_suite(["broken", "endless", "fine"]) == 1
    out, err = capsys.readouterr()
    assert "fine.wall" in out
    assert "broken.first" in out
    assert err.splitlines() == [
        "broken failed. The bot did not start.",
        "endless took longer than 0.05 s and was ended.",
    ]


@pytest.mark.parametrize(("earlier", "code"), [(0.5, 1), (0.9, 0), (5.0, 0)])
def test_a_comparison_fails_only_when_a_figure_is_worse_by_more_than_its_margin(tmp_path, earlier, code):
    path = tmp_path / "earlier.json"
    run_suite(["fine"], output=path)
    whole = json.loads(path.read_text())
    whole["figures"][0]["value"] = earlier
    path.write_text(json.dumps(whole))
    assert run_suite(["fine"], compare=path) == code


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"names": ["fime"]}, "'fime' is not a benchmark. There are fine, broken, endless."),
        ({"compare": "none.json"}, "cannot be read"),
        ({"output": "."}, "cannot be written"),
    ],
)
def test_a_wrong_name_or_file_is_refused_before_anything_runs(tmp_path, capsys, wrong, why):
    files = {name: tmp_path / value for name, value in wrong.items() if name != "names"}
    with pytest.raises(NeedsOperator, match=why):
        run_suite(wrong.get("names", ["fine"]), verbose=True, **files)
    assert capsys.readouterr() == ("", "")


def test_verbose_prints_each_step_and_each_figure(capsys):
    run_suite(["fine"], verbose=True)
    assert capsys.readouterr().err.splitlines() == ["1/1 fine: looking", "    fine.wall (steward): 1 s"]


def test_a_skipped_measurement_is_reported_and_is_no_failure(monkeypatch, capsys):
    async def partial(run):
        run.skipped.append("No real traffic here.")

    monkeypatch.setattr(suite, "BENCHMARKS", {"partial": (partial, 5)})
    assert run_suite() == 0
    assert capsys.readouterr().err == "No real traffic here.\n"
