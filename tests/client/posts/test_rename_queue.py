"""Which channel is renamed next, and what it costs to know where there are many."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from steward.client.posts.channel_name import SLACK, ChannelName, RenameQueue

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def stale(channel_id, *, by=1, failures=0):
    return ChannelName(channel_id, wanted="new", shown="old", number=100 + by, shown_number=100, failures=failures)


def drained(queue, now=NOON, *, failing=True):
    taken = []
    while (channel := queue.take(now, failing=failing)) is not None:
        taken.append(channel.channel_id)
    return taken


def test_of_those_that_may_be_renamed_the_one_furthest_off_comes_first_and_the_others_wait():
    queue = RenameQueue()
    for channel_id, by in enumerate((3, 9, 5)):
        queue.put(stale(channel_id, by=by), NOON - SECOND if channel_id else None)
    queue.put(stale(7, by=1000), NOON + SECOND)
    assert drained(queue) == [1, 2, 0]
    assert queue.next_due == (NOON + SECOND).timestamp()
    assert drained(queue, NOON + SECOND) == [7]
    assert queue.next_due is None


def test_a_channel_whose_number_moves_while_it_may_be_renamed_is_judged_anew():
    queue, near, far = RenameQueue(), stale(1, by=5), stale(2, by=9)
    for channel in (near, far, stale(3, by=50)):
        queue.put(channel, NOON)
    assert queue.take(NOON, failing=True).channel_id == 3
    near.number = 900
    queue.put(near, NOON)
    assert drained(queue) == [1, 2]


def test_what_was_taken_out_does_not_come_nor_twice_what_was_put_in_twice():
    queue, one, two = RenameQueue(), stale(1), stale(2)
    for due in (NOON, NOON, NOON + SECOND):
        queue.put(one, due)
        queue.put(two, due)
    queue.drop(one)
    assert drained(queue) == []
    assert drained(queue, NOON + SECOND) == [2]


def test_those_that_have_failed_come_only_when_they_may():
    queue = RenameQueue()
    queue.put(stale(1, by=90, failures=2), NOON)
    queue.put(stale(2), NOON)
    assert drained(queue, failing=False) == [2]
    assert drained(queue) == [1]


def test_the_next_of_25000_is_found_without_a_look_at_all_of_them():
    @dataclass
    class Counting(ChannelName):
        looks = 0

        @property
        def error(self):
            Counting.looks += 1
            return float(self.number)

    queue = RenameQueue()
    for number in Random(12).sample(range(25_000), 25_000):
        queue.put(Counting(number, number=number), NOON)
    assert queue.take(NOON, failing=True).channel_id == 24_999
    Counting.looks = 0
    assert [queue.take(NOON, failing=True).channel_id for _ in range(100)] == list(range(24_998, 24_898, -1))
    assert Counting.looks == 0


def test_a_channel_that_changes_for_ever_is_not_kept_for_each_change():
    queue, channel = RenameQueue(), stale(1)
    for number in range(10_000):
        channel.number = 100 + number
        queue.put(channel, NOON + number * SECOND)
    assert sum(map(len, (queue._waiting, queue._ready, queue._failing))) <= SLACK + 4
