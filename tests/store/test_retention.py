"""How much old data one run may delete."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from steward.store.retention import LEAST, SHARE, deletion_limit

MIN_MS = LEAST // timedelta(milliseconds=1)
AT = st.integers(0, 2**45)


@given(AT, AT, AT, AT)
def test_f62_one_run_deletes_only_old_rows_and_no_more_than_its_share(before, oldest, newest, now):
    until = deletion_limit(before, oldest=oldest, newest=newest, now=now)
    assert until <= before
    assert until <= oldest + max(MIN_MS, max(0, newest - oldest) // SHARE)
    assert until <= oldest + max(MIN_MS, max(0, now - oldest) // SHARE)


@given(AT, st.integers(0, 2**45))
def test_f62_repeated_runs_delete_everything_that_is_too_old(oldest, kept):
    newest = now = before = oldest + kept
    runs = 0
    while oldest < before:
        oldest, runs = deletion_limit(before, oldest=oldest, newest=newest, now=now), runs + 1
    assert runs <= 40 + 2 * SHARE * max(1, kept // MIN_MS).bit_length()


def test_without_old_rows_there_is_no_bound():
    assert deletion_limit(7, oldest=None, newest=None, now=9) == 7
