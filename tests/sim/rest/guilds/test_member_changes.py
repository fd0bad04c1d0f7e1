"""Routes to change members."""

from __future__ import annotations

from datetime import timedelta

import pytest

from steward.runtime.clock import Clock
from steward.sim.events import Event
from tests.sim.rest_client import rest

ALL = (
    "manage_nicknames", "manage_roles", "mute_members", "deafen_members", "move_members", "moderate_members",
    "view_channel", "connect",
)  # fmt: skip


async def test_a_member_is_renamed_timed_out_and_given_roles(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=ALL)
        alice, role = guild.join("alice"), guild.add_role("Chick")
        until = (clock.now() + timedelta(days=1)).isoformat()
        body = {"nick": "Al", "roles": [str(role.id)], "communication_disabled_until": until}
        answered = await client.call("PATCH", f"/guilds/{guild.id}/members/{alice.id}", json=body)
        assert (answered.status, answered.body["nick"], answered.body["roles"]) == (200, "Al", [str(role.id)])
        assert answered.body["communication_disabled_until"] == until
        far = (clock.now() + timedelta(days=29)).isoformat()
        for wrong in ({"communication_disabled_until": far}, {"communication_disabled_until": "x"}, {"nick": "x" * 33}):
            answered = await client.call("PATCH", f"/guilds/{guild.id}/members/{alice.id}", json=wrong)
            assert (answered.status, answered.body["code"]) == (400, 50035)


@pytest.mark.parametrize("field", ["nick", "roles", "mute", "deaf", "channel_id", "communication_disabled_until"])
async def test_each_change_needs_its_permission(clock: Clock, field):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("view_channel",))
        alice = guild.join("alice")
        answered = await client.call("PATCH", f"/guilds/{guild.id}/members/{alice.id}", json={field: None})
        assert (answered.status, answered.body["code"]) == (403, 50013)


async def test_the_owner_is_out_of_reach(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=ALL)
        answered = await client.call("PATCH", f"/guilds/{guild.id}/members/{guild.owner_id}", json={"nick": "x"})
        assert (answered.status, answered.body["code"]) == (403, 50013)


async def test_the_bot_renames_itself(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        answered = await client.call("PATCH", f"/guilds/{guild.id}/members/@me", json={"nick": "Stew"})
        assert (answered.status, answered.body["nick"]) == (200, "Stew")


async def test_an_administrator_cannot_be_timed_out(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=ALL)
        alice = guild.join("alice")
        path = f"/guilds/{guild.id}/members/{alice.id}"
        until = (clock.now() + timedelta(hours=1)).isoformat()
        assert (await client.call("PATCH", path, json={"communication_disabled_until": until})).status == 200
        assert alice.timed_out
        assert (await client.call("PATCH", path, json={"communication_disabled_until": None})).status == 200
        alice.give(guild.add_role("Admin", "administrator").id)
        answered = await client.call("PATCH", path, json={"communication_disabled_until": until})
        assert (answered.status, answered.body["code"]) == (403, 50013)
        assert not alice.timed_out


async def test_only_members_in_voice_are_moved_and_muted(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=ALL)
        alice, lounge, quiet = guild.join("alice"), guild.add_voice_channel("Lounge"), guild.add_voice_channel("Quiet")
        path = f"/guilds/{guild.id}/members/{alice.id}"
        for body in ({"mute": True}, {"channel_id": str(quiet.id)}):
            answered = await client.call("PATCH", path, json=body)
            assert (answered.status, answered.body["code"]) == (400, 40032)
        alice.join_voice(lounge)
        assert (await client.call("PATCH", path, json={"mute": True, "channel_id": str(quiet.id)})).status == 200
        state = await client.get(f"/guilds/{guild.id}/voice-states/{alice.id}")
        assert (state["channel_id"], state["mute"]) == (str(quiet.id), True)
        alice.leave_voice()
        answered = await client.call("GET", f"/guilds/{guild.id}/voice-states/{alice.id}")
        assert (answered.status, answered.body["code"]) == (404, 10065)
        assert sim.recorder.dispatched["VOICE_STATE_UPDATE"] == 3


async def test_a_refused_change_changes_nothing(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=ALL)
        alice, lounge, quiet = guild.join("alice"), guild.add_voice_channel("Lounge"), guild.add_voice_channel("Quiet")
        alice.join_voice(lounge)
        body = {"channel_id": str(quiet.id), "nick": "Al", "roles": ["5"]}
        answered = await client.call("PATCH", f"/guilds/{guild.id}/members/{alice.id}", json=body)
        assert (answered.status, answered.body["code"]) == (400, 50028)
        assert (alice.voice_channel, alice.nick) == (lounge, None)
        assert sim.recorder.dispatched["VOICE_STATE_UPDATE"] == 1
        answered = await client.call("PATCH", f"/guilds/{guild.id}/members/{alice.id}", json={"channel_id": "none"})
        assert (answered.status, answered.body["code"]) == (404, 10003)


async def test_joining_a_voice_channel_needs_permission(clock: Clock):
    async with rest(clock) as (sim, _):
        guild = sim.add_guild("Penguins")
        alice, lounge = guild.join("alice"), guild.add_voice_channel("Lounge")
        lounge.deny("everyone", "connect")
        with pytest.raises(PermissionError, match="alice may not connect to Lounge"):
            alice.join_voice(lounge)
        with pytest.raises(ValueError, match="not a voice channel"):
            alice.join_voice(guild.add_text_channel("chat"))


async def test_a_mute_is_sent_as_a_voice_state_before_the_move(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("mute_members", "deafen_members", "move_members"))
        hall, quiet, alice = guild.add_voice_channel("hall"), guild.add_voice_channel("quiet"), guild.join("alice")
        alice.join_voice(hall)
        path, told, emit = f"/guilds/{guild.id}/members/{alice.id}", [], sim.world.emit

        def listen(event: Event) -> None:
            told.append(event)
            emit(event)

        sim.world.emit = listen
        for body in ({"mute": True}, {"mute": True}, {"deaf": True, "channel_id": str(quiet.id)}):
            assert (await client.call("PATCH", path, json=body)).status == 200
        states = [event.data for event in told if event.name == "VOICE_STATE_UPDATE"]
        shown = [(state["mute"], state["deaf"], state["channel_id"]) for state in states]
        assert shown == [(True, False, str(hall.id)), (True, True, str(quiet.id))]
