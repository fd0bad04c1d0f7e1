"""What is counted of Discord's refusals, what is kept back for them, and the pace of requests."""

import asyncio

import pytest

from steward.client.rest.errors import Forbidden, TryLater
from steward.client.rest.gate import FEW, MANY, PROVEN_UP_TO, QUIET, UNPROVEN_UP_TO, Gate, RequestKey
from steward.sim import Fault
from tests.stage import stage, until

CHANNEL = {"method": "GET", "route": "/channels/{channel_id}"}


@pytest.mark.parametrize(
    ("fault", "counted"),
    [
        (Fault.status(403), 1),
        (Fault.status(404), 0),
        (Fault.status(503), 0),
        (Fault.rate_limited("user", 1), 0),
        (Fault.rate_limited("shared", 1), 0),
    ],
)
async def test_f17_it_counts_missing_permissions_and_no_limit_shared_or_own(clock, tmp_path, fault, counted):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        scene.sim.faults.rest(**CHANNEL, action=fault)
        await asyncio.gather(steward.client.rest.channel(scene.members.id), return_exceptions=True)
        assert steward.client.gate.refused == counted
        await asyncio.sleep(601)
        assert steward.client.gate.refused == 0


async def test_f17_after_a_global_refusal_everything_waits_once(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: scene.heartbeat.messages)
        scene.sim.faults.rest(**CHANNEL, action=Fault.rate_limited("global", 20))
        first = asyncio.create_task(steward.client.rest.channel(scene.members.id))
        await asyncio.sleep(0.5)
        began = clock.monotonic()
        await asyncio.gather(
            steward.client.rest.guild(scene.guild.id),
            *(steward.client.rest.channel(scene.bans.id) for _ in range(5)),
        )
        assert 19 < clock.monotonic() - began < 21
        await first
        assert scene.sim.recorder.count(status=429) == 1


def passing(gate, what, route="/channels/{channel_id}"):
    return gate.passing(RequestKey("PATCH", route, what), f"rename channel {what}")


async def ask(gate, what, *, refused):
    try:
        async with passing(gate, what):
            if refused:
                gate._count()
                raise Forbidden("Could not do it.")
    except Forbidden:
        return "refused"
    except TryLater as error:
        return error.retry_after
    return "done"


async def test_what_has_worked_goes_on_beside_all_that_fails_and_what_failed_has_had_its_try(clock):
    gate = Gate(clock)
    await ask(gate, "x", refused=True)
    assert await ask(gate, "good", refused=False) == "done"
    answers = [await ask(gate, f"bad {number}", refused=True) for number in range(60)]
    assert answers[: UNPROVEN_UP_TO - 1] == ["refused"] * (UNPROVEN_UP_TO - 1)
    assert answers[UNPROVEN_UP_TO - 1 :] == [pytest.approx(600, abs=2)] * (61 - UNPROVEN_UP_TO)
    assert await ask(gate, "good", refused=False) == "done"
    await asyncio.sleep(601)
    assert await ask(gate, "bad 3", refused=True) == pytest.approx(QUIET - 601, abs=2)
    assert await ask(gate, "untried", refused=False) == "done"
    await asyncio.sleep(600)
    assert await ask(gate, "bad 3", refused=False) == "done"
    assert gate.problem is None


async def test_even_what_has_always_worked_is_refused_fifty_times_at_most(clock):
    gate = Gate(clock)
    await ask(gate, "x", refused=True)
    for number in range(200):
        await ask(gate, f"good {number}", refused=False)
        await asyncio.sleep(0.1)
    answers = [await ask(gate, f"good {number}", refused=True) for number in range(200)]
    assert answers.count("refused") == PROVEN_UP_TO - 1
    assert gate.refused == PROVEN_UP_TO


async def test_requests_on_their_way_are_reckoned_with(clock):
    gate, release = Gate(clock), asyncio.Event()

    async def slow(number):
        async with passing(gate, f"bad {number}"):
            await release.wait()
            gate._count()
            raise Forbidden("Could not do it.")

    for number in range(FEW):
        await ask(gate, f"first {number}", refused=True)
    tasks = [asyncio.create_task(slow(number)) for number in range(100)]
    await asyncio.sleep(3)
    release.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert sum(isinstance(result, Forbidden) for result in results) == UNPROVEN_UP_TO - FEW
    assert gate.refused == UNPROVEN_UP_TO


async def test_some_refusals_keep_nothing_back(clock):
    gate = Gate(clock)
    for _ in range(MANY - 1):
        assert await ask(gate, "the same", refused=True) == "refused"
    assert gate.problem is None


async def test_requests_that_hang_hold_up_no_other_for_long(clock):
    gate = Gate(clock)

    async def hang(number):
        async with passing(gate, f"slow {number}"):
            await asyncio.Event().wait()

    for number in range(FEW):
        await ask(gate, f"first {number}", refused=True)
    hanging = [asyncio.create_task(hang(number)) for number in range(UNPROVEN_UP_TO)]
    await asyncio.sleep(1)
    assert await ask(gate, "other", refused=False) != "done"
    await asyncio.sleep(5)
    assert await ask(gate, "other", refused=False) == "done"
    for task in hanging:
        task.cancel()
    await asyncio.gather(*hanging, return_exceptions=True)


async def test_without_refusals_any_number_may_be_on_their_way(clock):
    gate, release = Gate(clock), asyncio.Event()

    async def slow(number):
        async with passing(gate, f"read {number}"):
            await release.wait()

    tasks = [asyncio.create_task(slow(number)) for number in range(500)]
    await asyncio.sleep(1)
    release.set()
    await asyncio.gather(*tasks)


async def test_a_request_is_the_same_by_method_route_and_major_id_whatever_people_are_told_of_it(clock):
    gate = Gate(clock)
    key = RequestKey("PATCH", "/channels/{channel_id}", "1")
    with pytest.raises(Forbidden):
        async with gate.passing(key, "rename channel 1"):
            gate._count()
            raise Forbidden("Could not do it.")
    for number in range(UNPROVEN_UP_TO):
        await ask(gate, f"other {number}", refused=True)
    await asyncio.sleep(601)
    with pytest.raises(TryLater, match="I couldn't reopen the archived thread 1"):
        async with gate.passing(key, "reopen the archived thread 1"):
            pass
    async with gate.passing(key._replace(method="GET"), "rename channel 1"):
        pass


async def test_reading_one_member_that_is_refused_stands_for_all_of_the_server(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        scene.sim.faults.rest(method="GET", route="/guilds/{guild_id}/members/{user_id}", action=Fault.status(403))
        with pytest.raises(Forbidden):
            await steward.client.rest.member(scene.guild.id, scene.guild.id)
        refused = [key for key, worked in steward.client.gate._worked.items() if not worked]
        assert refused == [RequestKey("GET", "/guilds/{guild_id}/members/{user_id}", str(scene.guild.id))]
