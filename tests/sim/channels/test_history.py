"""A channel stores its newest messages, pinned ones and thread starters."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from steward.runtime.clock import Clock
from steward.sim import Limits, Simulator
from steward.sim.channels.history import MessageHistory
from steward.sim.channels.message import Message
from steward.sim.people.user import User

PERSON, BOT = User(1, "alice"), User(2, "steward", bot=True)


def message(number: int, author: User = PERSON) -> Message:
    return Message(number, 5, author, f"number {number}")


@given(st.lists(st.booleans(), max_size=200), st.integers(1, 20))
def test_each_kind_keeps_its_newest_with_an_eighth_of_slack(by_bots, most):
    forgotten: list[Message] = []
    history = MessageHistory(most, (), forgotten.append)
    for number, by_bot in enumerate(by_bots):
        history.add(message(number, BOT if by_bot else PERSON))
    for kind in (False, True):
        sent = [number for number, by_bot in enumerate(by_bots) if by_bot is kind]
        kept = [found.id for found in history if found.author.bot is kind]
        assert kept == sent[len(sent) - len(kept) :]
        assert min(len(sent), most) <= len(kept) <= most + most // 8
    assert len(history) + len(forgotten) == history.total == len(by_bots)


def test_pinned_messages_and_thread_starters_stay():
    history = MessageHistory(5, {1}, lambda _: None)
    for number in range(3):
        history.add(message(number))
    history[2].pinned_at = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(3, 100):
        history.add(message(number))
    assert [found.id for found in history] == [1, 2, 95, 96, 97, 98, 99]
    assert history.find(2) is not None
    assert history.find(3) is None


def test_deleted_messages_are_removed():
    forgotten: list[Message] = []
    history = MessageHistory(100, (), forgotten.append)
    for number in range(10):
        history.add(message(number))
    history.delete([3, 4, 77])
    assert [found.id for found in forgotten] == [3, 4]
    assert history.first_from(4) == 3
    history.clear()
    assert history == []
    assert len(forgotten) == 10


async def test_a_week_of_traffic_stays_within_the_limit(clock: Clock):
    """There is a message each minute."""
    most = 100
    async with Simulator(clock=clock, limits=Limits(kept_messages=most)) as sim:
        guild = sim.add_guild("Penguins")
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        for _ in range(7 * 24 * 60):
            alice.say(chat, "hello")
        assert chat.messages.total == 10_080
        assert most <= len(chat.messages) <= most + most // 8
