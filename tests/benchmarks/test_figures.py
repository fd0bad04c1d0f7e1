from __future__ import annotations

import json

import pytest

from benchmarks.figures import Figure, Report
from steward.errors import NeedsOperator


def test_a_figure_is_worse_only_beyond_its_margin_and_only_in_its_bad_direction():
    seconds = Figure("wall", 12.5, "s", "lower", margin=0.25)
    assert not seconds.worse_than(10.0)
    assert seconds.worse_than(9.9)
    assert not seconds.worse_than(100.0)
    rate = Figure("writes", 80.0, "1/s", "higher", margin=0.25)
    assert not rate.worse_than(100.0)
    assert rate.worse_than(100.1)
    assert not rate.worse_than(1.0)


def test_an_informative_figure_is_never_worse():
    assert not Figure("ratio", 9.0, "").worse_than(1.0)


def test_a_count_that_must_be_zero_is_worse_at_one():
    assert Figure("http_429", 1, "", "lower").worse_than(0)
    assert not Figure("http_429", 0, "", "lower").worse_than(0)


def test_only_stewards_own_figure_can_be_worse():
    assert not Figure("memory", 90.0, "MiB", "lower", who="plain").worse_than(40.0)


def test_a_target_is_reached_on_its_better_side():
    assert Figure("memory", 56.0, "MiB", "lower", target=56).on_target
    assert Figure("memory", 56.1, "MiB", "lower", target=56).on_target is False
    assert Figure("speed", 5000, "", "higher", target=4000).on_target
    assert Figure("speed", 3000, "", "higher", target=4000).on_target is False
    assert Figure("growth", 2.5, "MiB", target=2).on_target is False
    assert Figure("speed", 3000, "").on_target is None


def test_a_report_is_read_as_it_was_written(tmp_path):
    report = Report({"python": "CPython 3.13"}, [Figure("a.b", 1.5, "s", "lower", 2.0, 0.05), Figure("c", 3, "")])
    path = tmp_path / "new" / "figures.json"
    report.write(path)
    assert Report.read(path) == report


@pytest.mark.parametrize(
    "text",
    ["no json", "[]", "{}", '{"format": 99}', '{"format": 2, "facts": {}, "figures": [{"name": "a"}]}'],
)
def test_a_file_that_is_no_report_is_refused_with_a_message(tmp_path, text):
    path = tmp_path / "figures.json"
    path.write_text(text)
    with pytest.raises(NeedsOperator, match=r"figures\.json: it is no report .* --output FILE"):
        Report.read(path)


def test_a_missing_file_is_named_with_the_reason(tmp_path):
    with pytest.raises(NeedsOperator, match="No such file"):
        Report.read(tmp_path / "none.json")


def test_a_report_that_cannot_be_written_is_an_error(tmp_path):
    with pytest.raises(NeedsOperator, match="cannot be written"):
        Report({}, []).write(tmp_path)


def test_the_file_is_plain_json_with_a_name_a_value_and_a_unit_each(tmp_path):
    Report({"cpus": "2"}, [Figure("a", 1.5, "s", "lower")]).write(tmp_path / "f.json")
    whole = json.loads((tmp_path / "f.json").read_text())
    assert whole["facts"] == {"cpus": "2"}
    assert whole["figures"][0] | {"margin": 0} == {
        "name": "a",
        "value": 1.5,
        "unit": "s",
        "better": "lower",
        "target": None,
        "margin": 0,
        "who": "steward",
    }
