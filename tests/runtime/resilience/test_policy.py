"""The layers together: order and timing."""

import asyncio

import pytest

from steward.errors import NotReady
from steward.runtime.resilience import Breaker, Bulkhead, Circuit, CircuitOpen, Overloaded, Policy, Retry, TimedOut


def now():
    return asyncio.get_running_loop().time()


async def hang():
    await asyncio.sleep(3600)


async def refuse():
    raise NotReady("away")


async def answer():
    return "answer"


async def test_each_attempt_has_its_own_timeout():
    policy = Policy(timeout=5, retry=Retry(attempts=3, base_delay=1, random=lambda: 1.0))
    with pytest.raises(TimedOut, match="No answer within 5 s") as late:
        await policy.call(hang)
    assert late.value.seconds == 5
    assert now() == 5 + 1 + 5 + 2 + 5


async def test_a_timeout_of_the_call_itself_is_unchanged():
    async def inner():
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        await Policy(timeout=5).call(inner)


async def test_five_failures_take_five_calls_and_the_breaker_counts_each(clock):
    breaker = Breaker("X", clock)
    policy = Policy(retry=Retry(attempts=10, base_delay=0.1), breaker=breaker)
    with pytest.raises(CircuitOpen):
        await policy.call(refuse)
    assert (breaker.failures, breaker.state) == (5, Circuit.OPEN)


async def test_recovery_is_noticed_by_the_first_call_after_a_minute(clock):
    policy = Policy(breaker=Breaker("X", clock))
    for _ in range(5):
        with pytest.raises(NotReady):
            await policy.call(refuse)
    with pytest.raises(CircuitOpen):
        await policy.call(answer)
    await asyncio.sleep(60)
    assert await policy.call(answer) == "answer"
    assert await policy.call(answer) == "answer"


async def test_calls_waiting_for_a_slot_notice_an_outage_without_a_call(clock):
    calls = []

    async def call():
        calls.append(now())
        await hang()

    policy = Policy(timeout=2, bulkhead=Bulkhead("X", at_once=5), breaker=Breaker("X", clock))
    results = await asyncio.gather(*(policy.call(call) for _ in range(50)), return_exceptions=True)
    assert len(calls) == 5
    assert [type(result) for result in results] == [TimedOut] * 5 + [CircuitOpen] * 45
    assert now() == 2


async def test_a_full_bulkhead_is_no_failure_for_the_breaker(clock):
    breaker = Breaker("X", clock, failure_threshold=1)
    policy = Policy(bulkhead=Bulkhead("X", at_once=1, queue=0), breaker=breaker)
    task = asyncio.create_task(policy.call(asyncio.sleep, 1, "done"))
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await policy.call(answer)
    assert await task == "done"
    assert breaker.state is Circuit.CLOSED


async def test_a_retry_delay_holds_no_slot(clock):
    bulkhead = Bulkhead("X", at_once=1, queue=0)
    task = asyncio.create_task(Policy(retry=Retry(base_delay=10, attempts=2), bulkhead=bulkhead).call(refuse))
    await asyncio.sleep(1)
    assert await Policy(bulkhead=bulkhead).call(answer) == "answer"
    with pytest.raises(NotReady):
        await task


async def test_cancellation_passes_through_uncounted(clock):
    breaker, bulkhead = Breaker("X", clock, failure_threshold=1), Bulkhead("X")
    policy = Policy(timeout=60, retry=Retry(), breaker=breaker, bulkhead=bulkhead)
    task = asyncio.create_task(policy.call(hang))
    await asyncio.sleep(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (breaker.state, bulkhead.running) == (Circuit.CLOSED, 0)


async def test_without_layers_it_is_the_call():
    assert await Policy().call(answer) == "answer"
