"""Counting living objects without keeping them alive."""

import gc
import tracemalloc

import pytest

from steward.runtime.memory.tracked import TrackedObjects


class Session:  # noqa: PLW1641 - without a hash on purpose
    """Something worth counting; equal to all others, and so without a hash."""

    def __eq__(self, other):
        return True


def test_living_objects_are_counted_by_kind():
    tracked = TrackedObjects()
    sessions = [tracked.add("session", Session()) for _ in range(3)]
    tracked.add("session", sessions[0])
    view = tracked.add("view", Session())
    assert tracked.counts() == {"session": 3, "view": 1}
    del view
    sessions.pop()
    gc.collect()
    assert tracked.counts() == {"session": 2}


def test_objects_that_come_and_go_leave_nothing_behind():
    tracked = TrackedObjects()

    def come_and_go(count):
        for number in range(count):
            tracked.add(f"kind {number % 7}", Session())
        gc.collect()

    come_and_go(1000)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    come_and_go(20_000)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert tracked.counts() == {}
    assert grown < 5_000


@pytest.mark.parametrize("thing", [5, (1, 2), "text"])
def test_objects_without_weak_references_are_refused(thing):
    tracked = TrackedObjects()
    with pytest.raises(TypeError, match="not support weak references"):
        tracked.add("plain", thing)
    assert tracked.counts() == {}
