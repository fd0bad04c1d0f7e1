"""Routes and events of scheduled events."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import discord
import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.guilds.permissions import BITS
from tests.sim.discord_client import logged_in
from tests.sim.rest_client import rest

MAY = ("view_channel", "connect", "create_events", "manage_events", "view_audit_log")


def outside(clock: Clock, **fields: Any) -> dict[str, Any]:
    begins = clock.now() + timedelta(hours=1)
    return {
        "name": "Picnic",
        "privacy_level": 2,
        "entity_type": 3,
        "scheduled_start_time": begins.isoformat(),
        "scheduled_end_time": (begins + timedelta(hours=2)).isoformat(),
        "entity_metadata": {"location": "The park"},
    } | fields


async def test_an_event_is_created_edited_and_deleted(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        path = f"/guilds/{guild.id}/scheduled-events"
        made = await client.call("POST", path, json=outside(clock))
        assert (made.status, made.body["status"]) == (200, 1)
        one = f"{path}/{made.body['id']}"
        changed = await client.call("PATCH", one, json={"name": "Feast", "status": 2})
        assert (changed.body["name"], changed.body["status"]) == ("Feast", 2)
        assert [found["name"] for found in await client.get(path)] == ["Feast"]
        assert (await client.call("DELETE", one)).status == 204
        answered = await client.call("GET", one)
        assert (answered.status, answered.body["code"]) == (404, 10070)
        log = await client.get(f"/guilds/{guild.id}/audit-logs")
        assert [entry["action_type"] for entry in log["audit_log_entries"]] == [102, 101, 100]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"name": "x" * 101}, "name"),
        ({"name": None}, "name"),
        ({"description": "x" * 1001}, "description"),
        ({"entity_metadata": {"location": "x" * 101}}, "entity_metadata.location"),
        ({"entity_metadata": None}, "entity_metadata.location"),
        ({"scheduled_end_time": None}, "scheduled_end_time"),
        ({"scheduled_start_time": "2020-01-01T00:00:00Z"}, "scheduled_start_time"),
        ({"scheduled_start_time": "soon"}, "scheduled_start_time"),
        ({"scheduled_end_time": "2020-01-01T00:00:00Z"}, "scheduled_end_time"),
        ({"privacy_level": 1}, "privacy_level"),
        ({"entity_type": 2}, "channel_id"),
        ({"channel_id": "1"}, "channel_id"),
        ({"entity_type": 4}, "entity_type"),
        ({"scheduled_start_time": "0001-01-01T00:00:00+10:00"}, "scheduled_start_time"),
        ({"scheduled_end_time": "9999-12-31T23:59:59-10:00"}, "scheduled_end_time"),
        ({"recurrence_rule": {"frequency": 9}}, "recurrence_rule.frequency"),
        ({"recurrence_rule": 5}, "recurrence_rule"),
    ],
)
async def test_an_invalid_event_is_refused_with_the_field(clock: Clock, changes, place):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        answered = await client.call("POST", f"/guilds/{guild.id}/scheduled-events", json=outside(clock, **changes))
        assert (answered.status, answered.body["code"]) == (400, 50035)
        found = answered.body["errors"]
        for step in place.split("."):
            found = found[step]
        assert found["_errors"]


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ({"frequency": 3, "by_weekday": 5}, "by_weekday"),
        ({"frequency": 3, "by_weekday": [0, 2]}, "by_weekday"),
        ({"frequency": 3, "interval": 2}, "interval"),
        ({"frequency": 2, "by_weekday": [0, 1]}, "by_weekday"),
        ({"frequency": 2, "by_weekday": [7]}, "by_weekday"),
        ({"frequency": 2, "by_n_weekday": [{"n": 1, "day": 0}]}, "by_n_weekday"),
        ({"frequency": 1, "by_n_weekday": [1]}, "by_n_weekday.0"),
        ({"frequency": 1, "by_n_weekday": [{"n": 6, "day": 0}]}, "by_n_weekday.0.n"),
        ({"frequency": 1}, "by_n_weekday"),
        ({"frequency": 0, "by_month": [7]}, "by_month_day"),
        ({"frequency": 0, "by_month": [13], "by_month_day": [1]}, "by_month"),
        ({"frequency": 0, "by_month": [2], "by_month_day": [30]}, "by_month_day"),
        ({"frequency": 2, "count": 3}, "count"),
        ({"frequency": 2, "end": "2030-01-01T00:00:00Z"}, "end"),
        ({"frequency": 2, "start": "2200-01-01T00:00:00Z"}, "start"),
    ],
)
async def test_a_rule_that_discord_does_not_allow_is_refused(clock: Clock, rule, place):
    """discord-api-docs, Guild Scheduled Event, "System limitations"."""
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        whole = {"start": (clock.now() + timedelta(hours=1)).isoformat(), "interval": 1} | rule
        body = outside(clock, recurrence_rule=whole)
        answered = await client.call("POST", f"/guilds/{guild.id}/scheduled-events", json=body)
        assert (answered.status, answered.body["code"]) == (400, 50035)
        found = answered.body["errors"]["recurrence_rule"]
        for step in place.split("."):
            found = found[step]
        assert found["_errors"]


@pytest.mark.parametrize(
    "rule",
    [
        {"frequency": 3, "by_weekday": [0, 1, 2, 3, 4]},
        {"frequency": 3, "by_weekday": [6, 0]},
        {"frequency": 2, "by_weekday": [2]},
        {"frequency": 2, "by_weekday": [2], "interval": 2},
        {"frequency": 1, "by_n_weekday": [{"n": 4, "day": 2}]},
        {"frequency": 0, "by_month": [7], "by_month_day": [24]},
    ],
)
async def test_the_rules_of_discords_examples_are_accepted_and_recur(clock: Clock, rule):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        whole = {"start": (clock.now() + timedelta(hours=1)).isoformat(), "interval": 1} | rule
        path = f"/guilds/{guild.id}/scheduled-events"
        made = await client.call("POST", path, json=outside(clock, recurrence_rule=whole))
        assert made.status == 200
        assert {name: made.body["recurrence_rule"][name] for name in rule} == rule
        for status in (2, 3):
            ended = await client.call("PATCH", f"{path}/{made.body['id']}", json={"status": status})
        assert (ended.status, ended.body["status"]) == (200, 1)


async def test_an_event_in_a_voice_channel_needs_no_end(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        body = outside(
            clock, entity_type=2, channel_id=str(guild.add_voice_channel("Stage").id), scheduled_end_time=None
        )
        rule = {"start": body["scheduled_start_time"], "frequency": 2, "interval": 1, "by_weekday": [4]}
        answered = await client.call(
            "POST",
            f"/guilds/{guild.id}/scheduled-events",
            json=body | {"recurrence_rule": rule},
        )
        assert (answered.status, answered.body["recurrence_rule"]["by_weekday"]) == (200, [4])
        chat = guild.add_text_channel("chat")
        answered = await client.call(
            "POST", f"/guilds/{guild.id}/scheduled-events", json=body | {"channel_id": str(chat.id)}
        )
        assert "channel_id" in answered.body["errors"]


async def test_its_status_changes_in_one_direction_only(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        path = f"/guilds/{guild.id}/scheduled-events"
        made = await client.call("POST", path, json=outside(clock))
        one = f"{path}/{made.body['id']}"
        assert "status" in (await client.call("PATCH", one, json={"status": 3})).body["errors"]
        assert (await client.call("PATCH", one, json={"status": 2})).status == 200
        assert "status" in (await client.call("PATCH", one, json={"status": 4})).body["errors"]
        assert (await client.call("PATCH", one, json={"status": 3})).status == 200
        answered = await client.call("PATCH", one, json={"name": "Again"})
        assert (answered.status, answered.body["code"]) == (400, 180000)
        assert await client.get(path) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"scheduled_start_time": timedelta(0)}, "scheduled_start_time"),
        ({"scheduled_end_time": timedelta(minutes=30)}, "scheduled_end_time"),
        ({"scheduled_end_time": timedelta(minutes=80)}, "scheduled_end_time"),
    ],
)
async def test_an_active_event_refuses_a_past_time(clock: Clock, change, place):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        path = f"/guilds/{guild.id}/scheduled-events"
        made = await client.call("POST", path, json=outside(clock))
        one, begins = f"{path}/{made.body['id']}", clock.now() + timedelta(hours=1)
        await asyncio.sleep(5400)
        assert (await client.get(one))["status"] == 2
        body = {name: (begins + after - timedelta(hours=1)).isoformat() for name, after in change.items()}
        assert place in (await client.call("PATCH", one, json=body)).body["errors"]


async def test_an_active_event_can_change_name_description_location_and_end(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        path = f"/guilds/{guild.id}/scheduled-events"
        made = await client.call("POST", path, json=outside(clock))
        await asyncio.sleep(5400)
        change = {
            "name": "Feast",
            "description": "Bring food",
            "entity_metadata": {"location": "The terrace"},
            "scheduled_end_time": (clock.now() + timedelta(hours=3)).isoformat(),
        }
        changed = await client.call("PATCH", f"{path}/{made.body['id']}", json=change)
        assert (changed.status, changed.body["status"]) == (200, 2)
        assert {name: changed.body[name] for name in change} == change
        await asyncio.sleep(2 * 3600)
        assert (await client.get(f"{path}/{made.body['id']}"))["status"] == 2  # its first end has passed


@pytest.mark.parametrize("missing", ["channel_id", "entity_metadata", "scheduled_end_time"])
async def test_an_event_that_becomes_external_needs_a_location_and_an_end(clock: Clock, missing):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        path = f"/guilds/{guild.id}/scheduled-events"
        voice = str(guild.add_voice_channel("Stage").id)
        made = await client.call(
            "POST", path, json=outside(clock, entity_type=2, channel_id=voice, entity_metadata=None)
        )
        whole = outside(clock, channel_id=None)
        del whole["name"], whole["privacy_level"], whole["scheduled_start_time"]
        partial = {name: value for name, value in whole.items() if name != missing}
        one = f"{path}/{made.body['id']}"
        assert missing in (await client.call("PATCH", one, json=partial)).body["errors"]
        assert (await client.call("PATCH", one, json=whole)).body["entity_type"] == 3


async def test_a_hundred_may_be_open_at_once(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        path = f"/guilds/{guild.id}/scheduled-events"
        for _ in range(100):
            answered = await client.call("POST", path, json=outside(clock))
            if answered.status == 429:
                await _wait(answered)
                answered = await client.call("POST", path, json=outside(clock))
            assert answered.status == 200
        await _wait(await client.call("POST", path, json=outside(clock)))
        answered = await client.call("POST", path, json=outside(clock))
        assert (answered.status, answered.body["code"]) == (400, 30038)


async def _wait(answered: Any) -> None:
    await asyncio.sleep(float(answered.headers["X-RateLimit-Reset-After"]))


async def test_events_need_permission(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("view_channel",))
        guild.everyone.permissions &= ~BITS["create_events"]
        answered = await client.call("POST", f"/guilds/{guild.id}/scheduled-events", json=outside(clock))
        assert (answered.status, answered.body["code"]) == (403, 50013)


async def test_users_are_paged_by_id(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        path = f"/guilds/{guild.id}/scheduled-events"
        made = await client.call("POST", path, json=outside(clock))
        event = guild.scheduled_events[int(made.body["id"])]
        people = [guild.join(f"user{number}") for number in range(5)]
        for member in people:
            member.show_interest(event)
        people[0].lose_interest(event)
        one = f"{path}/{event.id}"
        assert (await client.get(f"{one}?with_user_count=true"))["user_count"] == 4
        page = await client.get(f"{one}/users?limit=2&with_member=true")
        assert [found["user"]["id"] for found in page] == [str(member.id) for member in people[1:3]]
        assert page[0]["member"]["roles"] == []
        later = await client.get(f"{one}/users?after={page[-1]['user_id']}")
        assert [found["user_id"] for found in later] == [str(member.id) for member in people[3:]]


async def test_discord_py_creates_an_event_and_receives_it(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins", permissions=MAY)
        intents = discord.Intents(guilds=True, guild_scheduled_events=True)
        async with logged_in(sim, intents=intents) as client:
            (seen,) = client.guilds
            event = await seen.create_scheduled_event(
                name="Picnic",
                start_time=clock.now() + timedelta(hours=1),
                end_time=clock.now() + timedelta(hours=2),
                entity_type=discord.EntityType.external,
                privacy_level=discord.PrivacyLevel.guild_only,
                location="The park",
            )
            event = await event.start()
            guild.join("alice").show_interest(guild.scheduled_events[event.id])
            assert [user.name async for user in event.users()] == ["alice"]
            await event.end()
            await event.delete()
            await asyncio.sleep(0.1)
            for name in ("scheduled_event_create", "scheduled_event_update", "scheduled_event_delete"):
                assert name in client.names_heard()
        assert sim.recorder.dispatched["GUILD_SCHEDULED_EVENT_USER_ADD"] == 1


async def test_a_completed_recurring_event_is_rescheduled(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        begins = clock.now() + timedelta(hours=1)
        rule = {"start": begins.isoformat(), "frequency": 2, "interval": 1, "by_weekday": [begins.weekday()]}
        made = await client.call(
            "POST", f"/guilds/{guild.id}/scheduled-events", json=outside(clock, recurrence_rule=rule)
        )
        await asyncio.sleep(2 * 3600)
        one = f"/guilds/{guild.id}/scheduled-events/{made.body['id']}"
        assert (await client.get(one))["status"] == 2
        await asyncio.sleep(2 * 3600)
        again = await client.get(one)
        assert (again["status"], again["scheduled_start_time"]) == (1, (begins + timedelta(days=7)).isoformat())
        assert again["scheduled_end_time"] == (begins + timedelta(days=7, hours=2)).isoformat()
