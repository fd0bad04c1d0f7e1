from __future__ import annotations

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing
from datetime import timedelta

from structlog.testing import capture_logs

from steward.errors import NotReady
from steward.runtime.tasks import Supervisor
from steward.store import OutboxSender, Undeliverable, open_store
from steward.store.outbox import outbox
from steward.store.outbox.outbox import Notice
from tests.store.fake_channel import FakeChannel

DAY = 86_400


@asynccontextmanager
async def sending(store, clock, deliver, **options):
    sender = OutboxSender(store, clock, deliver, **options)
    async with Supervisor() as tasks:
        state = tasks.start("outbox", sender.run)
        await asyncio.sleep(0.01)
        yield sender
        assert state.failures == 0, state.last_error


def put(key, channel_id=1, text=None):
    return lambda tx: outbox.put(tx, key=key, channel_id=channel_id, payload={"content": text or key})


async def test_a_message_is_sent_as_soon_as_it_is_committed(database, clock):
    channel = FakeChannel()
    async with open_store(database, clock) as store, sending(store, clock, channel.deliverer(clock)):
        await store.write(put("a"))
        before = clock.monotonic()
        while not channel.texts:
            await asyncio.sleep(0.001)
        assert clock.monotonic() - before < 0.1
        await asyncio.sleep(DAY)
        assert channel.texts == ["a"]
        assert await store.read(lambda tx: outbox.sent_id(tx, "a")) == 1


async def test_messages_of_a_channel_keep_their_order_and_channels_do_not_wait_for_each_other(database, clock):
    sent = []

    async def deliver(message):
        await asyncio.sleep(100 if message.channel_id == 1 else 1)
        sent.append(message.key)
        return len(sent)

    async with open_store(database, clock) as store, sending(store, clock, deliver):
        for n in range(3):
            await store.write(put(f"slow{n}", 1))
            await store.write(put(f"quick{n}", 2))
        await asyncio.sleep(10)
        assert sent == ["quick0", "quick1", "quick2"]
        await asyncio.sleep(300)
        assert sent[3:] == ["slow0", "slow1", "slow2"]


async def test_concurrent_channels_are_bounded(database, clock):
    at_once, peak = set(), []

    async def deliver(message):
        at_once.add(message.key)
        peak.append(len(at_once))
        await asyncio.sleep(1)
        at_once.discard(message.key)
        return 1

    async with open_store(database, clock) as store, sending(store, clock, deliver, concurrency=3):
        await store.write(lambda tx: [put(f"m{n}", n)(tx) for n in range(10)])
        await asyncio.sleep(20)
        assert (max(peak), len(peak)) == (3, 10)


async def test_a_temporary_failure_is_retried_with_backoff_and_passes_the_first_attempts_time(database, clock):
    tries = []

    async def deliver(message):
        tries.append((clock.now(), message.attempted_at, message.attempts))
        if len(tries) < 5:
            raise [NotReady("Discord is away."), OSError("reset"), TimeoutError(), KeyError("a bug")][len(tries) - 1]
        return 1

    async with open_store(database, clock) as store, sending(store, clock, deliver):
        began = clock.now()
        await store.write(put("a"))
        await store.write(put("b"))
        await asyncio.sleep(60)
        assert [attempted for _, attempted, _ in tries[:5]] == [None, began, began, began, began]
        assert [attempts for _, _, attempts in tries[:5]] == [0, 1, 2, 3, 4]
        waits = [(tries[n + 1][0] - tries[n][0]).total_seconds() for n in range(4)]
        assert all(0.1 <= wait <= 1.1 * 2**n for n, wait in enumerate(waits))
        assert len(tries) == 6  # then the next message


async def test_an_undeliverable_message_is_parked_after_one_try(database, clock):
    tries = []

    async def deliver(message):
        tries.append(message.key)
        if message.key == "a":
            raise Undeliverable("The channel 1 was deleted.")
        return 1

    async with open_store(database, clock) as store, sending(store, clock, deliver):
        await store.write(put("a"))
        await store.write(put("b"))
        await asyncio.sleep(DAY / 2)
        assert tries == ["a", "b"]
        (parked,) = await store.read(outbox.parked)
        assert parked.reason == "The channel 1 was deleted."
        await asyncio.sleep(DAY)
        assert await store.read(outbox.parked) == []  # reported for a day only


async def test_a_delivery_that_hangs_is_cancelled_and_retried_without_a_duplicate(database, clock):
    channel = FakeChannel()

    async def deliver(message):
        message_id = channel.send(message, clock.now())
        if channel.calls == 1:
            await asyncio.sleep(DAY)  # Discord accepted it, but the response never arrived
        return message_id

    options = {"limit": timedelta(seconds=60)}
    async with open_store(database, clock) as store, sending(store, clock, deliver, **options):
        await store.write(put("a"))
        await asyncio.sleep(100)
        assert (channel.texts, channel.calls) == (["a"], 2)
        assert await store.read(lambda tx: outbox.sent_id(tx, "a")) == 1


