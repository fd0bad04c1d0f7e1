"""Delays between attempts, exact in virtual time."""

import asyncio

import pytest

from steward.errors import NeedsOperator, NotReady
from steward.runtime.resilience import CircuitOpen, Overloaded, Retry


class Throttled(NotReady):
    def __init__(self, seconds):
        super().__init__("Slower, please.")
        self.retry_after = seconds


class Scripted:
    """Raises each of the errors in turn, then answers."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.at = []

    async def __call__(self):
        self.at.append(asyncio.get_running_loop().time())
        if self.errors:
            raise self.errors.pop(0)
        return "answer"

    @property
    def waits(self):
        return [round(later - earlier, 6) for earlier, later in zip(self.at, self.at[1:], strict=False)]


async def test_the_delay_doubles_up_to_its_maximum():
    call = Scripted(*[NotReady("away")] * 5)
    retry = Retry(attempts=6, base_delay=1, max_delay=5, random=lambda: 1.0)
    assert await retry.call(call) == "answer"
    assert call.waits == [1, 2, 4, 5, 5]
    assert (retry.retried, retry.given_up) == (5, 0)


async def test_clients_that_failed_together_retry_apart():
    calls = [Scripted(NotReady("away")) for _ in range(20)]
    await asyncio.gather(*(Retry(base_delay=1).call(call) for call in calls))
    waits = {call.waits[0] for call in calls}
    assert len(waits) == 20
    assert all(0.1 <= wait <= 1 for wait in waits)


async def test_it_never_retries_sooner_than_the_error_asks():
    call = Scripted(Throttled(12.5), ConnectionResetError())
    await Retry(base_delay=1, random=lambda: 0.0).call(call)
    assert call.waits == [12.6, 0.1]


async def test_a_longer_requested_delay_is_left_to_the_caller():
    call = Scripted(Throttled(582))
    with pytest.raises(Throttled):
        await Retry(max_delay=30).call(call)
    assert len(call.at) == 1


async def test_the_last_error_is_raised():
    call = Scripted(NotReady("first"), NotReady("second"), NotReady("third"))
    retry = Retry(attempts=2)
    with pytest.raises(NotReady, match="second"):
        await retry.call(call)
    assert (retry.retried, retry.given_up) == (1, 1)


@pytest.mark.parametrize(
    "error",
    [NeedsOperator("A person is needed."), CircuitOpen("X", 1), Overloaded("X", at_once=1, queue=0), KeyError()],
)
async def test_permanent_and_fail_fast_errors_are_not_retried(error):
    call = Scripted(error)
    with pytest.raises(type(error)):
        await Retry().call(call)
    assert len(call.at) == 1


async def test_cancellation_ends_the_delay():
    task = asyncio.create_task(Retry(base_delay=30).call(Scripted(NotReady("away"))))
    await asyncio.sleep(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("wrong", [{"attempts": 0}, {"base_delay": 0}, {"base_delay": 2, "max_delay": 1}])
def test_an_invalid_retry_is_refused(wrong):
    with pytest.raises(ValueError, match="at least one attempt"):
        Retry(**wrong)
