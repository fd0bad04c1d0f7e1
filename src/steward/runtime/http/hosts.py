"""State per host: circuit breaker, slots and retry policy."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from steward.runtime.clock import Clock
from steward.runtime.resilience import Breaker, Bulkhead, Policy, Retry

REMEMBERED = 100


@dataclass(frozen=True, slots=True)
class HostLimits:
    """
    Limits for each host.

    Attributes:
        at_once: concurrent requests.
        queue: waiting requests; more are `Overloaded`.
        timeout: seconds for one attempt, body included.
        attempts: of a request that may be retried.
        max_delay: longest delay before a retry in seconds; if the server asks for more, the request fails.
        failure_threshold: consecutive failures that open the circuit.
        recovery_timeout: seconds the circuit stays open.

    """

    at_once: int = 6
    queue: int = 100
    timeout: float = 30.0
    attempts: int = 4
    max_delay: float = 30.0
    failure_threshold: int = 5
    recovery_timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class HttpHost:
    """One host: `again` retries, `once` does not; both share circuit and slots."""

    again: Policy
    once: Policy
    breaker: Breaker
    bulkhead: Bulkhead


class Hosts:
    """Hosts by name; the least recently used are dropped."""

    def __init__(self, clock: Clock, limits: HostLimits) -> None:
        self._clock = clock
        self._limits = limits
        self._hosts: OrderedDict[str, HttpHost] = OrderedDict()

    def of(self, name: str) -> HttpHost:
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = self._made(name)
            self._forget()
        self._hosts.move_to_end(name)
        return host

    def all(self) -> dict[str, HttpHost]:
        """Return all known hosts by name, for metrics."""
        return dict(self._hosts)

    def _made(self, name: str) -> HttpHost:
        limits = self._limits
        breaker = Breaker(
            name,
            self._clock,
            failure_threshold=limits.failure_threshold,
            recovery_timeout=limits.recovery_timeout,
        )
        bulkhead = Bulkhead(name, at_once=limits.at_once, queue=limits.queue)
        retry = Retry(attempts=limits.attempts, max_delay=limits.max_delay)
        return HttpHost(
            again=Policy(timeout=limits.timeout, retry=retry, breaker=breaker, bulkhead=bulkhead),
            once=Policy(timeout=limits.timeout, breaker=breaker, bulkhead=bulkhead),
            breaker=breaker,
            bulkhead=bulkhead,
        )

    def _forget(self) -> None:
        for name, host in list(self._hosts.items())[:-REMEMBERED]:
            if not (host.bulkhead.running or host.bulkhead.waiting):
                del self._hosts[name]
