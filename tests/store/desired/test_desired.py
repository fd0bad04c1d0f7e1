"""What should be shown, in SQL, on each engine."""

from datetime import timedelta
from functools import partial

from steward.store import open_store, to_millis
from steward.store.desired import desired
from steward.store.desired.desired import Outcome
from steward.store.outbox import outbox, queue

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def put(number, *, lane=7, guild=1, name=""):
    return partial(desired.put, kind="board", number=number, guild_id=guild, lane=lane, name=name)


def promise(key):
    def work(tx):
        outbox.put(tx, key=key, channel_id=7, payload={"content": "a board"})
        desired.promise(tx, "board", 5, guild_id=1, lane=7, key=key)

    return work


async def first(store, lane=7):
    return await store.read(partial(desired.first, kind="board", lane=lane))


async def note(store, item, ref=None, problem=None, *, at):
    outcome = Outcome(ref, problem)
    await store.write(partial(desired.note, item=item, outcome=outcome, not_before=at))


async def test_what_is_marked_is_found_by_its_lane_what_was_left_alone_for_longest_first(clock, database):
    async with open_store(database, clock) as store:
        now = clock.now()
        await store.write(partial(desired.mark, kind="board", number=1))
        assert await store.read(partial(desired.lanes, kind="board")) == ([], None), "it was never put"
        for number in (2, 1):
            await store.write(put(number))
        await store.write(put(3, lane=8, guild=2, name="a"))
        await store.write(put(3, lane=8, guild=2, name="b"))
        await store.write(partial(desired.put, kind="light", number=1, guild_id=1, lane=7))
        assert await store.read(partial(desired.lanes, kind="board")) == ([(7, 1), (8, 2)], None)
        item = await first(store)
        assert (item.number, item.revision, item.shown, item.ref) == (1, to_millis(now), 0, None)
        await note(store, item, 55, at=now + SECOND)
        assert (await first(store)).number == 2
        await store.write(put(1))
        assert await store.read(partial(desired.lanes, kind="board")) == ([(7, 1), (8, 2)], to_millis(now + SECOND))
        assert await store.read(partial(desired.number_of, kind="board", ref=55)) == 1
        kept = await store.read(partial(desired.find, kind="board", number=1))
        assert (kept.revision, kept.shown, kept.ref) == (item.revision + 1, item.revision, 55)

        named = await first(store, 8)
        assert named.name == "a"
        await store.write(partial(desired.note, item=named, outcome=None, not_before=now))
        named = await first(store, 8)
        await store.write(partial(desired.mark, kind="board", number=3))
        await store.write(partial(desired.note, item=named, outcome=None, not_before=now))
        assert (await first(store, 8)).name == "b", "it was marked meanwhile"
        assert await store.write(partial(desired.forget, kinds=["board", "light"], number=3)) == 1


async def test_what_fails_rests_and_its_problem_stays_until_it_is_shown(clock, database):
    async with open_store(database, clock) as store:
        now = clock.now()
        await store.write(put(1))
        item = await first(store)
        await store.write(partial(desired.rest, item=item, until=now + MINUTE, problem="It is refused."))
        await store.write(partial(desired.mark, kind="board", number=1))
        assert await store.read(partial(desired.lanes, kind="board")) == ([], to_millis(now + MINUTE))
        ((_, problem),) = await store.write(partial(desired.review, kind="board"))
        assert problem == "It is refused."
        await store.write(partial(desired.rest, item=item, until=now + timedelta(days=900), problem=None))
        item = await first(store)
        assert item.attempts == 2, "no rest is so long: the clock was wrong"
        await note(store, item, 55, "Somebody deleted it.", at=now)
        assert await first(store) is None
        ((item, problem),) = await store.write(partial(desired.review, kind="board"))
        assert (problem, item.attempts) == ("Somebody deleted it.", 0)


async def test_of_two_writes_that_overlap_the_newest_state_is_shown_in_the_end(clock, database):
    async with open_store(database, clock) as store:
        now = clock.now()
        await store.write(put(1))
        slow = await first(store)
        await store.write(partial(desired.mark, kind="board", number=1))
        await note(store, await first(store), 55, at=now)
        assert await first(store) is None
        await note(store, slow, 55, at=now)
        again = await first(store)
        assert (again.shown, again.ref, again.revision) == (slow.revision + 1, 55, slow.revision + 2)
        await store.write(partial(desired.mark, kind="board", number=1))  # while it is written
        await note(store, again, 55, at=now)
        assert ((await first(store)).shown, (await first(store)).revision) == (again.revision, again.revision + 1)


async def test_what_the_outbox_promises_waits_until_it_is_sent_or_given_up(clock, database):
    async with open_store(database, clock) as store:
        await store.write(promise("board 5"))
        await store.write(partial(desired.mark, kind="board", number=5))
        await store.write(partial(desired.review, kind="board"))
        assert await first(store) is None, "its message is on its way"
        (head,) = await store.read(partial(queue.heads, busy=(), limit=9))
        message = await store.write(partial(queue.mark_attempt, head=head))
        with store.listening(desired.topic("board")) as told:
            await store.write(partial(queue.mark_sent, message=message, message_id=55))
            assert told.is_set()
        sent = await first(store)
        assert sent.revision == sent.shown + 1
        await store.write(promise("board 5 anew"))
        await note(store, sent, 55, at=clock.now())  # the write to the one before ends late
        assert await first(store) is None
        (head,) = await store.read(partial(queue.heads, busy=(), limit=9))
        message = await store.write(partial(queue.mark_attempt, head=head))
        await store.write(partial(queue.park, message=message, error=queue.Undeliverable("The channel is gone.")))
        anew = await first(store)
        assert (anew.ref, anew.revision - anew.shown) == (None, 1)
        await store.write(partial(desired.wait, item=anew, key="board 5 anew"))
        assert await first(store) == anew, "that message is not on its way"


async def test_what_waits_for_a_message_that_nobody_knows_is_looked_at(clock, database):
    async with open_store(database, clock) as store:
        await store.write(promise("board 5"))
        await store.write(put(6))
        await store.write(partial(desired.wait, item=await first(store), key="board 5"))
        assert await first(store) is None
        await store.write(lambda tx: tx.execute("DELETE FROM outbox"))
        await store.write(partial(desired.review, kind="board"))
        assert await store.read(partial(desired.lanes, kind="board")) == ([(7, 1)], None)
