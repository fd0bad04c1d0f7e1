"""The client: cache, then whoever asks the same already, then the host's policy, then the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Self

import aiohttp
from yarl import URL

from steward.errors import NotReady, StewardError
from steward.runtime.cache import Cache, Category
from steward.runtime.clock import SYSTEM_CLOCK, Clock
from steward.runtime.http.answer import AnswerSource, HttpAnswer
from steward.runtime.http.exchange import Wire, send_once
from steward.runtime.http.failures import Unusable
from steward.runtime.http.freshness import condition, confirmed, directives, lifetime, storable
from steward.runtime.http.hosts import HostLimits, Hosts, HttpHost
from steward.runtime.http.shared import SharedFlights

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
NOT_MODIFIED = 304
KEPT_ANSWERS, KEPT_BYTES = 500, 4 << 20
LARGEST_KEPT = KEPT_BYTES // 4  # one answer does not push out all others


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """
    An answer that is kept.

    Attributes:
        answer: as it came.
        since: when it came or was last confirmed, on the monotonic clock.
        lifetime: seconds for which it is fresh from then on.

    """

    answer: HttpAnswer
    since: float
    lifetime: float

    def age(self, now: float) -> float:
        """Return the seconds by which it is past its freshness; negative while it is fresh."""
        return now - self.since - self.lifetime


@dataclass(frozen=True, slots=True)
class HttpExchange:
    """
    What is told to metrics of each try on the wire, and of each answer that needed none.

    Attributes:
        host: whose.
        method: in capitals.
        outcome: a `AnswerSource`'s value, `shared` (somebody else had asked the same) or `failed`.
        status: 0 where there was no answer.
        seconds: that it took.

    """

    host: str
    method: str
    outcome: str
    status: int
    seconds: float


class HttpClient:
    """
    Asks web services; use as `async with`.

    Args:
        limits: how each host is asked.
        connections: the most connections to all hosts together.
        largest: the most bytes of one body, decompressed.
        cache: keeps answers; one of 500 entries and 4 MB if left out.
        agent: the User-Agent.
        observe: called with each `HttpExchange`.

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
        self._observe = observe
        self._shared = SharedFlights()
        self._session: aiohttp.ClientSession | None = None
        self._wire: Wire | None = None

    @property
    def hosts(self) -> dict[str, HttpHost]:
        """The state of each host's circuit and places."""
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
        Ask for something: from memory while it is fresh, and once for all who ask at the same time.

        Args:
            params: added to its query.
            headers: sent along; answers are kept apart by them.
            stale_for: seconds for which an older answer is taken while the service is away, unless it forbids that.

        Raises:
            Away, Refused, Unusable, CircuitOpen, Overloaded, TimedOut: each a sentence.

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
        Send something, past the cache.

        Args:
            method: such as POST.
            params: added to its query.
            json: the body, as JSON.
            data: the body, as it is.
            idempotent: whether it may be sent again when its outcome is unknown; GET, HEAD, OPTIONS, PUT and DELETE
                may unless told otherwise, all others may not.

        Raises:
            Away, Refused, Unusable, CircuitOpen, Overloaded, TimedOut: each a sentence.

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
            return answer  # whoever asked has set the condition
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
            raise Unusable("The address", "cannot be read") from error
        if where.scheme not in {"http", "https"} or not where.host:
            raise Unusable("The address", "is none of the web: it begins with https:// and names a host")
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
            timeout=aiohttp.ClientTimeout(total=None),  # the policy has its own, on the same loop's clock
            headers={"User-Agent": self._agent},
            middlewares=(send_once,),
        )
        self._wire = Wire(self._session, self._clock, largest=self._largest)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._shared.close()
        if self._session is not None:
            await self._session.close()
        self._session = self._wire = None