async def test_f44_nothing_is_sent_while_the_attempt_cannot_be_recorded(tmp_path, clock):
    """F44: a bot that cannot record a message must not post it, or it would post for ever."""
    channel = FakeChannel()
    async with open_store(tmp_path / "a.db", clock) as store:
        await store.write(lambda tx: tx.value("PRAGMA busy_timeout = 10") and None)
        await store.write(put("a"))
        with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            async with sending(store, clock, channel.deliverer(clock)):
                await asyncio.sleep(60)
                assert channel.calls == 0
                other.execute("ROLLBACK")
                await asyncio.sleep(6)
                assert channel.texts == ["a"]


async def test_a_message_attempted_long_before_a_restart_is_looked_up_and_not_duplicated(database, clock):
    channel = FakeChannel()

    async def dies_after_sending(message):
        channel.send(message, clock.now())
        await asyncio.sleep(DAY)
        return 0

    async with open_store(database, clock) as store, sending(store, clock, dies_after_sending):
        await store.write(put("a"))
        await asyncio.sleep(1)
    await asyncio.sleep(DAY)  # the nonce has expired long ago
    async with open_store(database, clock) as store, sending(store, clock, channel.deliverer(clock)):
        await asyncio.sleep(1)
        assert channel.texts == ["a"]
        assert await store.read(lambda tx: outbox.sent_id(tx, "a")) == 1


async def test_sent_messages_are_deleted_after_a_month(tmp_path, clock):
    channel = FakeChannel()
    async with open_store(tmp_path / "a.db", clock) as store, sending(store, clock, channel.deliverer(clock)):
        await store.write(put("a"))
        await asyncio.sleep(29 * DAY)
        assert await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM outbox")) == 1
        await asyncio.sleep(2.1 * DAY)
        assert await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM outbox")) == 0


async def test_f61_an_unreadable_message_is_parked_and_its_channel_continues(database, clock):
    """Also if another message's error contains a zero byte, which PostgreSQL accepts in no text."""
    channel, failed = FakeChannel(), []
    deliver = channel.deliverer(clock)

    async def failing_once(message):
        if message.key == "odd" and not failed:
            failed.append(message.key)
            raise ValueError("a\x00b")
        return await deliver(message)

    async with open_store(database, clock) as store:
        await store.write(put("poison"))
        await store.write(lambda tx: tx.execute("UPDATE outbox SET payload = '{'"))
        await store.write(put("odd"))
        await store.write(put("sound"))
        async with sending(store, clock, failing_once):
            await asyncio.sleep(300)
        assert channel.texts == ["odd", "sound"]
        assert [message.key for message in await store.read(outbox.parked)] == ["poison"]
        assert store.skipper.counts == {"message": 1}
        assert await store.read(lambda tx: tx.value("SELECT payload FROM outbox WHERE message_key = 'poison'")) == "{}"


async def test_f61_the_user_of_an_unreadable_message_is_notified(database, clock):
    channel = FakeChannel()
    notice = Notice(user_id=7, what="The report wasn't posted", remedy="Ask for it again.")
    async with open_store(database, clock) as store:
        for key in ("told", "of no promise that can be read"):
            await store.write(
                lambda tx, key=key: outbox.put(tx, key=key, channel_id=1, payload={"content": key}, if_parked=notice)
            )
        await store.write(lambda tx: tx.execute("UPDATE outbox SET payload = '{'"))
        await store.write(lambda tx: tx.execute("UPDATE outbox SET told = '{' WHERE message_key <> 'told'"))
        async with sending(store, clock, channel.deliverer(clock)):
            await asyncio.sleep(300)
        assert channel.texts == ["The report wasn't posted: it can't be read any more. Ask for it again."]
        assert len(await store.read(outbox.parked)) == 2
        assert await store.read(lambda tx: tx.all("SELECT told FROM outbox WHERE told IS NOT NULL")) == []


async def test_f61_a_drivers_error_about_a_message_is_neither_logged_nor_stored(tmp_path, clock, monkeypatch):
    async def deliver(message):
        raise sqlite3.DataError("Ada Lovelace is too long")

    def forget(tx):
        raise sqlite3.DataError("Ada Lovelace is too long")

    monkeypatch.setattr("steward.store.outbox.queue.forget_old", forget)
    async with open_store(tmp_path / "a.db", clock) as store:
        await store.write(put("a"))
        with capture_logs() as lines:
            async with sending(store, clock, deliver):
                await asyncio.sleep(1)
        assert {"outbox_not_swept", "message_delayed"} <= {line["event"] for line in lines}
        assert {line["error"] for line in lines if line["event"] in {"outbox_not_swept", "message_delayed"}} == {
            "DataError"
        }
        assert await store.read(lambda tx: tx.value("SELECT error FROM outbox")) == "DataError"
