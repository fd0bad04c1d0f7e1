"""
Calls that may fail: one policy of retry, bulkhead, circuit breaker and timeout.

    scores = Policy(
        retry=Retry(attempts=4),
        bulkhead=Bulkhead("scores", at_once=10, queue=100),
        breaker=Breaker("scores"),
        timeout=10.0,
    )

    @scores
    async def table() -> Table: ...

    answer = await scores.call(fetch, "/table")

The layers, outermost first, in any order of arguments: retry, bulkhead, breaker, timeout, call.
"""

from steward.runtime.resilience.breaker import Breaker, Circuit, log_change
from steward.runtime.resilience.bulkhead import Bulkhead
from steward.runtime.resilience.failures import CircuitOpen, Overloaded, TimedOut, retry_after, transient_errors
from steward.runtime.resilience.policy import Policy
from steward.runtime.resilience.retry import Attempt, Retry

__all__ = [
    "Attempt",
    "Breaker",
    "Bulkhead",
    "Circuit",
    "CircuitOpen",
    "Overloaded",
    "Policy",
    "Retry",
    "TimedOut",
    "log_change",
    "retry_after",
    "transient_errors",
]
