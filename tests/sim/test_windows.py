"""Discord's windows of time, proved to the virtual second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator
from tests.sim.gateway_client import Closed, connected
from tests.sim.rest_client import RestClient, rest


async def seconds_until(clock: Clock, holds: Callable[[], Awaitable[bool]], step: float) -> float:
    """Return after how many virtual seconds something first holds, tried every `step`."""
    began = clock.monotonic()
    while not await holds():
        await asyncio.sleep(step)
    return clock.monotonic() - began


async def test_a_third_rename_is_taken_six_hundred_seconds_after_the_first(clock: Clock):
    async with rest(clock) as (sim, client):
        counter = sim.add_guild("Penguins").add_voice_channel("Members: 0")

        async def renamed() -> bool:
            answer = await client.call("PATCH", f"/channels/{counter.id}", json={"name": f"At {clock.monotonic()}"})
            return answer.status == 200

        assert await renamed()
        await asyncio.sleep(100)
        assert await renamed()
        refused = await client.call("PATCH", f"/channels/{counter.id}", json={"name": "Now"})
        assert refused.body["retry_after"] == pytest.approx(500, abs=0.01)
        assert await seconds_until(clock, renamed, step=5) == pytest.approx(500, abs=0.01)


async def test_a_login_that_was_refused_for_the_day_is_taken_when_the_day_is_over(clock: Clock):
    """A thousand logins five seconds apart, one more that resets the token, and the day runs from the first."""
    async with Simulator(clock=clock) as sim:
        began, token = clock.monotonic(), sim.bot.token
        for _ in range(1000):
            async with connected(sim) as client:
                await client.log_in()
            await asyncio.sleep(5)
        async with connected(sim) as client:
            await client.next()
            await client.identify()
            assert (await client.closed()).code == 4004
        assert sim.bot.token != token

        async def logged_in() -> bool:
            async with connected(sim) as client:
                await client.next()
                await client.identify()
                try:
                    await client.event("READY")
                except Closed:
                    return False
                return True

        await asyncio.sleep(86_400 - 60 - (clock.monotonic() - began))
        await seconds_until(clock, logged_in, step=10)
        assert clock.monotonic() - began == pytest.approx(86_400, abs=10)


@pytest.mark.parametrize(("away", "answer"), [(299, "RESUMED"), (301, None)])
async def test_a_session_can_be_resumed_for_five_minutes(clock: Clock, away: int, answer: str | None):
    async with Simulator(clock=clock) as sim:
        async with connected(sim) as client:
            await client.log_in()
            session_id, seq = client.ready["session_id"], client.seq
            assert seq is not None
            await client.socket.close(code=4000)
        await asyncio.sleep(away)
        async with connected(sim) as client:
            await client.resume(session_id, seq)
            assert (await client.next())["t"] == answer


async def test_an_enforced_nonce_makes_one_message_of_two_for_five_minutes(clock: Clock):
    async with rest(clock) as (sim, client):
        chat = sim.add_guild("Penguins").add_text_channel("chat")
        body = {"content": "hello", "nonce": "n1", "enforce_nonce": True}

        async def is_another() -> bool:
            before = len(chat.messages)
            await client.call("POST", f"/channels/{chat.id}/messages", json=body)
            return len(chat.messages) > before

        assert await is_another()
        waited = await seconds_until(clock, is_another, step=5)
        assert waited == pytest.approx(sim.limits.nonce_seconds, abs=5)


@pytest.mark.parametrize(("after", "status"), [(2.99, 204), (3.01, 404)])
async def test_an_interaction_is_to_be_answered_within_three_seconds(clock: Clock, after: float, status: int):
    async with asked(clock) as (_, client, told):
        await asyncio.sleep(after)
        path = f"/interactions/{told['id']}/{told['token']}/callback"
        answer = await client.call("POST", path, json={"type": 4, "data": {"content": "hello"}})
        assert answer.status == status
        assert (answer.body or {"code": None})["code"] == (None if status == 204 else 10062)


@pytest.mark.parametrize(("after", "status"), [(899, 200), (901, 401)])
async def test_the_token_of_an_interaction_is_good_for_fifteen_minutes(clock: Clock, after: float, status: int):
    async with asked(clock) as (sim, client, told):
        began = clock.monotonic()
        path = f"/interactions/{told['id']}/{told['token']}/callback"
        assert (await client.call("POST", path, json={"type": 5})).status == 204
        await asyncio.sleep(after - (clock.monotonic() - began))
        path = f"/webhooks/{sim.bot.application_id}/{told['token']}"
        answer = await client.call("POST", path, json={"content": "hello"})
        assert answer.status == status
        assert status == 200 or answer.body["code"] == 50027


@asynccontextmanager
async def asked(clock: Clock) -> AsyncIterator[tuple[Simulator, RestClient, dict[str, Any]]]:
    """Yield an interaction, fresh from the gateway."""
    async with rest(clock) as (sim, client), connected(sim) as gateway:
        guild = sim.add_guild("Penguins")
        guild.add_text_channel("chat")
        alice = guild.join("alice")
        commands = [{"name": "hello", "description": "Say hello"}]
        await client.call("PUT", f"/applications/{sim.bot.application_id}/commands", json=commands)
        await gateway.log_in()
        running = asyncio.create_task(alice.run("/hello"))
        yield sim, client, await gateway.event("INTERACTION_CREATE")
        await gateway.socket.close()
        running.cancel()
        await asyncio.wait({running})
