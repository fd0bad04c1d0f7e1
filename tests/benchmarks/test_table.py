from __future__ import annotations

import io

from rich.console import Console

from benchmarks.figures import Figure, Report
from benchmarks.table import print_report, worse

FACTS = {"date": "today", "python": "CPython 3.13"}


def report(*figures, **facts):
    return Report(FACTS | facts, figures)


def printed(now, earlier=None):
    stream = io.StringIO()
    print_report(now, earlier, Console(file=stream, width=120))
    return " ".join(stream.getvalue().split())


def test_only_figures_that_both_runs_have_are_compared():
    now = report(Figure("a", 20, "s", "lower"), Figure("b", 20, "s", "lower"))
    earlier = report(Figure("a", 10, "s", "lower"), Figure("gone", 10, "s", "lower"))
    assert [figure.name for figure in worse(now, earlier)] == ["a"]


def test_the_table_shows_value_unit_and_target():
    text = printed(report(Figure("bot.memory", 53.72, "MiB", "lower", target=56), Figure("writes", 30113.4, "1/s")))
    assert "bot.memory 53.7 MiB ≤ 56" in text
    assert "writes 30,113 1/s" in text
    assert "python CPython 3.13" in text
    assert "Not on target" not in text


def test_a_missed_target_is_named():
    assert "Not on target: memory." in printed(report(Figure("memory", 60, "MiB", "lower", target=56)))


def test_a_comparison_shows_the_ratio_and_names_what_is_worse_with_its_margin():
    now = report(Figure("a", 20, "s", "lower"), Figure("b", 5, "s", "lower"), Figure("c", 1, "s", "lower"))
    text = printed(now, report(Figure("a", 10, "s", "lower"), Figure("b", 10, "s", "lower")))
    assert "a 20 s 10 2.00" in text
    assert "b 5 s 10 0.50" in text
    assert "c 1 s new" in text
    assert "Worse than earlier: a (margin 25%)." in text


def test_the_verdict_says_when_nothing_is_worse_or_nothing_was_compared():
    figure = Figure("a", 10, "s", "lower")
    assert "No figure is worse" in printed(report(figure), report(figure))
    assert "nothing was compared" in printed(report(figure), report(Figure("b", 10, "s")))


def test_an_earlier_run_on_another_machine_is_pointed_out_but_not_its_date():
    figure = Figure("a", 10, "s", "lower")
    text = printed(report(figure), report(figure, python="CPython 3.11", date="yesterday"))
    assert "another set-up: python was CPython 3.11." in text


def test_a_figure_that_was_zero_has_no_ratio():
    assert "a 1 0 -" in printed(report(Figure("a", 1, "", "lower")), report(Figure("a", 0, "", "lower")))


def test_a_busy_machine_is_pointed_out():
    figure = Figure("a", 1, "s", "lower")
    assert "do not trust its times" in printed(report(figure, load="1.4", cpus="2"))
    assert "do not trust" not in printed(report(figure, load="1.4", cpus="8"))


def test_on_a_narrow_terminal_a_name_is_folded_and_no_number_is_cut():
    stream = io.StringIO()
    now = report(Figure("store_writes.writers_64.commits_per_write", 123456.0, "rows/s", "lower", target=9999))
    print_report(now, now, Console(file=stream, width=60))
    assert "…" not in stream.getvalue()
    assert stream.getvalue().count("123,456") == 2
