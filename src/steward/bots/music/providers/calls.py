"""One service's requests: within its rate limit, not while it rests, behind a circuit breaker; answers as JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from steward.bots.music.providers.failures import CallRefused, Garbled, ProviderAway, ProviderResting
from steward.bots.music.providers.fields import read_json, whole_of
from steward.errors import NeedsOperator, NotReady
from steward.runtime.clock import Clock
from steward.runtime.http import HostAway, HostLimits, HttpClient, HttpRefused, Unusable
from steward.runtime.limits import Limiter, LimitReached, Rule
from steward.runtime.resilience import Breaker, Circuit, Retry, retry_after

NO_CONTENT, TOO_MANY = 204, 429
BOM = b"\xef\xbb\xbf"
LONGEST_REST = 86_400.0
SHORTEST_WAIT = 0.001  # what is less may not move the clock at all
RATE_RESTS = 10.0
"""Seconds of rest after "too many requests" that doesn't say how long."""

Explain = Callable[[int, Any], Exception | None]
"""Returns what a service says with a status and a body is, if that is an error; the body is None if it's no JSON."""


class Patience(NamedTuple):
    """Seconds for a turn, and for an answer."""

    turn: float
    answer: float


QUICK, PATIENT = Patience(1.0, 4.0), Patience(60.0, 20.0)
"""For somebody who waits, and for work in the background."""


def music_client(clock: Clock) -> HttpClient:
    """
    Return the client for music services.

    It retries nothing by itself, since each attempt counts for the rate limit, and follows no redirect: keys would go
    with it.
    """
    limits = HostLimits(at_once=4, timeout=PATIENT.answer, attempts=1)
    return HttpClient(clock, limits=limits, connections=12, follow_redirects=False)


class ProviderCalls:
    """
    See the module.

    Guarantee: what it raises and logs names the service, and never an address or a header, where keys are.

    Args:
        rule: how many requests it takes.
        explain: see there.
        headers: sent with each request.

    """

    def __init__(
        self,
        title: str,
        http: HttpClient,
        clock: Clock,
        *,
        rule: Rule,
        explain: Explain,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.title = title
        self.sent = 0
        """Requests since the start."""
        self.breaker = Breaker(title, clock, on=(ProviderAway,))
        self._http = http
        self._clock = clock
        self._limiter = Limiter({"provider": rule}, clock)
        self._explain = explain
        self._headers = dict(headers or {})
        self._retry = Retry(attempts=4)
        self._rests_until = 0.0
        self._refused: NeedsOperator | None = None

    @property
    def problem(self) -> str:
        """What is wrong now, a sentence; empty if nothing is."""
        if self._refused is not None and self._rests_for() > 0:
            return str(self._refused)
        return "" if self.breaker.state is Circuit.CLOSED else f"{self.title} is down: {self.breaker.last_error}"

    async def ask(self, method: str, url: str, *, patience: Patience = QUICK, **content: Any) -> Any:
        """
        Send a request and return the JSON of its answer, an object or a list; None if there is no content.

        Args:
            patience: `PATIENT` retries what may pass, too.
            content: see `HttpClient.send`.

        Raises:
            ProviderAway, Garbled, ProviderResting, CircuitOpen: there is no answer now.
            CallRefused: another refusal.
            Exception: what `explain` returned.

        """
        content = {"headers": {}, **content}
        if patience is PATIENT:
            return await self._retry.call(self._attempt, method, url, patience, content)
        return await self._attempt(method, url, patience, content)

    async def _attempt(self, method: str, url: str, patience: Patience, content: dict[str, Any]) -> Any:
        await self._turn(patience.turn)
        with self.breaker.attempt():
            try:
                async with asyncio.timeout(patience.answer):
                    return await self._once(method, url, content)
            except TimeoutError:
                raise ProviderAway(self.title, f"doesn't answer within {patience.answer:g} s") from None

    async def _turn(self, most: float) -> None:
        """Wait until a request may be sent, unless that takes too long."""
        until = self._clock.monotonic() + most
        while True:
            wait = self._rests_for()
            if wait <= 0:
                try:
                    await self._limiter.check(provider=self.title)
                except LimitReached as reached:
                    wait = reached.retry_after
                else:
                    return
            if self._clock.monotonic() + wait > until:
                if self._refused is not None and self._rests_for() > 0:
                    raise self._refused.with_traceback(None)
                raise ProviderResting(self.title, wait)
            await asyncio.sleep(max(wait, SHORTEST_WAIT))

    async def _once(self, method: str, url: str, content: dict[str, Any]) -> Any:
        self.sent += 1
        error: Exception | None
        try:
            answer = await self._http.send(method, url, **{**content, "headers": self._headers | content["headers"]})
        except (HostAway, HttpRefused) as failed:
            error = self._meaning(failed)
        except (NotReady, Unusable):
            error = ProviderAway(self.title, "can't be reached")
        else:
            self._heed(answer.headers)
            if answer.status == NO_CONTENT:
                return None
            said, error = self._read(answer.body)
            error = error or self._explain(answer.status, said)
            if error is None:
                self._refused = None
                return said
        if isinstance(error, NeedsOperator):
            self._refused = error
        if not isinstance(error, ProviderAway):
            self.rest(retry_after(error))
        raise error from None  # what it comes from may hold the address

    def rest(self, seconds: float) -> None:
        """Send nothing for so long, a day at most."""
        self._rests_until = max(self._rests_until, self._clock.monotonic() + min(seconds, LONGEST_REST))

    def _rests_for(self) -> float:
        return self._rests_until - self._clock.monotonic()

    def _read(self, body: bytes) -> tuple[Any, Exception | None]:
        """Return the JSON of an answer, or why there is none: another page in its place, or one that is broken."""
        begin = body.removeprefix(BOM).lstrip()[:1]
        if begin not in {b"{", b"["}:
            what = "a web page" if begin == b"<" else "nothing" if not begin else "something else"
            return None, ProviderAway(self.title, f"answers with {what} in place of data")
        try:
            return read_json(body), None
        except ValueError:
            return None, Garbled(self.title)

    def _meaning(self, failed: HostAway | HttpRefused) -> Exception:
        """Return what a refusal or an outage is, first by what the service says itself."""
        said, _ = self._read(failed.body)
        error = self._explain(failed.status, said)
        if error is not None and not isinstance(failed, HostAway):
            return error
        if isinstance(failed, HttpRefused):
            return CallRefused(self.title, failed.status)
        wait = failed.retry_after or _reset_in(failed.headers)
        if failed.status == TOO_MANY or wait:
            return ProviderResting(self.title, wait or retry_after(error or failed) or RATE_RESTS)
        return error or ProviderAway(self.title, f"is unavailable ({failed.status})" if failed.status else "is away")

    def _heed(self, headers: Mapping[str, str]) -> None:
        """Rest once a service says that no request is left."""
        if headers.get("X-RateLimit-Remaining", "").strip() == "0":
            self.rest(_reset_in(headers))


def _reset_in(headers: Mapping[str, str]) -> float:
    return max(0, whole_of(headers.get("X-RateLimit-Reset-In")) or 0)
