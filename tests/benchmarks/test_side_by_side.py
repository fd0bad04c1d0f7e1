from __future__ import annotations

import io

from rich.console import Console

from benchmarks.figures import Figure, Report
from benchmarks.side_by_side import number, side_by_side


def lines(*figures, earlier=None):
    stream = io.StringIO()
    Console(file=stream, width=120).print(side_by_side(Report({}, figures), earlier))
    return [line.split() for line in stream.getvalue().splitlines()]


def test_the_bots_stand_side_by_side_with_their_ratios_in_the_same_row():
    found = lines(
        Figure("memory", 50, "MiB", "lower", target=56),
        Figure("memory", 200, "MiB", who="plain"),
        Figure("memory", 40, "MiB", who="floor"),
        Figure("memory.of_plain", 0.25, "", target=0.5),
        Figure("memory.of_floor", 1.25, "", target=1.2),
    )
    assert found[1:] == [
        ["figure", "Steward", "plain", "floor", "unit", "target", "of", "plain", "of", "floor"],
        ["memory", "50", "200", "40", "MiB", "≤", "56", "0.25", "≤", "0.5", "1.25", "≤", "1.2"],
    ]


def test_a_column_that_would_be_empty_is_left_out():
    assert lines(Figure("wall", 2.5, "s"))[1:] == [["figure", "Steward", "unit", "target"], ["wall", "2.5", "s"]]


def test_figures_of_other_bots_only_are_shown_and_not_compared():
    found = lines(Figure("a", 1, "s"), Figure("b", 7, "s", who="plain"), earlier={("a", "steward"): 2})
    assert found[2:] == [["a", "1", "s", "2", "0.50"], ["b", "7", "s"]]


def test_a_ratio_without_its_figure_has_its_own_row():
    assert lines(Figure("store.of_floor", 0.5, ""))[2:] == [["store.of_floor", "0.5"]]


def test_numbers_have_three_significant_digits():
    assert [number(value) for value in (0, 0.01234, 3.14159, 56, 56.78, 1234.5)] == [
        "0",
        "0.0123",
        "3.14",
        "56",
        "56.8",
        "1,234",
    ]
