"""Common to all requests: authentication, limits, faults, records."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from steward.runtime.clock import Clock
from steward.sim import Fault, Limits, Rate
from tests.sim.openapi import Judge
from tests.sim.rest_client import rest


async def test_responses_have_exactly_the_content_type_that_clients_compare(clock: Clock):
    async with rest(clock) as (_, client):
        answered = await client.call("GET", "/users/@me")
        assert answered.headers["Content-Type"] == "application/json"
        assert answered.headers["Via"] == "1.1 google"


async def test_a_wrong_token_is_unauthorized(clock: Clock):
    async with rest(clock) as (_, client):
        for headers in ({"Authorization": "Bot wrong"}, {"Authorization": "Bearer x"}, {"Authorization": ""}):
            answered = await client.call("GET", "/users/@me", headers=headers)
            assert (answered.status, answered.body) == (401, {"message": "401: Unauthorized", "code": 0})


async def test_the_gateway_url_is_public_and_the_login_limit_needs_a_token(clock: Clock):
    async with rest(clock) as (sim, client):
        anybody = await client.get("/gateway", headers={"Authorization": ""})
        assert anybody == {"url": sim.gateway_url}
        found = await client.get("/gateway/bot")
        assert found["session_start_limit"] == {
            "total": 1000,
            "remaining": 1000,
            "reset_after": 0,
            "max_concurrency": 1,
        }
        assert found["shards"] == 1
        answered = await client.call("GET", "/gateway/bot", headers={"Authorization": ""})
        assert answered.status == 401


async def test_unserved_routes_are_named_in_the_error(clock: Clock):
    async with rest(clock) as (_, client):
        answered = await client.call("POST", "/lobbies", json={})
        said = "501: The simulator doesn't serve POST /lobbies. Discord does."
        assert (answered.status, answered.body) == (501, {"message": said, "code": 0})
        assert (await client.call("PATCH", "/lobbies", json={})).status == 405


async def test_unknown_paths_are_404_and_unknown_methods_405(clock: Clock):
    async with rest(clock) as (_, client):
        answered = await client.call("GET", "/penguins")
        assert (answered.status, answered.body) == (404, {"message": "404: Not Found", "code": 0})
        answered = await client.call("PUT", "/users/@me")
        assert (answered.status, answered.body) == (405, {"message": "405: Method Not Allowed", "code": 0})


async def test_paths_work_with_and_without_a_version(clock: Clock):
    async with rest(clock) as (sim, _), aiohttp.ClientSession() as session:
        for base in ("/api", "/api/v9", "/api/v10"):
            url = f"http://127.0.0.1:{sim.port}{base}/gateway"
            async with session.get(url) as response:
                assert response.status == 200


async def test_more_than_fifty_requests_per_second_hit_the_global_limit(clock: Clock):
    limits = Limits(other_routes=Rate(1000, 1.0))
    async with rest(clock, limits=limits) as (_, client):
        for _ in range(50):
            assert (await client.call("GET", "/users/@me")).status == 200
        refused = await client.call("GET", "/users/@me")
        assert refused.status == 429
        assert refused.headers["X-RateLimit-Global"] == "true"
        assert refused.headers["X-RateLimit-Scope"] == "global"
        assert refused.body["global"] is True
        await asyncio.sleep(refused.body["retry_after"])
        assert (await client.call("GET", "/users/@me")).status == 200


async def test_buckets_are_separate_per_guild_and_in_the_headers(clock: Clock):
    limits = Limits(other_routes=Rate(2, 5.0))
    async with rest(clock, limits=limits) as (sim, client):
        one, two = sim.add_guild("One"), sim.add_guild("Two")
        answers = [await client.call("GET", f"/guilds/{one.id}") for _ in range(3)]
        assert [answered.status for answered in answers] == [200, 200, 429]
        other = await client.call("GET", f"/guilds/{two.id}")
        assert other.status == 200
        assert other.headers["X-RateLimit-Bucket"] == answers[0].headers["X-RateLimit-Bucket"]
        assert answers[0].headers["X-RateLimit-Reset-After"] == "5.000"
        assert float(answers[0].headers["X-RateLimit-Reset"]) == clock.now().timestamp() + 5


async def test_too_many_invalid_requests_get_cloudflares_page_without_via(clock: Clock):
    limits = replace(Limits(), invalid_requests=Rate(3, 600.0), cloudflare_seconds=3600.0)
    async with rest(clock, limits=limits) as (sim, client):
        for _ in range(4):
            assert (await client.call("GET", "/users/@me", token="wrong")).status == 401
        shut_out = await client.call("GET", "/users/@me")
        assert (shut_out.status, shut_out.headers["Content-Type"]) == (429, "text/html; charset=UTF-8")
        assert "Via" not in shut_out.headers
        assert sim.recorder.requests(status=429)[0].scope == "cloudflare"
        await asyncio.sleep(3600)
        assert (await client.call("GET", "/users/@me")).status == 200


async def test_shared_limits_are_not_invalid_requests(clock: Clock):
    limits = replace(Limits(), invalid_requests=Rate(3, 600.0))
    async with rest(clock, limits=limits) as (sim, client):
        sim.faults.rest(action=Fault.rate_limited("shared", 1.5), times=5)
        for _ in range(5):
            answered = await client.call("GET", "/users/@me")
            assert (answered.status, answered.body["retry_after"]) == (429, 1.5)
        assert (await client.call("GET", "/users/@me")).status == 200


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_status_fault_has_no_other_effect(clock: Clock, status: int):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_voice_channel("old")
        sim.faults.rest(method="PATCH", route="/channels/{channel_id}", action=Fault.status(status))
        path = f"/channels/{channel.id}"
        assert (await client.call("PATCH", path, json={"name": "new"})).status == status
        assert channel.name == "old"
        assert (await client.call("PATCH", path, json={"name": "new"})).status == 200


async def test_a_dropped_response_comes_after_the_effect(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_voice_channel("old")
        sim.faults.rest(action=Fault.drop_response())
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await client.call("PATCH", f"/channels/{channel.id}", json={"name": "new"})
        assert channel.name == "new"
        (request,) = sim.recorder.requests(method="PATCH")
        assert (request.answered, request.status) == (False, 0)


async def test_a_reset_comes_before_any_effect(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_voice_channel("old")
        sim.faults.rest(action=Fault.reset())
        with pytest.raises(aiohttp.ClientOSError) as caught:
            await client.call("PATCH", f"/channels/{channel.id}", json={"name": "new"})
        assert caught.value.errno == 104
        assert channel.name == "old"


async def test_delayed_malformed_and_banned(clock: Clock):
    async with rest(clock) as (sim, client):
        sim.faults.rest(action=Fault.delay(30))
        began = clock.monotonic()
        assert (await client.call("GET", "/users/@me")).status == 200
        assert clock.monotonic() - began == pytest.approx(30)
        sim.faults.rest(action=Fault.malformed_json())
        with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
            await client.call("GET", "/users/@me")
        sim.faults.rest(action=Fault.cloudflare())
        assert "Via" not in (await client.call("GET", "/users/@me")).headers


async def test_every_request_is_recorded(clock: Clock):
    async with rest(clock) as (sim, client):
        channel = sim.add_guild("Penguins").add_voice_channel("old")
        began = clock.now()
        await asyncio.sleep(60)
        answered = await client.call("PATCH", f"/channels/{channel.id}?x=1", json={"name": "new"})
        (request,) = sim.recorder.requests(method="PATCH", route="/channels/{channel_id}", status=200)
        assert (request.body, request.query, request.bot_id) == ({"name": "new"}, {"x": "1"}, sim.bot.id)
        assert (request.bucket, request.result) == (answered.headers["X-RateLimit-Bucket"], answered.body)
        assert (clock.now() - request.at).total_seconds() == 0
        assert request.at - began == timedelta(seconds=60)
        assert sim.recorder.count(status=200) == 1


async def test_errors_and_faults_are_recorded(clock: Clock):
    async with rest(clock) as (sim, client):
        path = f"/channels/{sim.add_guild('Penguins').add_voice_channel('old').id}"
        for fault in (Fault.status(502), Fault.rate_limited("shared", 9), Fault.cloudflare(), Fault.malformed_json()):
            sim.faults.rest(action=fault)
            with suppress(ValueError):  # half of the JSON
                await client.call("GET", path)
        status, limited, page, malformed = sim.recorder.requests()
        assert (status.fault, status.status, status.result["code"]) == ("status", 502, 0)
        assert (limited.fault, limited.scope, limited.result["retry_after"]) == ("rate_limited", "shared", 9)
        assert (page.scope, page.status, page.bucket) == ("cloudflare", 429, None)
        assert (malformed.fault, malformed.result["name"]) == ("malformed_json", "old")


async def test_a_bug_in_the_simulator_is_recorded_as_500(
    clock: Clock, judge: Judge | None, monkeypatch: pytest.MonkeyPatch
):
    async with rest(clock) as (sim, client):
        monkeypatch.setattr(sim.world, "guilds_of", lambda _: 1 / 0)
        assert (await client.call("GET", "/users/@me/guilds")).status == 500
        (request,) = sim.recorder.requests()
        assert (request.status, request.route) == (500, "/users/@me/guilds")
        if judge is not None:
            with pytest.raises(pytest.fail.Exception, match="Discord never answers 500 here"):
                judge.give_verdict()


async def test_invalid_http_has_no_effect(clock: Clock):
    async with rest(clock) as (sim, client):
        with socket.create_connection(("127.0.0.1", sim.port)) as wire:
            wire.sendall(b"\x00\xff penguins\r\n\r\n")
            await asyncio.sleep(0.1)
            assert wire.recv(100).startswith(b"HTTP/1.0 400")
        assert (await client.call("GET", "/users/@me")).status == 200


async def test_the_record_of_a_request_says_which_limit_it_met(clock: Clock):
    async with rest(clock, limits=Limits(renames=Rate(1, 600))) as (sim, client):
        channel = sim.add_guild("Penguins", members=5).add_text_channel("general")
        for name in ("one", "two"):
            await client.call("PATCH", f"/channels/{channel.id}", json={"name": name})
        fine, refused = sim.recorder.requests(method="PATCH")
        assert (fine.remaining, fine.hidden_limit) == (4, None)
        assert fine.reset_after == 15
        assert refused.remaining == 3, "the bucket has room"
        assert refused.hidden_limit == "changes of a channel's name or topic: 1 in 600 s"
        assert 0 < fine.seconds < 60
