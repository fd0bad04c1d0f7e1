"""Requests made up by schemathesis from Discord's OpenAPI document, for every operation that is served."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from steward.sim import Limits
from steward.sim.guilds.webhook import Webhook
from steward.sim.limits import Rate
from steward.sim.rest.router import ALL_ROUTES
from steward.sim.scheduled.event import EXTERNAL, ScheduledEvent
from steward.sim.stepwise import SteppedSimulator
from tests.sim.everything import one_of_the_rest
from tests.sim.openapi import HANDMADE, Oracle, document_path

EXAMPLES = 3
LONGEST_PATH = 500
WITHOUT_END = Rate(10**9, 1.0)
UNLIMITED = replace(
    Limits(), requests=WITHOUT_END, routes={}, other_routes=WITHOUT_END, invalid_requests=WITHOUT_END,
    renames=WITHOUT_END, old_message_edits=WITHOUT_END,
)  # fmt: skip


@cache
def schema() -> Any:
    document = json.loads(document_path().read_text())
    return schemathesis.openapi.from_dict(document)


def served() -> list[tuple[str, str]]:
    oracle = Oracle.find()
    known = [(route.method, route.template) for route in ALL_ROUTES]
    return [found for found in known if oracle is not None and oracle.knows(*found)]


@pytest.fixture
def discord_sim_options() -> dict[str, Any]:
    return {"limits": UNLIMITED}


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as found:
        yield found


async def real_ids(discord_sim: SteppedSimulator) -> dict[str, str]:
    """Make one of everything and return what the parameters of paths call it."""
    sim = discord_sim.sim
    guild = sim.add_guild("Penguins", permissions=("administrator",))
    channel = guild.add_text_channel("chat")
    alice = guild.join("alice")
    ids: dict[str, int | str] = {
        "guild_id": guild.id,
        "channel_id": channel.id,
        "message_id": alice.say(channel, "hello").id,
        "user_id": alice.id,
        "role_id": guild.add_role("Regular").id,
        "overwrite_id": alice.id,
        "application_id": sim.bot.application_id,
        "command_id": sim.world.snowflakes.next(),
        "webhook_id": sim.world.snowflakes.next(),
        "webhook_token": "secret",
    }
    command = {"id": str(ids["command_id"]), "name": "go", "type": 1, "description": "Go", "version": "1"}
    sim.bot.commands.setdefault(None, {})[int(ids["command_id"])] = command | {
        "application_id": str(sim.bot.application_id), "default_member_permissions": None,
    }  # fmt: skip
    hook = Webhook(int(ids["webhook_id"]), "secret", "Herald", channel, sim.bot)
    sim.world.webhooks[hook.id] = hook
    begins = sim.world.clock.now() + timedelta(hours=1)
    event_id = ids["guild_scheduled_event_id"] = sim.world.snowflakes.next()
    event = ScheduledEvent(guild, event_id, "Picnic", EXTERNAL, begins, sim.bot.user, begins + timedelta(hours=1))
    event.location = "The park"
    guild.scheduled_events.add(event)
    ids |= one_of_the_rest(sim, guild)
    return {name: str(found) for name, found in ids.items()}


@pytest.mark.skipif(not document_path().is_file(), reason="Discord's OpenAPI document is not beside the clone")
@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: str(mode.value))
@pytest.mark.parametrize(("method", "route"), served(), ids=lambda part: part)
def test_no_request_is_answered_but_as_discord_would(discord_sim, session, method: str, route: str, mode):
    headers = {"Authorization": f"Bot {discord_sim.token}", "User-Agent": f"{HANDMADE}fuzz"}

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],  # what schemathesis makes is long to shrink, and readable as it is
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=schema()[route][method].as_strategy(generation_mode=mode, headers=headers), real=st.booleans())
    def answered_well(case: Any, *, real: bool) -> None:
        if real and case.path_parameters:
            ids = discord_sim.run(real_ids(discord_sim))
            case.path_parameters |= {name: ids[name] for name in case.path_parameters if name in ids}
        if len(str(case.path_parameters)) > LONGEST_PATH:
            return  # refused before it comes to Discord proper
        base, before = discord_sim.api_url, discord_sim.recorder.count()
        response = discord_sim.run(asyncio.to_thread(case.call, base_url=base, session=session, headers=headers))
        assert response.status_code < 500, response.text
        if discord_sim.recorder.count() == before:
            return  # no HTTP that could reach Discord proper: the server has refused it in its own words
        request = discord_sim.recorder.requests()[-1]
        if (request.method, request.route) != (method, route):
            return  # an empty or dotted parameter leads elsewhere
        assert response.headers.get("content-type", [None])[0] == ("application/json" if response.content else None)
        assert response.headers["via"] == ["1.1 google"]

    try:
        answered_well()
    except Unsatisfiable:
        assert mode is schemathesis.GenerationMode.NEGATIVE  # a request without parameters cannot be wrong
