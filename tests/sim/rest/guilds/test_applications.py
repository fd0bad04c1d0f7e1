"""Routes of the application."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from steward.runtime.clock import Clock
from tests.sim.discord_client import logged_in
from tests.sim.rest.resources import library
from tests.sim.rest_client import rest


async def test_the_application_has_flags_of_its_privileged_intents(clock: Clock):
    async with rest(clock) as (sim, client):
        bot = sim.add_bot("Members only", privileged_intents={"members"})
        for path in ("/applications/@me", "/oauth2/applications/@me"):
            found = await client.get(path, token=bot.token)
            assert (found["id"], found["flags"]) == (str(bot.application_id), 1 << 15)


async def test_discord_py_edits_the_application(clock: Clock):
    async with library(clock) as (_, _, client):
        info = await client.application_info()
        edited = await info.edit(description="Serves penguins", tags=["ice", "fish"])
        assert (edited.description, edited.tags) == ("Serves penguins", ["ice", "fish"])
        assert (await client.application_info()).description == "Serves penguins"


async def test_a_bot_may_change_only_the_flags_of_limited_intents(clock: Clock):
    async with rest(clock) as (sim, client):
        wrong = await client.call("PATCH", "/applications/@me", json={"flags": 1 << 12})
        assert list(wrong.body["errors"]) == ["flags"]
        right = await client.call("PATCH", f"/applications/{sim.bot.application_id}", json={"flags": 1 << 15})
        assert right.body["flags"] == 1 << 15
        assert (await client.call("GET", "/applications/5")).body["code"] == 20012


async def test_the_metadata_of_linked_roles_is_stored(clock: Clock):
    async with rest(clock) as (sim, client):
        path = f"/applications/{sim.bot.application_id}/role-connections/metadata"
        assert await client.get(path) == []
        record = {"type": 2, "key": "level", "name": "Level", "description": "At least", "name_localizations": None}
        assert (await client.call("PUT", path, json=[record])).status == 200
        assert (await client.get(path))[0]["key"] == "level"
        assert (await client.call("PUT", path, json=[record] * 6)).status == 400


@pytest.mark.parametrize("said", [{"_errors": 5, "_errors._errors": 5}, {"de": "ja", "xx": "x"}, {"de.x": 5}], ids=str)
async def test_translations_need_a_locale_of_discords(clock: Clock, said: Any):
    async with rest(clock) as (sim, client):
        path = f"/applications/{sim.bot.application_id}/role-connections/metadata"
        record = {"type": 2, "key": "level", "name": "Level", "description": "At least", "name_localizations": said}
        answered = await client.call("PUT", path, json=[record])
        (wrong,) = answered.body["errors"]["records"]["0"]["name_localizations"]["_errors"]
        assert (answered.status, wrong["code"]) == (400, "BASE_TYPE_CHOICES")


async def test_the_flags_of_the_application_are_its_intents(clock: Clock):
    async with rest(clock) as (sim, client):
        answered = await client.call("PATCH", "/applications/@me", json={"flags": 1 << 15})
        assert (answered.body["flags"], answered.body["flags_new"]) == (1 << 15, str(1 << 15))
        assert sim.bot.privileged_intents == {"members"}
        with pytest.raises(discord.PrivilegedIntentsRequired):
            async with logged_in(sim, intents=discord.Intents.all()):
                pass
        async with logged_in(sim, intents=discord.Intents(guilds=True, members=True)) as seen:
            assert seen.is_ready()


@pytest.mark.parametrize("field", ["interactions_endpoint_url", "event_webhooks_url"])
async def test_a_url_that_the_simulator_would_not_call_is_refused_by_name(clock: Clock, field: str):
    async with rest(clock) as (_, client):
        answered = await client.call("PATCH", "/applications/@me", json={field: "https://example.org"})
        (wrong,) = answered.body["errors"][field]["_errors"]
        assert answered.status == 400
        assert wrong["message"].startswith(f"The simulator does not call {field}")
        assert (await client.call("PATCH", "/applications/@me", json={field: None})).status == 200
