from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.least_error import least_error, least_without_foresight

WINDOW = 4


def by_trying_all(truth, window):
    """Return the least error of every schedule, by brute force."""
    best = float("inf")
    for count in range(len(truth)):
        for later in combinations(range(1, len(truth)), count):
            renames = (0, *later)
            if any(third - first < window for first, third in zip(renames, renames[2:], strict=False)):
                continue
            shown = [truth[max(one for one in renames if one <= at)] for at in range(len(truth))]
            best = min(best, sum(abs(a - b) for a, b in zip(shown, truth, strict=True)))
    return best / len(truth)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=11))
def test_it_is_the_least_of_all_ways_to_rename(truth):
    assert least_error(truth, window=WINDOW, longest=len(truth)) == by_trying_all(truth, WINDOW)


@given(st.lists(st.integers(-1, 1), min_size=1, max_size=60))
def test_a_longer_maximum_time_for_a_name_is_no_worse(steps):
    truth = [sum(steps[: end + 1]) for end in range(len(steps))]
    assert least_error(truth, window=WINDOW, longest=len(truth)) <= least_error(truth, window=WINDOW, longest=8)


def test_a_steady_growth_is_best_followed_at_an_even_pace():
    """Two renames in ten: one each five, off by 0, 1, 2, 3, 4."""
    assert least_error(range(100), window=10, longest=60) == 2.0


def test_a_count_that_rarely_changes_can_be_shown_without_error():
    assert least_error([12] * 50 + [13] * 50 + [12] * 50, window=10, longest=60) == 0


@given(st.lists(st.integers(-1, 1), min_size=1, max_size=60))
def test_a_schedule_without_foresight_is_never_better(steps):
    truth = [sum(steps[: end + 1]) for end in range(len(steps))]
    least = least_error(truth, window=WINDOW, longest=len(truth))
    assert least_without_foresight(truth, window=WINDOW) >= least


def test_without_foresight_two_changes_are_shown_at_once_and_a_third_within_the_window_waits():
    assert least_without_foresight([5] * 20 + [6] * 20, window=10) == 0
    truth = [5] * 20 + [6] * 3 + [7] * 3 + [8] * 14  # renamed at 20, at 23, and not before 30
    assert least_without_foresight(truth, window=10) == 4 / 40


def test_without_foresight_a_pause_saves_a_rename_for_what_comes_soon():
    assert least_without_foresight([5] * 20 + [6, 7] + [8] * 18, window=10) == 1 / 40


@pytest.mark.parametrize(
    "find", [lambda: least_error([], window=10, longest=60), lambda: least_without_foresight([], window=10)]
)
def test_no_samples_have_no_error(find):
    with pytest.raises(ValueError, match="no samples"):
        find()
