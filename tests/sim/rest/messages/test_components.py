"""Components of messages: errors with their paths, and stored payloads."""

from __future__ import annotations

from typing import Any

import pytest

from steward.runtime.clock import Clock
from tests.sim.rest_client import rest

V2 = 1 << 15
CHOICES = "BASE_TYPE_CHOICES"


def button(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": f"b{number}"} | fields


def row(*items: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(items)}


def select(count: int = 2, **fields: Any) -> dict[str, Any]:
    options = [{"label": f"o{n}", "value": str(n)} for n in range(count)]
    return {"type": 3, "custom_id": "s", "options": options} | fields


def entities(**fields: Any) -> dict[str, Any]:
    return {"type": 8, "custom_id": "e"} | fields


def text(words: str = "x") -> dict[str, Any]:
    return {"type": 10, "content": words}


@pytest.mark.parametrize(
    ("components", "place", "code"),
    [
        ([row(button(label="x" * 81))], "0.components.0.label", "BASE_TYPE_MAX_LENGTH"),
        ([row(button(custom_id="x" * 101))], "0.components.0.custom_id", "BASE_TYPE_BAD_LENGTH"),
        ([row(button(custom_id=None))], "0.components.0.custom_id", "BASE_TYPE_REQUIRED"),
        ([row(button(style=5, custom_id=None))], "0.components.0.url", "BASE_TYPE_REQUIRED"),
        ([row(button(label=None))], "0.components.0", "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED"),
        ([row(button(), button())], "0.components.1.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"),
        ([row(*(button(n) for n in range(6)))], "0.components", "BASE_TYPE_BAD_LENGTH"),
        ([row()], "0.components", "BASE_TYPE_BAD_LENGTH"),
        ([row(button(n)) for n in range(6)], "", "BASE_TYPE_MAX_LENGTH"),
        ([row(select(), button())], "0.components.1", "COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
        ([row(select(26))], "0.components.0.options", "BASE_TYPE_BAD_LENGTH"),
        ([row(select(placeholder="x" * 151))], "0.components.0.placeholder", "BASE_TYPE_MAX_LENGTH"),
        ([row(select(min_values=26))], "0.components.0.min_values", "NUMBER_TYPE_MAX"),
        ([row(select(6, min_values=5, max_values=2))], "0.components.0.min_values", "NUMBER_TYPE_MAX"),
        (
            [row(select(options=[{"label": "a", "value": "1"}, {"label": "b", "value": "1"}]))],
            "0.components.0.options.1.value",
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
        ),
        ([row(button(emoji={"name": {"a": 1}}))], "0.components.0.emoji.name", "STRING_TYPE_CONVERT"),
        ([row(button(emoji={"id": "x"}))], "0.components.0.emoji.id", "NUMBER_TYPE_COERCE"),
        ([row(entities(default_values=[{"id": "5", "type": {}}]))], "0.components.0.default_values.0.type", CHOICES),
        ([row(entities(default_values={}))], "0.components.0.default_values", "LIST_TYPE_CONVERT"),
        ([row(entities(channel_types=["text"]))], "0.components.0.channel_types.0", CHOICES),
        ([text()], "0.type", "UNION_TYPE_CHOICES"),
        ([row(text())], "0.components.0.type", "UNION_TYPE_CHOICES"),
        ([5], "0", "DICT_TYPE_CONVERT"),
    ],
)
async def test_invalid_components_are_refused_with_the_field(clock: Clock, components, place, code):
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        path = f"/channels/{chat.id}/messages"
        answered = await client.call("POST", path, json={"content": "x", "components": components})
        assert (answered.status, answered.body["code"]) == (400, 50035)
        found = answered.body["errors"]["components"]
        for step in filter(None, place.split(".")):
            found = found[step]
        assert found["_errors"][0]["code"] == code


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"content": "x", "components": [text()]}, "content"),
        ({"embeds": [{"title": "x"}], "components": [text()]}, "embeds"),
        ({"components": [text() for _ in range(41)]}, "components"),
        ({"components": [{"type": 17, "components": [text() for _ in range(40)]}]}, "components"),
        ({"components": [text("x" * 3000), text("x" * 1001)]}, "components"),
        ({"components": [{"type": 9, "components": [text()]}]}, "components.0.accessory"),
        ({"components": [{"type": 13, "file": {"url": "attachment://none.txt"}}]}, "components.0.file.url"),
        ({"components": [{"type": 12, "items": []}]}, "components.0.items"),
        (
            {"components": [{"type": 17, "components": [{"type": 17, "components": [text()]}]}]},
            "components.0.components",
        ),
    ],
)
async def test_components_v2_have_rules_of_their_own(clock: Clock, body, place):
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        answered = await client.call("POST", f"/channels/{chat.id}/messages", json=body | {"flags": V2})
        found = answered.body["errors"]
        for step in place.split("."):
            found = found[step]
        assert found


async def test_every_component_type_is_stored_as_discord_returns_it(clock: Clock):
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        defaults = [{"id": "5", "type": "channel"}]
        chosen = [row({"type": kind, "custom_id": f"e{kind}"}) for kind in (5, 6, 7)]
        chosen.append(row(entities(default_values=defaults, channel_types=[0, 2])))
        picture = {"media": {"url": "https://example.org/p.png"}}
        body = {
            "flags": V2,
            "components": [
                {
                    "type": 17,
                    "accent_color": 5,
                    "components": [
                        text("# Hi"),
                        {"type": 9, "components": [text()], "accessory": {"type": 11} | picture},
                        {"type": 9, "components": [text()], "accessory": button(9, emoji={"name": "🐧"})},
                        {"type": 12, "items": [picture]},
                        {"type": 14},
                        row(button(1), button(2, style=5, custom_id=None, url="https://example.org")),
                    ],
                },
                row(select()),
                *chosen,
            ],
        }
        answered = await client.call("POST", f"/channels/{chat.id}/messages", json=body)
        assert (answered.status, answered.body["flags"]) == (200, V2)
        ids = [item["id"] for item in answered.body["components"]]
        assert len(set(ids)) == len(ids)
        stored = answered.body["components"][1]["components"][0]
        assert (stored["min_values"], stored["max_values"]) == (1, 1)
        stored = answered.body["components"][-1]["components"][0]
        assert (stored["default_values"], stored["channel_types"]) == (defaults, [0, 2])


async def test_the_flag_of_components_v2_stays(clock: Clock):
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        path = f"/channels/{chat.id}/messages"
        sent = await client.call("POST", path, json={"flags": V2, "components": [text()]})
        answered = await client.call("PATCH", f"{path}/{sent.body['id']}", json={"content": "plain"})
        assert "content" in answered.body["errors"]
        answered = await client.call("PATCH", f"{path}/{sent.body['id']}", json={"components": [text("y")]})
        assert answered.body["components"][0]["content"] == "y"
