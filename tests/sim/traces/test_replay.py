"""Replay of a trace."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.snowflake import made_at
from steward.sim.traces.replay import Replay, share_online
from steward.sim.traces.trace import Trace, TraceLine


def play(clock: Clock, *lines: TraceLine, **options):
    guild = Simulator(clock=clock).add_guild("Penguins", members=5000, online=800)
    chat = guild.add_text_channel("chat")
    return guild, chat, Replay(Trace(lines), guild, [chat], clock, **options)


async def test_lines_are_played_in_order_spread_over_their_minute(clock: Clock):
    says = [
        TraceLine(600, "message", "alice", "1"),
        TraceLine(600, "message", "bob", "2"),
        TraceLine(602, "message", "bob", "3"),
    ]
    midnight = clock.now()
    _, chat, replay = play(clock, *says, start=midnight)
    await replay.run()
    times = [made_at(message.id) - midnight for message in chat.messages]
    assert times == [timedelta(hours=10, seconds=seconds) for seconds in (15, 45, 150)]
    assert [message.content for message in chat.messages] == ["1", "2", "3"]


async def test_without_a_start_the_first_line_is_played_now(clock: Clock):
    _, chat, replay = play(clock, TraceLine(600, "message", "alice", "1"), TraceLine(660, "message", "alice", "2"))
    began = clock.monotonic()
    await replay.run()
    assert clock.monotonic() - began == pytest.approx(3600)
    assert len(chat.messages) == 2


async def test_users_who_did_not_join_are_existing_members(clock: Clock):
    lines = [TraceLine(1, "message", "alice", "hi"), TraceLine(2, "join", "alice"), TraceLine(3, "leave", "bob")]
    guild, _, replay = play(clock, *lines)
    await replay.run()
    assert replay.sent == {"message": 1, "already_member": 1, "leave": 1}
    assert guild.member_count == 4999
    assert (replay.played, replay.total) == (3, 3)


async def test_joins_leaves_and_bans_are_counted_and_a_ban_is_a_leave_too(clock: Clock):
    lines = [
        TraceLine(1, "join", "alice"),
        TraceLine(2, "rename", "alice", "al"),
        TraceLine(3, "leave", "al"),
        TraceLine(4, "message", "al", "back"),
        TraceLine(5, "ban", "al"),
        TraceLine(6, "message", "al", "unheard"),
        TraceLine(7, "join", "al"),
        TraceLine(8, "ban", "al"),
        TraceLine(9, "unban", "al"),
        TraceLine(10, "unban", "al"),
        TraceLine(11, "join", "al"),
        TraceLine(12, "message", "al", "   "),
    ]
    guild, chat, replay = play(clock, *lines)
    await replay.run()
    assert replay.sent == {
        "join": 3, "rename": 1, "leave": 2, "message": 1, "ban": 1, "unban": 1, "refused": 4, "empty": 1,
    }  # fmt: skip
    assert (guild.member_count, guild.ban_count) == (5001, 0)
    assert [message.content for message in chat.messages] == ["back"]


async def test_the_online_count_follows_the_hour(clock: Clock):
    lines = [TraceLine(0, "message", "alice", "1"), TraceLine(12 * 60, "message", "alice", "2")]
    guild, _, replay = play(clock, *lines, breathe=True)
    await replay.run()
    assert guild.online_count < 800
    assert share_online(20) == 1
    assert share_online(8) == pytest.approx(0.55)


async def test_a_replay_needs_a_channel(clock: Clock):
    guild = Simulator(clock=clock).add_guild("Penguins")
    with pytest.raises(ValueError, match="at least one text channel"):
        Replay(Trace(()), guild, [], clock)


async def test_the_shipped_day_is_replayed_completely(clock: Clock):
    trace = Trace.community_day()
    guild, chat, replay = play(clock, *trace.lines, start=clock.now())
    await replay.run()
    banned_leave = {"leave": trace.kinds["ban"]}
    assert replay.sent == trace.kinds + Counter(banned_leave)
    assert len(chat.messages) == trace.kinds["message"]
    left = trace.kinds["leave"] + trace.kinds["ban"]
    assert guild.member_count == 5000 + trace.kinds["join"] - left
    assert guild.ban_count == trace.kinds["ban"] - trace.kinds["unban"]
