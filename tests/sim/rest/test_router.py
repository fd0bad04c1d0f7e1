"""Routing of paths, and robustness of all routes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from steward.runtime.clock import Clock
from steward.sim import Limits, Rate, Simulator
from steward.sim.guilds.invite import Invite
from steward.sim.guilds.webhook import Webhook
from steward.sim.rest.router import ALL_ROUTES, RestRouter
from steward.sim.scheduled.event import ScheduledEvent
from tests.sim.everything import one_of_the_rest
from tests.sim.rest_client import RestClient, rest

JUNK: tuple[object, ...] = (
    None, 5, "x", [], [5], {}, {"name": 5, "type": "x", "parent_id": [], "topic": {}, "position": "x"},
    {"content": 5, "embeds": [5, {"fields": 5, "footer": 5, "color": "x"}], "nonce": {}, "flags": "x"},
    {"content": "x", "message_reference": 5, "allowed_mentions": {"users": ["x", None], "parse": None}},
    {"permission_overwrites": [5, {"id": "x"}, {"id": 1, "type": 7, "allow": "x"}], "components": 5},
    {"type": None, "allow": -1, "deny": "x", "recipient_id": {}, "delete_message_seconds": "x"},
    {"content": "x", "attachments": [5, {"id": "x"}], "enforce_nonce": True, "nonce": 5, "embeds": [{"title": {}}]},
    {"content": "x", "allowed_mentions": {"users": 5, "roles": {}, "parse": 5}, "attachments": 5},
    {"embeds": [{"url": 5, "timestamp": "now", "image": {"url": {}}, "author": {"name": []}, "fields": [{}, 5]}]},
    {"type": 4, "data": {"content": 5, "components": [{"type": 1, "components": [5, {"type": 2}, {"type": 3}]}, {}]}},
    {"type": 9, "data": {"custom_id": 5, "components": [{"type": 18, "component": {"type": {}}}, {"type": 1}]}},
    {"flags": 1 << 15, "components": [{"type": 17, "components": [{"type": 9, "accessory": 5}, {"type": 12}]}]},
    {"flags": 1 << 15, "components": [{"type": 13, "file": {"url": "attachment://x"}}, {"type": 14, "spacing": "x"}]},
    {"name": "x", "description": "y", "options": [{"name": {}, "type": 3, "choices": [5, {"name": 5}]}, 5, {}]},
    [{"name": "x", "description": "y", "type": [], "options": 5}, {"name": {}, "description": None}],
    {"name": "x" * 10_000, "content": "x" * 10_000, "topic": "x" * 10_000},
    {"position": 10**400, "bitrate": -(10**400), "user_limit": 1.5, "flags": 10**30},
)  # fmt: skip


def test_literal_paths_win_over_parameters_and_methods_differ():
    router = RestRouter()
    me = router.find("GET", "/users/@me")
    other = router.find("GET", "/users/5")
    assert me is not None
    assert other is not None
    assert (me.template, other.template, other.path) == ("/users/@me", "/users/{user_id}", {"user_id": "5"})
    assert router.find("GET", "/nowhere/5") is None
    wrong = router.find("PUT", "/users/@me")
    assert wrong is not None
    assert wrong.handler is None


async def one_of_everything(sim: Simulator, client: RestClient, clock: Clock, template: str) -> dict[str, Any]:
    """Create a guild with one of everything, and return their path parameters."""
    guild = sim.add_guild("Penguins", bans=3, permissions=("administrator",))
    channel = guild.add_text_channel("chat")
    alice = guild.join("alice")
    command = {"name": "x", "description": "y", "options": [{"name": "z", "type": 3, "description": "y"}]}
    here = f"guilds/{guild.id}/" if "{guild_id}" in template else ""
    made = await client.call("POST", f"/applications/{sim.bot.application_id}/{here}commands", json=command)
    data: dict[str, Any] = {"id": "5", "name": "x", "type": 1, "options": []}
    interaction = sim.world.interactions.begin(2, sim.bot, alice, channel, data)
    if "{webhook_token}" in template:
        interaction.answered(5)
    event = ScheduledEvent(guild, 5, "x", 3, clock.now(), alice.user, location="x")
    guild.scheduled_events.add(event)
    webhook = Webhook(sim.world.snowflakes.next(), "token", "x", channel, sim.bot)
    sim.world.webhooks[webhook.id] = webhook
    sim.world.invites["code"] = Invite("code", channel, sim.bot.user, clock.now(), None)
    return {
        "code": "code",
        "interaction_id": interaction.id,
        "interaction_token": interaction.token,
        "webhook_id": sim.bot.application_id,
        "webhook_token": interaction.token,
        "role_id": guild.add_role("x").id,
        "emoji_name": "👍",
        "guild_scheduled_event_id": event.id,
        "command_id": made.body["id"],
        "guild_id": guild.id,
        "channel_id": channel.id,
        "user_id": alice.id,
        "overwrite_id": alice.id,
        "message_id": (alice.ask(channel, "?", "x") if "/polls/" in template else alice.say(channel, "hi")).id,
        "answer_id": 1,
        "sticker_id": guild.add_sticker("wave"),
        "pack_id": 847199849233514549,
        "application_id": sim.bot.application_id,
        "its_webhook": webhook,
    } | one_of_the_rest(sim, guild)


@pytest.mark.parametrize("route", ALL_ROUTES, ids=lambda route: f"{route.method} {route.template}")
async def test_no_input_breaks_a_route(clock: Clock, route):
    endless = replace(Limits(), requests=Rate(10**6, 1.0), other_routes=Rate(10**6, 1.0), routes={})
    async with rest(clock, limits=endless) as (sim, client):
        ids: dict[str, Any] = {}
        odd = route.template.format(**dict.fromkeys(re.findall(r"{(\w+)}", route.template), "%00x"))
        for number, junk in enumerate(JUNK):
            ids = ids or await one_of_everything(sim, client, clock, route.template)
            query = ("", "?limit=x&before=y", "?limit=5&after=-1&around=x", "?with_counts=maybe&action_type=x")[
                number % 4
            ]
            options: dict[str, Any] = {} if junk is None else {"json": junk}
            answers = [await client.call(route.method, route.template.format(**ids) + query, **options)]
            if "{webhook_id}" in route.template:
                webhook = ids["its_webhook"]
                other = ids | {"webhook_id": webhook.id, "webhook_token": webhook.token}
                answers.append(await client.call(route.method, route.template.format(**other) + query, **options))
            answers.append(await client.call(route.method, odd, **options))
            assert all(answered.status < 500 for answered in answers)
            if route.method != "GET" and any(answered.status < 300 for answered in answers):
                ids = {}  # it may be gone: the next begins anew


@pytest.mark.parametrize("path", ["/webhooks/1//slack", "/webhooks/1//messages/@original", "/channels//messages"])
def test_an_empty_path_segment_is_not_a_parameter(path: str):
    assert [RestRouter().find(method, path) for method in ("GET", "POST", "PATCH")] == [None, None, None]
