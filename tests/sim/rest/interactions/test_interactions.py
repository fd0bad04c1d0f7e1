"""Callbacks of interactions, and later use of their tokens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from steward.runtime.clock import Clock
from steward.sim.channels.message import Message
from steward.sim.interactions.interaction import AUTOCOMPLETE, COMMAND, COMPONENT, SUBMIT, Interaction
from tests.sim.rest_client import Answered, RestClient, rest

RUN = {"id": "5", "name": "hello", "type": 1, "options": []}
TYPING = RUN | {"options": [{"name": "song", "type": 3, "value": "p", "focused": True}]}
CLICK = {"component_type": 2, "custom_id": "yes", "id": 2}


class Asked:
    """An interaction and the requests that a bot sends for it."""

    def __init__(self, client: RestClient, interaction: Interaction) -> None:
        self.client = client
        self.interaction = interaction

    @property
    def original(self) -> Message:
        assert self.interaction.original is not None
        return self.interaction.original

    async def answer(self, kind: int, data: Any = None, query: str = "") -> Answered:
        path = f"/interactions/{self.interaction.id}/{self.interaction.token}/callback{query}"
        body = {"type": kind} if data is None else {"type": kind, "data": data}
        return await self.client.call("POST", path, json=body)

    async def more(self, method: str, path: str = "", data: Any = None) -> Answered:
        webhook = f"/webhooks/{self.interaction.bot.application_id}/{self.interaction.token}"
        return await self.client.call(method, webhook + path, **({} if data is None else {"json": data}))


@asynccontextmanager
async def asked(clock: Clock, kind: int = COMMAND, data: Any = None) -> AsyncIterator[Asked]:
    """Yield an interaction without a response."""
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        message = None
        if kind == COMPONENT:
            message = chat.post(Message(sim.world.snowflakes.next(), chat.id, sim.bot.user, "Well?"))
        begun = sim.world.interactions.begin(kind, sim.bot, alice, chat, data or RUN, message=message)
        yield Asked(client, begun)


async def test_a_callback_returns_204_or_the_response(clock: Clock):
    async with asked(clock) as case:
        answered = await case.answer(4, {"content": "hi"})
        assert (answered.status, answered.body) == (204, None)
    async with asked(clock) as case:
        answered = await case.answer(4, {"content": "hi", "flags": 64}, "?with_response=true")
        assert answered.status == 200
        assert answered.body["interaction"]["response_message_ephemeral"]
        assert answered.body["resource"]["message"]["content"] == "hi"


async def test_callbacks_have_no_bucket_and_follow_ups_have_one(clock: Clock):
    """hikari 2.7 lists the callback among the routes without a bucket."""
    async with asked(clock) as case:
        answered = await case.answer(4, {"content": "hi"})
        assert not [name for name in answered.headers if name.startswith("X-RateLimit")]
        assert "X-RateLimit-Bucket" in (await case.more("GET", "/messages/@original")).headers
        callback, follow_up = case.client.sim.recorder.requests()
        assert callback.bucket is None
        assert follow_up.bucket is not None


async def test_a_callback_may_be_a_form(clock: Clock):
    """py-cord sends all callbacks so: without a file, its form is URL-encoded."""
    async with asked(clock) as case:
        path = f"/interactions/{case.interaction.id}/{case.interaction.token}/callback"
        form = {"payload_json": '{"type": 4.0, "data": {"content": "hi", "flags": 64}}'}
        assert (await case.client.call("POST", path, data=form)).status == 204
        assert (case.original.content, case.original.ephemeral) == ("hi", True)


async def test_no_bot_token_is_needed(clock: Clock):
    async with asked(clock) as case:
        path = f"/interactions/{case.interaction.id}/{case.interaction.token}/callback"
        answered = await case.client.call("POST", path, json={"type": 5}, headers={"Authorization": ""})
        assert answered.status == 204


async def test_a_second_callback_is_refused(clock: Clock):
    async with asked(clock) as case:
        assert (await case.answer(5)).status == 204
        answered = await case.answer(4, {"content": "again"})
        assert (answered.status, answered.body["code"]) == (400, 40060)


async def test_after_three_seconds_the_interaction_is_unknown(clock: Clock):
    async with asked(clock) as case:
        await asyncio.sleep(3.1)
        answered = await case.answer(4, {"content": "late"})
        assert (answered.status, answered.body["code"]) == (404, 10062)
        answered = await case.more("POST", data={"content": "late"})
        assert (answered.status, answered.body["code"]) == (404, 10015)


@pytest.mark.parametrize(
    ("kind", "data", "refused"),
    [
        (COMMAND, RUN, (1, 6, 7, 8)),
        (COMPONENT, CLICK, (1, 8)),
        (AUTOCOMPLETE, TYPING, (4, 5, 9)),
        (SUBMIT, RUN, (9, 8)),
    ],
)
async def test_each_interaction_type_has_its_callback_types(clock: Clock, kind, data, refused):
    async with asked(clock, kind, data) as case:
        for callback in refused:
            answered = await case.answer(callback, {"content": "x", "choices": []})
            assert (answered.status, answered.body["code"], list(answered.body["errors"])) == (400, 50035, ["type"])
        assert case.interaction.callback is None


async def test_a_follow_up_replaces_the_deferred_message(clock: Clock):
    async with asked(clock) as case:
        await case.answer(5, {"flags": 64 | 4})
        assert case.interaction.loading
        first = await case.more("POST", data={"content": "one"})
        assert (first.body["id"], first.body["flags"]) == (str(case.original.id), 64)
        second = await case.more("POST", data={"content": "two"})
        assert second.body["id"] != first.body["id"]
        original = await case.more("GET", "/messages/@original")
        assert (original.body["content"], original.body["id"]) == ("one", first.body["id"])


async def test_follow_ups_are_read_edited_and_deleted(clock: Clock):
    async with asked(clock) as case:
        await case.answer(4, {"content": "first"})
        made = await case.more("POST", data={"content": "more", "flags": 64})
        path = f"/messages/{made.body['id']}"
        assert made.body["message_reference"]["message_id"] == str(case.original.id)
        edited = await case.more("PATCH", path, {"content": "less"})
        assert edited.body["content"] == (await case.more("GET", path)).body["content"] == "less"
        assert (await case.more("DELETE", path)).status == 204
        answered = await case.more("GET", path)
        assert (answered.status, answered.body["code"]) == (404, 10008)


async def test_the_token_ends_after_fifteen_minutes(clock: Clock):
    async with asked(clock) as case:
        await case.answer(5)
        await asyncio.sleep(899)
        assert (await case.more("PATCH", "/messages/@original", {"content": "x"})).status == 200
        await asyncio.sleep(2)
        answered = await case.more("PATCH", "/messages/@original", {"content": "y"})
        assert (answered.status, answered.body["code"]) == (401, 50027)


async def test_choices_are_limited_and_have_the_options_type(clock: Clock):
    async with asked(clock, AUTOCOMPLETE, TYPING) as case:
        answered = await case.answer(8, {"choices": [{"name": str(n), "value": "x"} for n in range(26)]})
        assert "choices" in answered.body["errors"]["data"]
        answered = await case.answer(8, {"choices": [{"name": "one", "value": 1}]})
        assert "value" in answered.body["errors"]["data"]["choices"]["0"]
        assert (await case.answer(8, {"choices": [{"name": "one", "value": "1"}]})).status == 204


async def test_a_modal_has_one_to_five_inputs_and_a_short_title(clock: Clock):
    def row(number: int) -> dict[str, Any]:
        field = {"type": 4, "custom_id": f"f{number}", "style": 1, "label": "x"}
        return {"type": 1, "components": [field]}

    async with asked(clock) as case:
        modal = {"custom_id": "m", "title": "x" * 46, "components": [row(1)]}
        assert "title" in (await case.answer(9, modal)).body["errors"]["data"]
        for rows in ([], [row(number) for number in range(6)]):
            answered = await case.answer(9, modal | {"title": "ok", "components": rows})
            assert "components" in answered.body["errors"]["data"]
        twice = await case.answer(9, modal | {"title": "ok", "components": [row(1), row(1)]})
        assert "1" in twice.body["errors"]["data"]["components"]
        assert (await case.answer(9, modal | {"title": "ok"})).status == 204


async def test_an_update_changes_the_message_of_the_component(clock: Clock):
    async with asked(clock, COMPONENT, CLICK) as case:
        answered = await case.answer(7, {"content": "Chosen"}, "?with_response=1")
        assert answered.body["resource"]["type"] == 7
        assert case.interaction.channel.messages[0].content == "Chosen"


async def test_an_empty_response_is_refused(clock: Clock):
    async with asked(clock) as case:
        answered = await case.answer(4, {"content": ""})
        assert (answered.status, answered.body["code"]) == (400, 50006)
