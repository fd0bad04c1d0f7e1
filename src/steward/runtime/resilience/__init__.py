"""
Calls to what may fail: one readable policy of retry, bulkhead, circuit breaker and timeout.

    scores = Policy(
        retry=Retry(tries=4),
        bulkhead=Bulkhead("scores", at_once=10, queue=100),
        breaker=Breaker("scores"),
        timeout=10.0,
    )
    table = await scores(lambda: fetch("/table"))

The layers, from the outside in, whatever the order in which they are written: retry, bulkhead, breaker, timeout, call.
"""

from steward.runtime.resilience.breaker import Breaker, Circuit, log_change
from steward.runtime.resilience.bulkhead import Bulkhead
from steward.runtime.resilience.failures import TRANSIENT, CircuitOpen, Overloaded, TimedOut, retry_after
from steward.runtime.resilience.policy import Policy
from steward.runtime.resilience.retry import Retry

__all__ = [
    "TRANSIENT",
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
]
