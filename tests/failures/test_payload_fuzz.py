"""
Every payload that the bot hears, with each key changed to what it can't be (F61): that costs its own event at most.

A sample is tried, other values each time the seed is another; all of them with STEWARD_FUZZ_ALL=1 (some minutes).
"""

from __future__ import annotations

import asyncio
import copy
import os
import random
from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from steward.client.lean import FOR_DISCORD_PY, LeanClient
from tests.failures.recorded import failing, joins
from tests.parts import events_of, stats_of
from tests.scenarios.events.crowd import event, posted
from tests.stage import admin, stage, until, until_midnight

SAMPLE = 600
SEED = int(os.environ.get("STEWARD_FUZZ_SEED", "61"))
ALL = bool(os.environ.get("STEWARD_FUZZ_ALL"))
BETWEEN = 25
DEEPEST = 3
MISSING = object()
VALUES: tuple[Any, ...] = (
    MISSING, None, "", "x", "a\x00b", "\u202e\ufffe💩", "x" * 5000, [], [None], {}, {"id": None}, True, 1.5,
    -1, "-1", 0, 2**31, 2**63 - 1, 2**64 - 1, str(2**63 - 1), str(2**63), "9" * 400,
    "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00", "2090-01-01T00:00:00+00:00", "2026-01-05",
)  # fmt: skip
CHANGES_WHAT_IS_THERE = {"READY", "GUILD_CREATE", "GUILD_DELETE"}


def unseen(guild_id: str) -> dict[str, Any]:
    """Return payloads of what no act of this scene makes Discord send."""
    user = {"id": "5", "username": "x", "discriminator": "0", "avatar": None}
    return {
        "RESUMED": {"_trace": []},
        "GUILD_MEMBERS_CHUNK": {"guild_id": guild_id, "members": [{"user": user}], "nonce": "absent-1"},
        "GUILD_ROLE_DELETE": {"guild_id": guild_id, "role_id": "7"},
        "USER_UPDATE": user,
    }


