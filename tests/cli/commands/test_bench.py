"""`steward bench`: its flags, and its errors when there is nothing to run."""

from __future__ import annotations

import pytest

from benchmarks import suite
from steward.cli.commands import bench
from steward.cli.main import main


async def nothing(run):
    run.found("nothing.wall", 1.0, "s")


def test_it_runs_the_benchmarks_beside_the_package(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(suite, "BENCHMARKS", {"nothing": (nothing, 5)})
    assert main(["bench", "nothing", "--output", str(tmp_path / "f.json"), "--quick"]) == 0
    assert "nothing.wall" in capsys.readouterr().out
    assert (tmp_path / "f.json").exists()


def test_an_unknown_name_is_refused_with_the_known_ones(capsys):
    assert main(["bench", "fime"]) == 78
    assert "There are members_memory, guilds_memory" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["seven_days"]])
def test_without_the_repository_it_says_where_the_benchmarks_are(monkeypatch, capsys, tmp_path, words):
    monkeypatch.setattr(bench, "CHECKOUT", tmp_path)
    assert main(["bench", *words]) == 78
    assert capsys.readouterr().err == (
        "The benchmarks are not part of the installed package. Run `make bench` in a clone of the repository.\n"
    )
