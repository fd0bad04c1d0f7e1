"""Routes of application commands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from steward.runtime.clock import Clock
from steward.sim import Limits, Rate
from tests.sim.rest_client import rest

STATS = {"name": "stats", "description": "Numbers", "type": 1, "contexts": None, "integration_types": None}


async def test_commands_are_replaced_and_keep_their_ids_by_name(clock: Clock):
    async with rest(clock) as (sim, client):
        path = f"/applications/{sim.bot.application_id}/commands"
        assert await client.get(path) == []
        first = await client.call("PUT", path, json=[STATS])
        assert first.status == 200
        second = await client.call("PUT", path, json=[STATS, {"name": "report", "description": "Today"}])
        assert second.body[0]["id"] == first.body[0]["id"]
        assert [command["name"] for command in await client.get(path)] == ["stats", "report"]


async def test_guild_commands_are_separate(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        path = f"/applications/{sim.bot.application_id}/guilds/{guild.id}/commands"
        answered = await client.call("PUT", path, json=[STATS])
        assert answered.body[0]["guild_id"] == str(guild.id)
        assert await client.get(f"/applications/{sim.bot.application_id}/commands") == []
        assert await client.get(f"{path}/permissions") == []
        answered = await client.call("GET", f"{path}/{answered.body[0]['id']}/permissions")
        assert (answered.status, answered.body["code"]) == (404, 10066)


async def test_a_command_is_created_edited_and_deleted(clock: Clock):
    async with rest(clock) as (sim, client):
        path = f"/applications/{sim.bot.application_id}/commands"
        made = await client.call("POST", path, json=STATS)
        assert made.status == 201
        one = f"{path}/{made.body['id']}"
        changed = await client.call("PATCH", one, json={"description": "More numbers"})
        assert (changed.status, changed.body["name"], changed.body["description"]) == (200, "stats", "More numbers")
        assert await client.get(one) == changed.body
        assert (await client.call("DELETE", one)).status == 204
        answered = await client.call("GET", one)
        assert (answered.status, answered.body["code"]) == (404, 10063)


async def test_a_command_of_an_existing_name_overwrites_it(clock: Clock):
    async with rest(clock) as (sim, client):
        path = f"/applications/{sim.bot.application_id}/commands"
        made = await client.call("POST", path, json=STATS)
        again = await client.call("POST", path, json=STATS | {"description": "New"})
        assert (again.status, again.body["id"], again.body["description"]) == (200, made.body["id"], "New")
        assert len(await client.get(path)) == 1


def option(**fields: Any) -> dict[str, Any]:
    return {"name": "x", "description": "y", "type": 3} | fields


def within(inner: dict[str, Any], kind: int = 2) -> dict[str, Any]:
    return option(type=kind, options=[inner])


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        ({"name": "Stats"}, "name", "APPLICATION_COMMAND_INVALID_NAME"),
        ({"name": "two words"}, "name", "APPLICATION_COMMAND_INVALID_NAME"),
        ({"name": "x" * 33}, "name", "BASE_TYPE_BAD_LENGTH"),
        ({"name": None}, "name", "BASE_TYPE_REQUIRED"),
        ({"description": "x" * 101}, "description", "BASE_TYPE_BAD_LENGTH"),
        ({"type": 9}, "type", "NUMBER_TYPE_MAX"),
        ({"name_localizations": {"de": ["no"]}}, "name_localizations.de", "STRING_TYPE_CONVERT"),
        ({"description_localizations": {"de": "x" * 101}}, "description_localizations.de", "BASE_TYPE_BAD_LENGTH"),
        ({"name_localizations": {"xx": "x"}}, "name_localizations", "BASE_TYPE_CHOICES"),
        ({"name_localizations": 5}, "name_localizations", "DICT_TYPE_CONVERT"),
        ({"options": [option(name_localizations={"de": 5})]}, "options.0.name_localizations.de", "STRING_TYPE_CONVERT"),
        ({"options": [option(name=f"o{n}") for n in range(26)]}, "options", "BASE_TYPE_MAX_LENGTH"),
        ({"options": [option(), option()]}, "options.1.name", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"),
        (
            {"options": [option(), option(name="z", required=True)]},
            "options.1.required",
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        ({"options": [option(type=12)]}, "options.0.type", "NUMBER_TYPE_MAX"),
        (
            {"options": [within(within(within(option(), kind=1), kind=1))]},
            "options.0.options.0.options.0.type",
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
        ),
        (
            {"options": [option(choices=[{"name": str(n), "value": "x"} for n in range(26)])]},
            "options.0.choices",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            {"options": [option(type=4, choices=[{"name": "one", "value": "one"}])]},
            "options.0.choices.0.value",
            "NUMBER_TYPE_COERCE",
        ),
        (
            {"options": [option(choices=[{"name": str(n), "value": "x" * 99} for n in range(25)], name=f"o{o}")
                         for o in range(4)]},
            "options",
            "APPLICATION_COMMAND_TOO_LARGE",
        ),
    ],
)  # fmt: skip
async def test_an_invalid_command_is_refused_with_the_field(clock: Clock, changes, place, code):
    async with rest(clock) as (sim, client):
        path = f"/applications/{sim.bot.application_id}/commands"
        answered = await client.call("POST", path, json=STATS | changes)
        assert (answered.status, answered.body["code"]) == (400, 50035)
        found = answered.body["errors"]
        for step in place.split("."):
            found = found[step]
        assert found["_errors"][0]["code"] == code
        answered = await client.call("PUT", path, json=[STATS | {"name": "good"}, STATS | changes])
        assert set(answered.body["errors"]) == {"1"}


async def test_there_are_at_most_a_hundred_commands(clock: Clock):
    async with rest(clock) as (sim, client):
        path = f"/applications/{sim.bot.application_id}/commands"
        many = [STATS | {"name": f"c{number}"} for number in range(101)]
        answered = await client.call("PUT", path, json=many)
        assert (answered.status, answered.body["code"]) == (400, 30032)
        assert (await client.call("PUT", path, json=many[:100])).status == 200
        answered = await client.call("POST", path, json=many[100])
        assert (answered.status, answered.body["code"]) == (400, 30032)


async def test_new_names_are_counted_for_a_day(clock: Clock):
    async with rest(clock, limits=replace(Limits(), command_creates=Rate(3, 86_400.0))) as (sim, client):
        path = f"/applications/{sim.bot.application_id}/commands"
        body = [STATS, STATS | {"name": "two"}]
        for _ in range(5):
            assert (await client.call("PUT", path, json=body)).status == 200
        answered = await client.call("PUT", path, json=[STATS | {"name": name} for name in ("three", "four")])
        assert (answered.status, answered.body["code"]) == (400, 30034)
        assert len(await client.get(path)) == 2


async def test_names_in_a_replacement_are_unique(clock: Clock):
    async with rest(clock) as (sim, client):
        path = f"/applications/{sim.bot.application_id}/commands"
        answered = await client.call("PUT", path, json=[STATS, STATS])
        assert answered.body["errors"]["1"]["name"]["_errors"][0]["code"] == "APPLICATION_COMMANDS_DUPLICATE_NAME"
        answered = await client.call("PUT", path, json={"name": "x"})
        assert answered.status == 400


async def test_commands_of_another_application_are_refused(clock: Clock):
    async with rest(clock) as (sim, client):
        other = sim.add_bot("Other")
        answered = await client.call("GET", f"/applications/{other.application_id}/commands")
        assert (answered.status, answered.body["code"]) == (403, 20012)
