"""Batching of lines for a webhook."""

import asyncio
import logging
import threading

import pytest
from structlog.testing import capture_logs

from steward.errors import NeedsOperator
from steward.runtime.logs.line_feed import LineFeed, NotTaken
from steward.runtime.logs.logs import configure_logs


class Channel:
    """Takes messages, and notes when."""

    def __init__(self):
        self.messages = []
        self.at = []
        self.refuse = None

    async def send(self, text):
        if self.refuse is not None:
            raise self.refuse
        self.messages.append(text)
        self.at.append(asyncio.get_running_loop().time())

    @property
    def lines(self):
        return [line for message in self.messages for line in message.splitlines() if line != "```"]


@pytest.fixture
def channel():
    return Channel()


async def test_ten_thousand_lines_within_ten_minutes_are_fewer_than_30_messages_a_minute_in_order(channel):
    feed = LineFeed("test", channel.send)
    running = asyncio.create_task(feed.run())
    for number in range(10_000):
        feed.add(f"line {number} " + "x" * 20)
        await asyncio.sleep(0.06)
    await asyncio.sleep(60)
    running.cancel()
    assert [int(line.split()[1]) for line in channel.lines] == list(range(10_000))
    for began in channel.at:
        assert len([at for at in channel.at if began <= at < began + 60]) <= 25
    assert max(map(len, channel.messages)) <= 2000


async def test_a_line_is_sent_within_three_seconds_and_nothing_without_lines(channel):
    feed = LineFeed("test", channel.send)
    running = asyncio.create_task(feed.run())
    await asyncio.sleep(1000)
    assert channel.messages == []
    began = asyncio.get_running_loop().time()
    feed.add("hello")
    await asyncio.sleep(10)
    running.cancel()
    assert channel.messages == ["```\nhello\n```"]
    assert channel.at[0] - began < 3


async def test_during_an_outage_the_newest_thousand_lines_wait_and_dropped_ones_are_counted(channel):
    feed = LineFeed("test", channel.send)
    running = asyncio.create_task(feed.run())
    channel.refuse = NotTaken("Discord didn't accept the message (500).", retry_after=30)
    with capture_logs() as lines:
        feed.add("the first")
        await asyncio.sleep(5)
        for number in range(1500):
            feed.add(f"line {number}")
        await asyncio.sleep(1200)
        channel.refuse = None
        await asyncio.sleep(600)
    running.cancel()
    assert channel.lines[:3] == ["the first", "… 500 lines were dropped", "line 500"]
    assert channel.lines[-1] == "line 1499"
    assert [line["event"] for line in lines] == ["feed_delayed"]


async def test_a_deleted_webhook_is_logged_once_and_not_used_again(channel):
    feed = LineFeed("test", channel.send)
    running = asyncio.create_task(feed.run())
    channel.refuse = NeedsOperator("Discord doesn't know that webhook (404).")
    with capture_logs() as lines:
        feed.add("hello")
        await asyncio.sleep(5)
        feed.add("hello again")
        await running
    assert [line["event"] for line in lines] == ["feed_refused"]


async def test_user_text_does_not_break_the_code_block(channel):
    feed = LineFeed("test", channel.send)
    running = asyncio.create_task(feed.run())
    feed.add("a name ```@everyone``` " + "y" * 5000)
    await asyncio.sleep(5)
    running.cancel()
    (message,) = channel.messages
    assert message.count("```") == 2
    assert message.startswith("```\n")
    assert message.endswith("…\n```")


@pytest.mark.real_time
async def test_lines_come_from_any_thread(channel):
    arrived = asyncio.Event()

    async def send(text):
        channel.messages.append(text)
        arrived.set()

    feed = LineFeed("test", send)
    running = asyncio.create_task(feed.run())
    await asyncio.sleep(0.01)
    thread = threading.Thread(target=feed.add, args=("from afar",))
    thread.start()
    async with asyncio.timeout(60):
        await arrived.wait()
    thread.join()
    running.cancel()
    assert channel.messages == ["```\nfrom afar\n```"]


async def test_selected_log_lines_are_fed_without_secrets(channel):
    feed = LineFeed("test", channel.send)
    with configure_logs(secrets=["hunter22"]) as logs:
        logs.feed(feed, lambda record: record.levelno >= logging.ERROR)
        logging.getLogger("steward.test").error("the password is hunter22")
        logging.getLogger("steward.test").info("nothing of note")
        running = asyncio.create_task(feed.run())
        await asyncio.sleep(5)
    logging.getLogger("steward.test").error("after the end")
    await asyncio.sleep(5)
    running.cancel()
    (line,) = channel.lines
    assert "the password is ********" in line
