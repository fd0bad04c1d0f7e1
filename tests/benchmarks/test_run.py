from __future__ import annotations

from benchmarks.run import Run


def test_a_target_is_stewards_alone():
    run = Run()
    for who in ("steward", "plain"):
        run.found("memory", 50, "MiB", better="lower", target=56, who=who)
    assert [figure.target for figure in run.figures] == [56, None]


def test_a_ratio_is_found_where_both_were_measured():
    run = Run()
    run.found("calls", 50, "", who="steward")
    run.ratio("calls", "plain")
    assert len(run.figures) == 1
    run.found("calls", 200, "", who="plain")
    run.ratio("calls", "plain", target=0.5)
    assert (run.value("calls.of_plain"), run.figures[-1].on_target) == (0.25, True)


def test_there_is_no_ratio_to_nothing():
    run = Run()
    run.found("error.bans", 0.1, "")
    run.found("error.bans", 0, "", who="floor")
    run.ratio("error.bans", "floor")
    assert run.value("error.bans.of_floor") is None
