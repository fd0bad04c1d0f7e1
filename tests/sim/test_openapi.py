"""The oracle finds what is wrong, and every simulator is before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import aiohttp
import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.recorder import Request
from tests.sim.openapi import Judge, Oracle, document_path

MESSAGES = "/channels/{channel_id}/messages"
GOOD = Request(datetime(2026, 1, 1, tzinfo=UTC), "GET", "/gateway", "/gateway", 200, result={"url": "ws://x/"})


@pytest.fixture
def oracle() -> Oracle:
    found = Oracle.find()
    if found is None:
        pytest.skip(f"Discord's OpenAPI document is not at {document_path()}; nothing is judged by it")
    return found


@pytest.fixture
def seat(oracle: Oracle) -> Judge:
    """A judge who hears of nothing by himself."""
    return Judge(oracle)


def complaints(seat: Judge, request: Request) -> list[str]:
    seat.complaints.clear()
    seat.hear(request)
    return seat.complaints


@pytest.mark.parametrize(
    ("difference", "complaint"),
    [
        ({"result": {"url": 5}}, 'GET /gateway -> 200: at url: 5 is not of type "string"'),
        ({"result": {}}, 'GET /gateway -> 200: at the top: "url" is a required property'),
        ({"status": 204, "result": None}, "GET /gateway -> 204: Discord never answers 204 here"),
        ({"status": 429, "result": {"code": 0, "message": "x"}}, '"retry_after" is a required property'),
        ({"status": 404, "result": {"detail": "none"}}, '"code" is a required property'),
        ({"route": "unknown", "status": 404, "result": None}, 'null is not of type "object"'),
        ({"status": 500, "result": None}, "Discord never answers 500 here"),
    ],
)
def test_a_wrong_answer_is_a_sentence_with_operation_status_and_place(seat: Judge, difference, complaint: str):
    assert complaints(seat, GOOD) == []
    assert any(complaint in found for found in complaints(seat, replace(GOOD, **difference)))


@pytest.mark.parametrize(
    "difference",
    [
        {"status": 502, "result": {"message": "502", "code": 0}, "fault": "status"},
        {"status": 429, "result": None, "scope": "cloudflare"},
        {"status": 0, "result": None, "answered": False},
    ],
)
def test_what_discord_itself_did_not_say_is_not_held_against_it(seat: Judge, difference):
    assert complaints(seat, replace(GOOD, **difference)) == []


@pytest.mark.parametrize(
    ("body", "query", "complaint"),
    [
        ({"content": "x"}, {}, None),
        ({"content": 5}, {}, "request: at content: "),
        ({"content": "x"}, {"wait": "1"}, "request: ?wait=1 is not taken here"),
        (None, {}, "request: there is no body"),
    ],
)
def test_a_library_is_held_to_the_document_and_a_made_up_client_is_not(seat: Judge, body, query, complaint: str | None):
    """Also where the request was refused, or its answer lost."""
    asked = replace(GOOD, method="POST", route=MESSAGES, status=0, answered=False, body=body, query=query)
    assert complaints(seat, asked) == []
    found = complaints(seat, replace(asked, user_agent="DiscordBot (https://github.com/Rapptz/discord.py 2.7)"))
    assert len(found) == (complaint is not None)
    assert all((complaint or "") in each for each in found)


@pytest.mark.parametrize(
    "route",
    [
        "/interactions/{interaction_id}/{interaction_token}/callback",
        "/webhooks/{webhook_id}/{webhook_token}",
    ],
)
def test_what_goes_by_a_token_is_held_to_the_document_whoever_asks(seat: Judge, route: str):
    """discord.py sends these without its own User-Agent."""
    asked = replace(GOOD, method="POST", route=route, status=0, answered=False, body={"content": 5, "type": "x"})
    assert complaints(seat, replace(asked, user_agent="Python/3.11 aiohttp/3.13"))
    assert complaints(seat, replace(asked, user_agent="handmade REST client")) == []


def test_booleans_of_a_query_are_read_as_discord_reads_them(seat: Judge):
    asked = replace(GOOD, route="/guilds/{guild_id}", status=0, answered=False, user_agent="DiscordBot (x, 1)")
    for value in ("1", "0", "true", "False"):
        assert complaints(seat, replace(asked, query={"with_counts": value})) == []
    assert complaints(seat, replace(asked, query={"with_counts": "maybe"}))


async def test_every_simulator_is_judged_whoever_asks_it(clock: Clock, judge: Judge | None, monkeypatch):
    if judge is None:
        pytest.skip(f"Discord's OpenAPI document is not at {document_path()}; nothing is judged by it")
    async with Simulator(clock=clock) as sim, aiohttp.ClientSession() as session:
        monkeypatch.setattr("steward.sim.rest.api.gateway_url_for", lambda _: 5)
        await (await session.get(f"{sim.api_url}/gateway")).read()
    with pytest.raises(pytest.fail.Exception, match='GET /gateway -> 200: at url: 5 is not of type "string"'):
        judge.give_verdict()
    judge.give_verdict()  # each complaint is one test's
