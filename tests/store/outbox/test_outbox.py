from __future__ import annotations

import tracemalloc
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.store import Undeliverable, open_store
from steward.store.outbox import outbox
from steward.store.outbox import queue as outbox_queue


def put(key, channel_id=1, text="hello"):
    return lambda tx: outbox.put(tx, key=key, channel_id=channel_id, payload={"content": text})


def heads(tx):
    return outbox_queue.heads(tx, (), 10)


def attempt(tx):
    """Begin to send the first waiting message."""
    return outbox_queue.mark_attempt(tx, heads(tx)[0])


async def test_a_key_is_put_once(database, clock):
    async with open_store(database, clock) as store:
        assert await store.write(put("report:1", text="first")) is True
        assert await store.write(put("report:1", text="second")) is False
        message = await store.write(attempt)
        assert (message.key, message.channel_id, message.payload) == ("report:1", 1, {"content": "first"})
        assert (message.attempted_at, message.attempts) == (None, 0)
        assert await store.read(outbox.waiting) == 1


async def test_each_channel_shows_its_oldest_waiting_message(database, clock):
    async with open_store(database, clock) as store:
        for key, channel in (("a1", 1), ("b1", 2), ("a2", 1)):
            await store.write(put(key, channel))
        assert [message.key for message in await store.read(heads)] == ["a1", "b1"]
        busy = await store.read(lambda tx: outbox_queue.heads(tx, {1}, 10))
        assert [head.key for head in busy] == ["b1"]


async def test_the_first_attempt_and_the_message_id_are_recorded_and_the_next_message_follows(database, clock):
    async with open_store(database, clock) as store:
        await store.write(put("a1"))
        await store.write(put("a2"))
        began = clock.now()
        message = await store.write(attempt)
        again = await store.write(attempt)
        assert (again.attempted_at, again.attempts, again.nonce) == (began, 1, message.nonce)
        assert await store.read(lambda tx: outbox.sent_id(tx, "a1")) is None
        await store.write(partial(outbox_queue.mark_sent, message=message, message_id=1234567890123456789))
        assert await store.read(lambda tx: outbox.sent_id(tx, "a1")) == 1234567890123456789
        assert [message.key for message in await store.read(heads)] == ["a2"]


async def test_a_parked_message_shows_its_reason_and_frees_its_channel(database, clock):
    async with open_store(database, clock) as store:
        await store.write(put("a1", 7))
        await store.write(put("a2", 7))
        message = await store.write(attempt)
        await store.write(partial(outbox_queue.park, message=message, error=Undeliverable("the channel was deleted")))
        (parked,) = await store.read(outbox.parked)
        assert (parked.key, parked.channel_id, parked.reason) == ("a1", 7, "the channel was deleted")
        assert [message.key for message in await store.read(heads)] == ["a2"]


async def test_the_user_of_a_message_is_notified_once_if_it_is_parked_and_only_then(database, clock):
    async with open_store(database, clock) as store:
        notice = outbox.Notice(9, "The post of **Räid** couldn't be posted in <#7>", "`/event repost` puts it up.")
        for key in ("a1", "a2"):
            await store.write(lambda tx, key=key: outbox.put(tx, key=key, channel_id=7, payload={}, if_parked=notice))
        message = await store.write(attempt)
        await store.write(partial(outbox_queue.mark_sent, message=message, message_id=1))
        message = await store.write(attempt)
        error = Undeliverable("Discord says no (403).", why="I can't write there", remedy="Allow it.")
        for _ in range(2):
            await store.write(partial(outbox_queue.park, message=message, error=error))
        assert [parked.reason for parked in await store.read(outbox.parked)] == ["Discord says no (403). Allow it."]
        assert await store.read(outbox.waiting) == 1
        told = await store.write(attempt)
        assert told.user_id == 9
        assert told.payload["content"] == (
            "The post of **Räid** couldn't be posted in <#7>: I can't write there. Allow it."
            " `/event repost` puts it up."
        )
        assert await store.read(lambda tx: tx.all("SELECT told FROM outbox WHERE told_user_id IS NOT NULL")) == []


async def test_a_message_of_a_failed_transaction_is_not_in_the_outbox(database, clock):
    async with open_store(database, clock) as store:

        def work(tx):
            put("a1")(tx)
            raise LookupError

        with store.listening(outbox.TOPIC) as woken:
            with pytest.raises(LookupError):
                await store.write(work)
            assert not woken.is_set()
        assert await store.read(outbox.waiting) == 0


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_nonce_is_short_stable_and_its_keys_own(one, other):
    assert len(outbox_queue.nonce(one)) <= 25
    assert outbox_queue.nonce(one) == outbox_queue.nonce(one)
    assert (outbox_queue.nonce(one) == outbox_queue.nonce(other)) == (one == other)


