"""The trace that ships with the simulator, and its generator."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from steward.sim.traces.make_trace import generate, main, packed
from steward.sim.traces.trace import Trace


def test_the_shipped_day_equals_the_generated_one():
    shipped = files("steward.sim").joinpath("data/community-day.jsonl.gz").read_bytes()
    assert Trace.community_day() == generate(seed=1)
    assert len(shipped) < 200_000


def test_a_day_has_the_activity_of_five_thousand_members():
    for seed in range(1, 6):
        kinds = generate(seed).kinds
        assert 150 <= kinds["join"] <= 300
        assert 60 <= kinds["leave"] <= 120
        assert 4 <= kinds["ban"] <= 8
        assert 1 <= kinds["unban"] <= 3
        assert 1800 <= kinds["message"] <= 2300


def test_evenings_are_busier_than_nights_and_some_names_are_awkward():
    lines = generate().lines
    by_hour = [sum(line.minute // 60 == hour for line in lines) for hour in range(24)]
    assert by_hour[20] > 2 * by_hour[8]
    assert {"@everyone", "`rm -rf`"} <= {line.user for line in lines}
    assert any("\u200b" in line.user for line in lines)


def test_other_seeds_have_other_newcomers(tmp_path: Path):
    joined = [{line.user for line in generate(seed).lines if line.kind == "join"} for seed in (1, 2)]
    assert len(joined[0] & joined[1]) < 20
    main([str(tmp_path / "day.gz"), "2"])
    assert (tmp_path / "day.gz").read_bytes() == packed(generate(2))
