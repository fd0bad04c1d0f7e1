from __future__ import annotations

import asyncio
import json

import pytest

import benchmarks.__main__ as command
from steward.errors import NotReady


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
    monkeypatch.setattr(command, "BENCHMARKS", {"fine": (fine, 5), "broken": (broken, 5), "endless": (endless, 0.05)})


def test_the_figures_are_printed_and_written_with_the_machine(tmp_path, capsys):
    assert command.main(["fine", "--json", str(tmp_path / "f.json")]) == 0
    assert "fine.wall" in capsys.readouterr().out
    whole = json.loads((tmp_path / "f.json").read_text())
    assert [figure["name"] for figure in whole["figures"]] == ["fine.wall"]
    assert {"date", "python", "cpus", "sqlite", "discord.py"} <= whole["facts"].keys()


def test_one_that_fails_or_never_ends_is_a_sentence_and_the_others_run(capsys):
    assert command.main(["broken", "endless", "fine"]) == 1
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
    command.main(["fine", "--json", str(path)])
    whole = json.loads(path.read_text())
    whole["figures"][0]["value"] = earlier
    path.write_text(json.dumps(whole))
    assert command.main(["fine", "--compare", str(path)]) == code


def test_an_earlier_file_that_cannot_be_read_is_refused_before_anything_runs(tmp_path, capsys):
    assert command.main(["fine", "--compare", str(tmp_path / "none.json")]) == 78
    out, err = capsys.readouterr()
    assert (out, "cannot be read" in err) == ("", True)


def test_an_unknown_name_is_refused_with_the_names_there_are(capsys):
    with pytest.raises(SystemExit):
        command.main(["fime"])
    assert "'fime' is no benchmark; there are fine, broken, endless" in capsys.readouterr().err