def paths(value: Any, depth: int = 0) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each value down to the third key; of a list its first."""
    children = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    for key, child in children:
        yield (key,)
        if depth + 1 < DEEPEST:
            yield from ((key, *rest) for rest in paths(child, depth + (isinstance(value, dict))))


def changed(payload: Any, path: tuple[Any, ...], value: Any) -> Any:
    whole = copy.deepcopy(payload)
    inner = whole
    for key in path[:-1]:
        inner = inner[key]
    if value is MISSING:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return whole


@pytest.fixture
def seen(monkeypatch) -> dict[str, Any]:
    """The first payload of each kind that the bot hears."""
    found: dict[str, Any] = {}
    tell = LeanClient._tell

    def telling(self, name, data, readers):
        if name not in found:
            found[name] = copy.deepcopy(data)
        return tell(self, name, data, readers)

    monkeypatch.setattr(LeanClient, "_tell", telling)
    return found


async def live(scene, steward) -> None:
    """Do in the guild what makes Discord tell of each kind of event."""
    await until(lambda: steward.health.ready)
    olga = await admin(scene, steward)
    olga.give(scene.guild.add_role("Talkers", "administrator").id)
    guild, hall = scene.guild, scene.guild.add_text_channel("talk")
    lounge, gone = guild.add_voice_channel("lounge"), guild.add_text_channel("gone")
    scene.guild.set_bot_permissions("administrator")
    await event(scene, steward, hall, native=True)
    post = await posted(hall)
    await olga.click(post, "Yes")
    await asyncio.sleep(10)
    ada, bob = guild.join("ada"), guild.join("bob")
    native = next(iter(guild.scheduled_events.values()))
    ada.show_interest(native)
    ada.lose_interest(native)
    ada.join_voice(lounge)
    ada.leave_voice()
    message = ada.say(hall, "hi")
    thread = olga.open_thread(message, "thread")
    thread.changed()
    thread.delete()
    guild.kick(bob)
    guild.ban(ada)
    guild.unban(ada.user)
    guild.add_role("role")
    gone.rename("going")
    gone.delete()
    guild.rename("Pinguine")
    guild.let_use("event", guild.id)
    native.cancel()
    scene.sim.faults.outage(guild)
    await asyncio.sleep(5)
    scene.sim.faults.end_outage(guild)
    await asyncio.sleep(30)


def left_behind(steward) -> dict[str, object]:
    """What is kept in memory by guild or user, and should be no more than before."""
    stats, events = stats_of(steward), events_of(steward)
    return {
        "guilds": set(stats.service.guilds),
        "unwritten": len(stats.service._unwritten),
        "tallies": len(stats.timeline.activity._channels) + len(stats.timeline.activity._members),
        "in voice": set(steward.host.voice._guilds),
        "gone": dict(events._memberships._gone),
        "native": dict(events._wishes._queues._queues),
        "bans": set(stats._bans._guilds),
    }


@pytest.mark.evening
async def test_f61_a_changed_payload_costs_its_own_event_at_most(clock, tmp_path, seen):
    faults: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(str(context)))
    with capture_logs():
        async with stage(clock, tmp_path) as scene, scene.steward() as steward:
            await live(scene, steward)
            of_deletion = {"GUILD_SCHEDULED_EVENT_DELETE": seen["GUILD_SCHEDULED_EVENT_UPDATE"]}
            seen = unseen(str(scene.guild.id)) | of_deletion | seen
            heard = FOR_DISCORD_PY | {name for name, sinks in steward.client._sinks.items() if sinks}
            assert heard <= seen.keys(), f"nothing is tried of {heard - seen.keys()}"
            tries = [
                (name, path, value)
                for name in sorted(heard - {"READY"})
                for path in [(), *paths(seen[name])]
                for value in VALUES
                if path or value is not MISSING
            ]
            chosen = tries if ALL else random.Random(SEED).sample(tries, SAMPLE)
            before = left_behind(steward)
            for number, (name, path, value) in enumerate(chosen):
                data = changed(seen[name], path, value) if path else value
                scene.sim.faults.dispatch_raw(name, data)
                if name in CHANGES_WHAT_IS_THERE:
                    scene.sim.faults.dispatch_raw("GUILD_CREATE", seen["GUILD_CREATE"])
                if number % BETWEEN == BETWEEN - 1:
                    await asyncio.sleep(5)
                    good = scene.guild.join(f"good{number}")
                    since = chosen[number - BETWEEN + 1 : number + 1]
                    await asyncio.sleep(10)
                    assert good.id in joins(tmp_path), since
                    assert not failing(steward), (failing(steward), since)
            scene.sim.faults.dispatch_raw("GUILD_CREATE", seen["GUILD_CREATE"])
            await asyncio.sleep(120)
            reports = len(scene.reports.messages)
            await asyncio.sleep(until_midnight(clock) + 600)
            assert len(scene.reports.messages) > reports
            assert not failing(steward)
            assert left_behind(steward) == before
            assert len(scene.sim.recorder.identifies) == 1
            assert not faults


async def test_f61_a_changed_ready_costs_its_session_at_most(clock, tmp_path, seen):
    """Nothing works without it: the bot logs in anew, and the next one holds."""
    with capture_logs():
        async with stage(clock, tmp_path) as scene, scene.steward() as steward:
            await until(lambda: steward.health.ready)
            ready = seen["READY"]
            tries = [(path, value) for path in paths(ready) for value in VALUES]
            chosen = random.Random(SEED).sample(tries, 100 if ALL else 8)
            for path, value in chosen:
                logins = len(scene.sim.recorder.identifies)
                scene.sim.faults.dispatch_raw("READY", changed(ready, path, value))
                await asyncio.sleep(2)
                if len(scene.sim.recorder.identifies) == logins:
                    scene.sim.faults.invalidate()
                await until(lambda: len(scene.sim.recorder.identifies) > logins, within=1800)  # noqa: B023 - awaited
                await until(lambda: steward.health.ready, within=300)
                good = scene.guild.join("good")
                await asyncio.sleep(10)
                assert good.id in joins(tmp_path), (path, value)
                assert not failing(steward), (failing(steward), path, value)
