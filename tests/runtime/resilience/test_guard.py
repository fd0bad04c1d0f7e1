"""Each layer as a decorator, for one call, and around a block."""

import asyncio
import inspect

import pytest

from steward.errors import NotReady
from steward.runtime.resilience import Breaker, Bulkhead, Circuit, CircuitOpen, Overloaded, Policy, Retry, TimedOut


class Flaky:
    """Fails so many times, then answers."""

    def __init__(self, failures):
        self.failures = failures
        self.calls = 0

    async def ask(self, what, *, loudly=False):
        self.calls += 1
        if self.calls <= self.failures:
            raise NotReady("away")
        return what.upper() if loudly else what


async def as_decorator(guard, service):
    @guard
    async def ask(what, *, loudly):
        return await service.ask(what, loudly=loudly)

    return await ask("hello", loudly=True)


async def as_call(guard, service):
    return await guard.call(service.ask, "hello", loudly=True)


async def as_block(guard, service):
    async for attempt in guard:
        async with attempt:
            answer = await service.ask("hello", loudly=True)
    return answer


WAYS = pytest.mark.parametrize("way", [as_decorator, as_call, as_block])
GUARDS = pytest.mark.parametrize("make", [Retry, lambda **how: Policy(retry=Retry(**how), timeout=60)])


@WAYS
@GUARDS
async def test_it_answers_after_two_failures(make, way):
    service = Flaky(2)
    assert await way(make(attempts=3), service) == "HELLO"
    assert service.calls == 3


@WAYS
@GUARDS
async def test_it_raises_the_last_error_after_the_last_attempt(make, way):
    service = Flaky(9)
    with pytest.raises(NotReady):
        await way(make(attempts=3), service)
    assert service.calls == 3


@WAYS
async def test_a_policy_without_a_retry_makes_one_attempt(way):
    service = Flaky(1)
    with pytest.raises(NotReady):
        await way(Policy(), service)
    assert service.calls == 1


async def test_a_block_may_leave_its_loop_and_knows_its_number():
    numbers = []
    async for attempt in Retry(attempts=5):
        async with attempt:
            numbers.append(attempt.number)
            if attempt.number < 3:
                raise NotReady("away")
            break
    assert numbers == [1, 2, 3]


async def test_a_block_has_the_timeout_of_each_attempt():
    began, numbers = asyncio.get_running_loop().time(), []
    with pytest.raises(TimedOut):
        async for attempt in Policy(timeout=5, retry=Retry(attempts=2, base_delay=1, random=lambda: 1.0)):
            async with attempt:
                numbers.append(attempt.number)
                await asyncio.sleep(3600)
    assert numbers == [1, 2]
    assert asyncio.get_running_loop().time() - began == 5 + 1 + 5


async def test_one_attempt_of_a_policy_is_a_context_manager():
    policy = Policy(timeout=5, retry=Retry(), breaker=Breaker("X", failure_threshold=1))
    with pytest.raises(TimedOut):
        async with policy.attempt():
            await asyncio.sleep(3600)
    with pytest.raises(CircuitOpen):
        async with policy.attempt():
            pass


async def test_a_breaker_opens_in_each_way():
    breaker, service = Breaker("X", failure_threshold=3), Flaky(9)

    with pytest.raises(NotReady):
        await as_decorator(breaker, service)
    with pytest.raises(NotReady):
        await as_call(breaker, service)
    with pytest.raises(NotReady), breaker.attempt():
        await service.ask("hello")
    assert breaker.state is Circuit.OPEN
    with pytest.raises(CircuitOpen):
        await as_decorator(breaker, service)
    assert service.calls == 3


async def test_a_bulkhead_decorates_too():
    bulkhead = Bulkhead("X", at_once=1, queue=0)

    @bulkhead
    async def work():
        await asyncio.sleep(1)

    first = asyncio.create_task(work())
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await work()
    await first


def test_a_decorated_function_keeps_its_name_and_signature() -> None:
    @Retry()
    async def fetch(url: str, *, season: int = 2026) -> str:
        """Fetch a table."""
        return url

    assert (fetch.__name__, fetch.__doc__) == ("fetch", "Fetch a table.")
    assert list(inspect.signature(fetch).parameters) == ["url", "season"]
    assert inspect.iscoroutinefunction(fetch)


@pytest.mark.parametrize("guard", [Retry(), Policy(), Breaker("X"), Bulkhead("X")])
def test_decorating_what_is_not_async_is_a_clear_error(guard):
    with pytest.raises(TypeError, match=r"decorates an `async def`, and fetch isn't one.*\.call\("):

        @guard
        def fetch():
            return 1
