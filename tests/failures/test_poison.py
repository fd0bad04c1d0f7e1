"""One thing that can't be written or read costs itself only, in the whole bot (F61)."""

from __future__ import annotations

import asyncio

import pytest

from steward.sim.gateway.replay import Sent
from tests.failures.recorded import failing, joins
from tests.parts import stats_of
from tests.stage import admin, stage, until, until_midnight

GUEST = 123456789012345678
TOO_LARGE = str(2**63)


def payload(scene, **changes):
    """GUILD_MEMBER_ADD of a member whom nobody knows."""
    user = {"id": str(GUEST), "username": "x", "discriminator": "0", "global_name": None, "avatar": None}
    known = {"nick": None, "roles": [], "joined_at": scene.clock.now().isoformat(), "deaf": False, "mute": False}
    told = {"guild_id": str(scene.guild.id), "user": user | changes.pop("user", {}), "flags": 0, **known}
    return told | changes


def add(scene, **changes):
    scene.sim.faults.dispatch_raw("GUILD_MEMBER_ADD", payload(scene, **changes))


@pytest.mark.evening
async def test_f61_events_that_cannot_be_kept_cost_no_event_no_sum_and_no_report_also_after_a_restart(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        hall = scene.guild.add_text_channel("hall")
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            add(scene, user={"id": TOO_LARGE})
            add(scene, guild_id=str(2**64))
            add(scene, user={"username": None})
            for at in ("0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00", 5):
                add(scene, joined_at=at)
            state = {"guild_id": str(scene.guild.id), "user_id": str(GUEST), "session_id": "x", "channel_id": TOO_LARGE}
            scene.sim.faults.dispatch_raw("VOICE_STATE_UPDATE", state)
            await asyncio.sleep(5)
            ada = scene.guild.join("ada")
            ada.say(hall, "hi")
            await asyncio.sleep(120)
            assert joins(tmp_path) == {ada.id}
            assert not failing(steward)
        async with scene.steward() as steward:
            olga = await admin(scene, steward)
            bob = scene.guild.join("bob")
            await asyncio.sleep(120)
            assert joins(tmp_path) == {ada.id, bob.id, olga.id}
            assert (await olga.run("/report now", hall)).error is None
            await asyncio.sleep(until_midnight(clock) + 600)
            assert not failing(steward)
            assert scene.reports.messages


async def test_f61_a_guest_who_was_invited_to_voice_has_joined_when_that_was_heard(clock, tmp_path):
    """Discord: `joined_at` is null for guests."""
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        counted = stats_of(steward).service.guild(scene.guild.id).counts.members
        add(scene, joined_at=None)
        await asyncio.sleep(30)
        assert joins(tmp_path) == {GUEST}
        assert stats_of(steward).service.guild(scene.guild.id).counts.members == counted + 1
        assert not steward.health.unreadable


UNREADABLE = {
    "bytes that are no UTF-8": b'{"op":0,"s":%d,"t":"GUILD_MEMBER_ADD","d":{"x":"\xed\xa0\x80"}}',
    "a lone surrogate": b'{"op":0,"s":%d,"t":"GUILD_MEMBER_ADD","d":{"x":"\\ud800"}}',
    "no JSON": b'{"op":0,"s":%d,"t":"GUILD_MEMBER_ADD","d":{"x":',
    "an integer of a thousand digits": b'{"op":0,"s":%d,"t":"GUILD_MEMBER_ADD","d":{"x":' + b"9" * 1000 + b"}}",
    "lists in lists, too deep for any parser": b'{"op":0,"s":%d,"t":"GUILD_MEMBER_ADD","d":{"x":'
    + b"[" * 50_000
    + b"]" * 50_000
    + b"}}",
    "no object": b'{"op":0,"s":%d,"t":"GUILD_MEMBER_ADD","d":null}',
}


def poison(monkeypatch, frame):
    """Have Discord tell of the join of a member called poison in a frame that can't be read."""
    sent = Sent.payload

    def payload(self):
        if self.name == "GUILD_MEMBER_ADD" and b"poison" in self.body:
            return UNREADABLE[frame] % self.seq
        return sent(self)

    monkeypatch.setattr(Sent, "payload", payload)


@pytest.mark.parametrize("frame", UNREADABLE)
async def test_f61_a_frame_that_cannot_be_read_is_passed_over_and_the_session_goes_on(
    clock, tmp_path, monkeypatch, frame
):
    poison(monkeypatch, frame)
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        scene.guild.join("poison")
        ada = scene.guild.join("ada")
        await asyncio.sleep(60)
        assert joins(tmp_path) == {ada.id}
        assert (len(scene.sim.recorder.resumes), len(scene.sim.recorder.identifies)) == (0, 1)


@pytest.mark.parametrize("frame", sorted(UNREADABLE.keys() - {"bytes that are no UTF-8"}))  # no text frame carries them
async def test_f61_a_frame_that_cannot_be_read_ends_no_reading_of_what_was_missed(clock, tmp_path, monkeypatch, frame):
    poison(monkeypatch, frame)
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(1)
        scene.guild.join("poison")
        ada = scene.guild.join("ada")
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(60)
            assert joins(tmp_path) == {ada.id}
            assert (len(scene.sim.recorder.resumes), len(scene.sim.recorder.identifies)) == (1, 2)


async def test_f61_a_frame_that_nobody_can_place_costs_a_session_not_the_bot(clock, tmp_path, monkeypatch):
    """RESUME brings it again, and then the session is given up."""
    sent = Sent.payload

    def payload(self):
        if self.name == "GUILD_MEMBER_ADD" and b"poison" in self.body:
            return b"what?"
        return sent(self)

    monkeypatch.setattr(Sent, "payload", payload)
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        scene.guild.join("poison")
        await until(lambda: len(scene.sim.recorder.identifies) == 2 and steward.health.ready, within=120)
        ada = scene.guild.join("ada")
        await asyncio.sleep(30)
        assert joins(tmp_path) == {ada.id}
        assert len(scene.sim.recorder.resumes) == 1
