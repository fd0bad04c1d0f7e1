"""What a session keeps for RESUME."""

from __future__ import annotations

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.gateway.session import Session


async def test_it_keeps_so_many_events_and_so_many_bytes(clock: Clock):
    bot = Simulator(clock=clock).bot
    by_count = Session("a", bot, 0, (0, 1), keep=3, keep_bytes=1000)
    by_bytes = Session("b", bot, 0, (0, 1), keep=1000, keep_bytes=30)
    for session in (by_count, by_bytes):
        for _ in range(10):
            session.dispatch("X", b"0123456789")
        assert [sent.seq for sent in session.replay_from(7)] == [8, 9, 10]
        assert session.can_replay_from(7)
        assert not session.can_replay_from(6)
        assert not session.can_replay_from(11)
