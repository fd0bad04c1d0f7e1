from __future__ import annotations

from steward.store.writing.group_commit import Topics


async def test_an_announcement_wakes_every_listener_of_its_topic_and_no_other():
    topics = Topics()
    with topics.listening("a") as first, topics.listening("a") as second, topics.listening("b") as other:
        topics.announce(["a", "nobody-listens"])
        assert (first.is_set(), second.is_set(), other.is_set()) == (True, True, False)


async def test_a_listener_that_left_is_not_woken():
    topics = Topics()
    with topics.listening("a") as event:
        pass
    topics.announce(["a"])
    assert not event.is_set()