def test_a_nonce_never_changes_between_versions():
    assert outbox_queue.nonce("report:1:2026-01-05") == "ivvXzbQQFSIRt9AQerQi"


@pytest.mark.parametrize(
    "end", [partial(outbox_queue.mark_sent, message_id=1), partial(outbox_queue.park, error=Undeliverable("gone"))]
)
async def test_files_wait_with_their_message_and_go_with_it(database, clock, end):
    files = [("day.png", bytes(range(256))), ("b.csv", b"")]
    async with open_store(database, clock) as store:
        for _ in range(2):
            await store.write(lambda tx: outbox.put(tx, key="a1", channel_id=1, payload={}, files=files))
        message = await store.write(attempt)
        assert list(message.files) == files
        await store.write(partial(end, message=message))
        assert await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM outbox_files")) == 0


@pytest.mark.parametrize(
    "end", [partial(outbox_queue.mark_sent, message_id=1), partial(outbox_queue.park, error=Undeliverable("gone"))]
)
async def test_the_content_of_a_message_is_deleted_once_it_is_sent_or_parked(database, clock, end):
    """The content may name a member who asks to be forgotten."""
    async with open_store(database, clock) as store:
        await store.write(put("a1", text="ada has joined"))
        message = await store.write(attempt)
        await store.write(partial(end, message=message))
        assert await store.read(lambda tx: tx.value("SELECT payload FROM outbox")) == "{}"
        assert await store.write(put("a1")) is False


async def test_finding_waiting_messages_reads_no_content(database, clock):
    """Hundreds of reports with charts may be due at one moment, of which few are sent at once."""
    async with open_store(database, clock) as store:
        files = [("day.png", bytes(1_000_000))]
        for channel in range(8):
            await store.write(
                lambda tx, to=channel: outbox.put(tx, key=f"a{to}", channel_id=to, payload={}, files=files)
            )

        def work(tx):
            heads(tx)  # a driver may prepare the statement the first time
            tracemalloc.start()
            found = heads(tx)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return len(found), peak < 500_000  # of 8,000,000; asyncio receives into 256 KiB

        assert await store.read(work) == (8, True)


async def test_the_next_message_is_found_among_thousands_waiting_or_sent(database, clock):
    """Reminders by direct message: each member is a channel."""

    def fill(tx):
        sql = "INSERT INTO outbox (message_key, channel_id, payload, state, created_at, retry_at)"
        for what, channel, state, retry_at in (
            ("sent", 0, "sent", 0),
            ("rests", 10_000, "waiting", tx.now_ms + 60_000),
            ("waits", 20_000, "waiting", 0),
        ):
            rows = [(f"{what} {number}", channel + number, state, retry_at) for number in range(5000)]
            tx.executemany(f"{sql} VALUES (?, ?, '{{}}', ?, 0, ?)", rows)

    async with open_store(database, clock) as store:
        await store.write(fill)
        found = await store.read(lambda tx: outbox_queue.heads(tx, {20_000, 20_001}, 2))
        assert [head.key for head in found] == ["waits 2", "waits 3"]
        assert await store.read(outbox_queue.next_retry) == int(clock.now().timestamp() * 1000) + 60_000


async def test_forgetting_a_user_deletes_messages_attachments_and_notices_of_that_user_only(database, clock):
    async with open_store(database, clock) as store:
        for user in (5, 6):
            direct = partial(outbox.put_direct, user_id=user, payload={}, files=[("a.csv", b"1,2")])
            for key in ("mine", "other"):
                await store.write(partial(direct, key=f"{key}:{user}"))
            told = outbox.Notice(user, "It was not posted", "Try again.")
            await store.write(partial(outbox.put, key=f"mine:post {user}", channel_id=1, payload={}, if_parked=told))
        await store.write(partial(outbox.forget_user, user_id=5, is_about=lambda key: key.startswith("mine:")))
        kept = await store.read(lambda tx: tx.all("SELECT message_key, told_user_id FROM outbox ORDER BY id"))
        files = await store.read(lambda tx: tx.all("SELECT message_key FROM outbox_files ORDER BY message_key"))
        assert [tuple(row) for row in kept] == [
            ("other:5", None),
            ("mine:post 5", None),
            ("mine:6", None),
            ("other:6", None),
            ("mine:post 6", 6),
        ]
        assert [row[0] for row in files] == ["mine:6", "other:5", "other:6"]
