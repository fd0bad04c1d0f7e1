"""
The smallest possible error of a counter that may be renamed twice in ten minutes.

`least_error` is reached by a schedule that knows the whole future: of all ways to rename at most twice in any ten
minutes, each time to the true value of that moment, the one with the least mean error. It is a bound for every bot. It
does not rename for a newcomer of whom it knows that he leaves within a minute, so no bot can reach it if joins are
random.

It is found by dynamic programming over the samples. The future of a schedule depends only on its last rename and the
gap to the one before, so for each sample and each gap (up to the window) only the cheapest schedule is stored. A rename
falls on a sample, which favours the bound by half the time between two samples.

`least_without_foresight` can be reached by a bot that knows the true value at every moment but not the future: it
renames as soon as the name is wrong and the limit allows it, with a minimum pause between two renames; the best pause
is chosen afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence


def least_error(truth: Sequence[int], *, window: int, longest: int) -> float:
    """
    Return the least mean absolute error over evenly spaced samples of a true count.

    Args:
        truth: the samples; the name is right at the first.
        window: the limit's window in samples: of any three renames, the last is at least that long after the first.
        longest: the longest time for one name, in samples. A rename without a change costs nothing, so an hour is no
            restriction.

    Raises:
        ValueError: there are no samples.

    """
    if not truth:
        raise ValueError("There is no least error of no samples.")
    count, never = len(truth), float("inf")
    # cheapest[i][gap]: the least sum of errors before i, with renames at i and `gap` earlier.
    cheapest = [[never] * (window + 1) for _ in range(count)]
    cheapest[0][window] = 0
    least = never
    for last, gaps in enumerate(cheapest):
        for gap in reversed(range(window)):
            gaps[gap] = min(gaps[gap], gaps[gap + 1])  # from here: a gap of at least that much
        shown, errors = truth[last], 0
        for after in range(1, min(longest, count - last) + 1):
            following = last + after
            sum_of_errors = gaps[max(0, window - after)] + errors
            if following == count:
                least = min(least, gaps[0] + errors)
                break
            there, gap = cheapest[following], min(after, window)
            if sum_of_errors < there[gap]:  # noqa: PLR1730 - min() takes twice as long, and this runs millions of times
                there[gap] = sum_of_errors
            errors += abs(truth[following] - shown)
        cheapest[last] = []  # no longer needed
    return least / count


def least_without_foresight(truth: Sequence[int], *, window: int) -> float:
    """
    Return the least mean absolute error of a counter that is renamed as soon as its limit and its pause allow.

    Args:
        truth: as for `least_error`; pauses up to half the window are tried.
        window: as for `least_error`.

    Raises:
        ValueError: there are no samples.

    """
    return min(_error_with_pause(truth, pause, window) for pause in range(1, window // 2 + 1))


def _error_with_pause(truth: Sequence[int], pause: int, window: int) -> float:
    if not truth:
        raise ValueError("There is no least error of no samples.")
    shown, errors = truth[0], 0
    before, last = -window, 0  # the two latest renames
    for now, true in enumerate(truth):
        if true != shown and now - last >= pause and now - before >= window:
            shown, before, last = true, last, now
        errors += abs(true - shown)
    return errors / len(truth)
