"""The HTTP client: cache, then requests in flight, then the host's policy, then the network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Self

import aiohttp
from yarl import URL

from steward.errors import NotReady, StewardError
from steward.runtime.cache import Cache, Category
from steward.runtime.clock import SYSTEM_CLOCK, Clock
from steward.runtime.http.answer import AnswerSource, HttpAnswer, Unusable
from steward.runtime.http.exchange import Wire, condition, confirmed, directives, lifetime, send_once, storable
from steward.runtime.http.hosts import HostLimits, Hosts, HttpHost

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
NOT_MODIFIED = 304
KEPT_ANSWERS, KEPT_BYTES = 500, 4 << 20
LARGEST_KEPT = KEPT_BYTES // 4  # one response must not evict all others


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """
    A cached response.

    Attributes:
        since: monotonic time when it was received or last confirmed.
        lifetime: seconds it is fresh from then on.

    """

    answer: HttpAnswer
    since: float
    lifetime: float

    def age(self, now: float) -> float:
        """Return the seconds since it expired; negative while fresh."""
        return now - self.since - self.lifetime


@dataclass(frozen=True, slots=True)
class HttpExchange:
    """
    One request, for metrics: each attempt on the network, and each response without one.

    Attributes:
        method: in capitals.
        outcome: an `AnswerSource` value, `shared` (joined a request in flight) or `failed`.
        status: 0 without a response.

    """

    host: str
    method: str
    outcome: str
    status: int
    seconds: float


class HttpClient:
    """
    Sends requests to web services; use as `async with`.

    Args:
        connections: most connections to all hosts.
        largest: most bytes of a decompressed body.
        cache: for responses; default holds 500 entries and 4 MB.
        follow_redirects: go where a redirect of a GET or HEAD points, to another host too; what is sent goes with it.

    """

    def __init__(
        self,
        clock: Clock = SYSTEM_CLOCK,
        *,
        limits: HostLimits | None = None,
        connections: int = 20,
        largest: int = 4 << 20,
        cache: Cache | None = None,
        agent: str = "Steward",
        follow_redirects: bool = True,
        observe: Callable[[HttpExchange], None] = lambda _: None,
    ) -> None:
        self._clock = clock
        self._hosts = Hosts(clock, limits or HostLimits())
        self._connections = connections
        self._largest = largest
        if cache is None:
            cache = Cache(max_entries=KEPT_ANSWERS, max_bytes=KEPT_BYTES, monotonic=clock.monotonic)
        self._kept: Category[KeptAnswer] = cache.category("http", ttl=inf)
        self._agent = agent
        self._follow = follow_redirects
        self._observe = observe
        self._shared = SharedFlights()
        self._session: aiohttp.ClientSession | None = None
        self._wire: Wire | None = None

    @property
    def hosts(self) -> dict[str, HttpHost]:
        """Circuit and slots of each host."""
        return self._hosts.all()

    async def get(
        self,
        url: str,
        *,
        params: Mapping[str, str | int | float] | None = None,
        headers: Mapping[str, str] | None = None,
        stale_for: float = 0.0,
    ) -> HttpAnswer:
        """
        Send a GET, unless the cache has a fresh response; concurrent equal requests share one.

        Args:
            params: added to the query.
            headers: also part of the cache key.
            stale_for: seconds for which an expired response is used while the server is unavailable, unless it forbids
                that.

        Raises:
            HostAway, HttpRefused, Unusable, CircuitOpen, Overloaded, TimedOut: see there.

        """
        where, sent = self._address(url, params), dict(headers or {})
        key = "\n".join([str(where), *sorted(f"{name.lower()}: {value}" for name, value in sent.items())])
        kept, began = self._kept.get(key), self._clock.monotonic()
        if kept is not None and kept.age(began) < 0:
            return self._told(replace(kept.answer, source=AnswerSource.CACHED), "GET", began)
        first = key not in self._shared
        try:
            answer = await self._shared.get(key, lambda: self._fetch(key, where, sent, keep=stale_for > 0))
        except NotReady:
            kept = self._kept.get(key)
            if kept is None or kept.age(self._clock.monotonic()) >= stale_for:
                raise
            if "must-revalidate" in directives(kept.answer.headers):
                raise
            return self._told(replace(kept.answer, source=AnswerSource.STALE), "GET", began)
        if not first:
            self._observe(self._exchange(answer.host, "GET", "shared", answer.status, began))
        return answer

    async def send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str | int | float] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        data: bytes | None = None,
        idempotent: bool | None = None,
    ) -> HttpAnswer:
        """
        Send a request, without the cache.

        Args:
            idempotent: whether to retry when the outcome is unknown; default True for GET, HEAD, OPTIONS, PUT and
                DELETE.

        Raises:
            HostAway, HttpRefused, Unusable, CircuitOpen, Overloaded, TimedOut: see there.

        """
        method, where = method.upper(), self._address(url, params)
        content = {name: value for name, value in (("json", json), ("data", data)) if value is not None}
        host = self._hosts.of(where.host or "?")
        again = method in IDEMPOTENT if idempotent is None else idempotent
        policy = host.again if again else host.once
        return await policy.call(self._try, method, where, dict(headers or {}), **content)

    async def _fetch(self, key: str, url: URL, headers: Mapping[str, str], *, keep: bool) -> HttpAnswer:
        kept = self._kept.get(key)
        asked = {**(condition(kept.answer.headers) if kept is not None else {}), **headers}
        host = self._hosts.of(url.host or "?")
        answer = await host.again.call(self._try, "GET", url, asked)
        now = self._clock.monotonic()
        if answer.status == NOT_MODIFIED and kept is None:
            return answer  # the caller sent the condition
        source = answer.source
        if answer.status == NOT_MODIFIED and kept is not None:
            source = AnswerSource.REVALIDATED
            answer = replace(kept.answer, headers=confirmed(kept.answer.headers, answer.headers))
        fresh_for = lifetime(answer.headers, self._clock.now())
        self._kept.delete(key)
        worth_it = fresh_for or condition(answer.headers) or keep
        if worth_it and storable(answer.headers) and len(answer.body) <= LARGEST_KEPT:
            self._kept.set(key, KeptAnswer(answer, now, fresh_for))
        return replace(answer, source=source)

    async def _try(self, method: str, url: URL, headers: Mapping[str, str], **content: Any) -> HttpAnswer:
        if self._wire is None:
            raise RuntimeError("The HTTP client is not open: use it as `async with`.")
        began = self._clock.monotonic()
        status, outcome = 0, "failed"
        try:
            answer = await self._wire.ask(method, url, headers=headers, **content)
            status = answer.status
            outcome = AnswerSource.REVALIDATED.value if status == NOT_MODIFIED else AnswerSource.NETWORK.value
        except StewardError as error:
            status = getattr(error, "status", 0)
            raise
        finally:
            self._observe(self._exchange(url.host or "?", method, outcome, status, began))
        return answer

    def _address(self, url: str, params: Mapping[str, str | int | float] | None) -> URL:
        try:
            where = URL(url)
        except ValueError as error:
            raise Unusable("The address", "is invalid") from error
        if where.scheme not in {"http", "https"} or not where.host:
            raise Unusable("The address", "must start with https:// and name a host")
        return where.extend_query(params) if params else where

    def _told(self, answer: HttpAnswer, method: str, began: float) -> HttpAnswer:
        self._observe(self._exchange(answer.host, method, answer.source.value, answer.status, began))
        return answer

    def _exchange(self, host: str, method: str, outcome: str, status: int, began: float) -> HttpExchange:
        return HttpExchange(host, method, outcome, status, self._clock.monotonic() - began)

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),  # the policy has its own
            headers={"User-Agent": self._agent},
            middlewares=(send_once,),
        )
        self._wire = Wire(self._session, self._clock, largest=self._largest, follow=self._follow)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._shared.close()
        if self._session is not None:
            await self._session.close()
        self._session = self._wire = None


@dataclass(slots=True)
class _Flight:
    task: asyncio.Task[HttpAnswer]
    waiting: int = 0


class SharedFlights:
    """Joins concurrent equal requests; one is cancelled when nobody waits for it any more."""

    def __init__(self) -> None:
        self._flights: dict[Hashable, _Flight] = {}

    def __contains__(self, key: Hashable) -> bool:
        return key in self._flights

    async def get(self, key: Hashable, fetch: Callable[[], Coroutine[Any, Any, HttpAnswer]]) -> HttpAnswer:
        """Return the response of the request in flight, or of a new one; raise what it raises."""
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight(asyncio.create_task(fetch(), name="http get"))
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if self._flights.get(key) is flight and (flight.task.done() or not flight.waiting):
                del self._flights[key]
            if not flight.waiting:
                flight.task.cancel()

    async def close(self) -> None:
        """Cancel all."""
        tasks = [flight.task for flight in self._flights.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
