"""Records all requests and gateway payloads of bots, for tests and summaries."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson

from steward.sim.subscribers import Subscribers


@dataclass(slots=True)
class Request:
    """
    One request, with its response if there was one.

    `route` is the template, such as `/channels/{channel_id}`; `status` is 0 if no response was sent; `scope` is the
    X-RateLimit-Scope of a 429, or `cloudflare` if Cloudflare refused it; `answered` is False if the response was lost.
    `body` and `result` are the parsed bodies of request and response; `fault` is the kind of scripted fault applied;
    `user_agent` is the client's User-Agent; libraries send `DiscordBot (…)`; `seconds` is the wall time until the
    response. `remaining` and `reset_after` are the bucket's, as its headers say; `hidden_limit` describes the limit
    that refused the request where no header reveals it.
    """

    at: datetime
    method: str
    route: str
    path: str
    status: int
    bot_id: int | None = None
    bucket: str | None = None
    scope: str | None = None
    body: Any = None
    result: Any = None
    answered: bool = True
    query: Mapping[str, str] = field(default_factory=dict)
    fault: str | None = None
    user_agent: str = ""
    seconds: float = 0.0
    remaining: int | None = None
    reset_after: float | None = None
    hidden_limit: str | None = None


@dataclass(slots=True, frozen=True)
class GatewayPayload:
    """One payload from a client: `op` and `data` as received."""

    at: datetime
    op: int
    data: Any
    bot_id: int | None = None


@dataclass(slots=True, frozen=True)
class Identify:
    """One gateway login with a valid token; `refused` is the close code or "op 9", None if accepted."""

    at: datetime
    bot_id: int
    intents: int
    shard: tuple[int, int]
    refused: int | str | None = None


class Recorder:
    """
    Stores the newest `keep` requests and payloads; counts cover all requests.

    Stored bodies and results are limited to `keep_bytes` of JSON in total.
    """

    def __init__(self, keep: int = 20_000, keep_bytes: int = 32 << 20) -> None:
        self._requests: deque[tuple[Request, int]] = deque()
        self._keep = keep
        self._keep_bytes = keep_bytes
        self._kept_bytes = 0
        self._counts: Counter[tuple[str, str, int]] = Counter()
        self._subscribers = Subscribers[Request]()
        self._payload_subscribers = Subscribers[GatewayPayload]()
        self.payloads: deque[GatewayPayload] = deque(maxlen=keep)
        self.identifies: list[Identify] = []
        self.resumes: list[GatewayPayload] = []
        self.dispatched: Counter[str] = Counter()

    def record(self, request: Request) -> None:
        """Record a request."""
        self._store(request)
        self._counts[request.method, request.route, request.status] += 1
        self._subscribers.tell(request)

    def _store(self, request: Request) -> None:
        try:
            size = len(orjson.dumps((request.body, request.result)))
        except orjson.JSONEncodeError:  # of unknown size
            request, size = replace(request, body=None, result=None), 0
        self._requests.append((request, size))
        self._kept_bytes += size
        while len(self._requests) > self._keep or self._kept_bytes > self._keep_bytes:
            self._kept_bytes -= self._requests.popleft()[1]

    def subscribe(self, listener: Callable[[Request], None]) -> Callable[[], None]:
        """Call `listener` with each request, before its response is sent, until the returned function is called."""
        return self._subscribers.add(listener)

    def record_payload(self, payload: GatewayPayload) -> None:
        """Record a gateway payload."""
        self.payloads.append(payload)
        self._payload_subscribers.tell(payload)

    def subscribe_payloads(self, listener: Callable[[GatewayPayload], None]) -> Callable[[], None]:
        """Call `listener` with each gateway payload of a client, until the returned function is called."""
        return self._payload_subscribers.add(listener)

    def requests(
        self, *, method: str | None = None, route: str | None = None, status: int | None = None
    ) -> list[Request]:
        """Return the stored requests that match all arguments, oldest first."""
        return [
            request
            for request, _ in self._requests
            if (method is None or request.method == method)
            and (route is None or request.route == route)
            and (status is None or request.status == status)
        ]

    def count(self, *, method: str | None = None, route: str | None = None, status: int | None = None) -> int:
        """Return the number of all requests so far that match all arguments."""
        return sum(
            count
            for (its_method, its_route, its_status), count in self._counts.items()
            if (method is None or its_method == method)
            and (route is None or its_route == route)
            and (status is None or its_status == status)
        )

    def ops(self, op: int) -> list[GatewayPayload]:
        """Return the stored gateway payloads with this opcode, oldest first."""
        return [payload for payload in self.payloads if payload.op == op]
