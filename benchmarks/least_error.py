"""
How near to the truth a counter can be that may be renamed twice in ten minutes.

`least_error` is what somebody would reach who knew the whole future: of all ways to rename, at most twice in any ten
minutes, each time to what is true at that moment, the one with the least mean error. No bot can be better. It waits
for a newcomer whom it knows to leave again in a minute, and for a second one whom it knows to come, so no bot can be
as good either where joins come by chance.

It is found by dynamic programming over the samples. What a schedule may still do depends only on its last rename and
on how long before that the other one was, so for each sample and each such gap (up to the window) only the cheapest
schedule is kept. A rename falls on a sample, which favours the bound by half the time between two samples.

`least_without_foresight` is what a bot could reach that is told the truth at every moment and nothing of the future:
it renames as soon as the name is wrong and the limit allows it, with a pause of its own between two renames; the best
pause is chosen afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence


def least_error(truth: Sequence[int], *, window: int, longest: int) -> float:
    """
    Return the least mean absolute error over samples of a true count, taken at even times.

    Args:
        truth: the samples; the name is right at the first.
        window: the limit's window in samples: of any three renames, the last comes at least so long after the first.
        longest: how many samples one name may stand. Where nothing changes a rename costs nothing, so a limit of an
            hour takes nothing away.

    Raises:
        ValueError: there are no samples.

    """
    if not truth:
        raise ValueError("There is no least error of no samples.")
    count, never = len(truth), float("inf")
    # cheapest[i][gap]: the least sum of errors before i, with a rename at i and the one before it `gap` earlier.
    cheapest = [[never] * (window + 1) for _ in range(count)]
    cheapest[0][window] = 0
    least = never
    for last, gaps in enumerate(cheapest):
        for gap in reversed(range(window)):
            gaps[gap] = min(gaps[gap], gaps[gap + 1])  # from here on: with a gap of at least so much
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
        cheapest[last] = []  # done with
    return least / count


def least_without_foresight(truth: Sequence[int], *, window: int) -> float:
    """
    Return the least mean absolute error of a counter that is renamed as soon as its limit and its pause allow.

    Args:
        truth: as for `least_error`; pauses up to half the window are tried.
        window: the same.

    Raises:
        ValueError: there are no samples.

    """
    return min(_error_with_pause(truth, pause, window) for pause in range(1, window // 2 + 1))


def _error_with_pause(truth: Sequence[int], pause: int, window: int) -> float:
    if not truth:
        raise ValueError("There is no least error of no samples.")
    shown, errors = truth[0], 0
    before, last = -window, 0  # the two newest renames
    for now, true in enumerate(truth):
        if true != shown and now - last >= pause and now - before >= window:
            shown, before, last = true, last, now
        errors += abs(true - shown)
    return errors / len(truth)
